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
 * Behind it is the flat file, not a device.
 */
final class ShownDisks {
  private final Path folder;

  ShownDisks(Path folder) {
    this.folder = folder;
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
      for (Path shown : shown()) {
        if (!wanted.containsKey(shown)) {
          Files.delete(shown);
        }
      }
      for (Map.Entry<Path, Path> one : wanted.entrySet()) {
        if (!Files.isSymbolicLink(one.getKey())) {
          Files.createSymbolicLink(one.getKey(), one.getValue());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Path> shown() throws IOException {
    try (Stream<Path> links = Files.list(folder)) {
      return links.toList();
    }
  }
}
