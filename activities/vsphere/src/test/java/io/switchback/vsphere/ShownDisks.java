package io.switchback.vsphere;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/**
 * A test fixture: how the system of a transfer appliance shows the disks that it has, which no
 * simulated VM does: a link for each, named after its uuid, which goes when the disk is detached.
 * Behind it is the flat file, or, where a test says so, a block device over that.
 */
final class ShownDisks {
  private final Path folder;
  private final boolean areDevices;

  ShownDisks(Path folder, boolean areDevices) {
    this.folder = folder;
    this.areDevices = areDevices;
  }

  /** Shows nothing any more. */
  static void clear(Path folder) throws IOException {
    for (Path link : shown(folder)) {
      hide(link);
    }
  }

  private static void hide(Path link) throws IOException {
    Path behind = Files.readSymbolicLink(link);
    Files.delete(link);
    LoopDisks.detach(behind);
  }

  /** Shows what the VM has now, and nothing else. */
  synchronized void follow(Message devices, Function<String, Path> bytes) {
    Map<Path, Path> wanted = new HashMap<>();
    for (Element device : Message.all(devices.content(), "VirtualDevice")) {
      if (Message.type(device).equals("VirtualDisk")) {
        Element backing = Message.child(device, "backing").orElseThrow();
        String uuid = Message.text(backing, "uuid").replace("-", "").replace(" ", "");
        wanted.put(
            folder.resolve("wwn-0x" + uuid.toLowerCase(java.util.Locale.ROOT)),
            bytes.apply(Message.text(backing, "fileName")));
      }
    }
    try {
      for (Path shown : shown(folder)) {
        if (!wanted.containsKey(shown)) {
          hide(shown);
        }
      }
      for (Map.Entry<Path, Path> one : wanted.entrySet()) {
        if (!Files.isSymbolicLink(one.getKey())) {
          Path file = one.getValue();
          Files.createSymbolicLink(one.getKey(), areDevices ? LoopDisks.over(file) : file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> shown(Path folder) throws IOException {
    try (Stream<Path> links = Files.list(folder)) {
      return links.toList();
    }
  }
}
