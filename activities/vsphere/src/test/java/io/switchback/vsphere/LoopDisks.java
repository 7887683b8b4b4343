package io.switchback.vsphere;

import io.switchback.delta.Requires;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A test fixture: block devices over flat files, as the kernel makes them. */
final class LoopDisks {
  private static final String DEVICE = "/dev/loop";

  private LoopDisks() {}

  /** A device whose bytes are those of the file. */
  static Path over(Path file) throws IOException {
    Requires.root();
    return Path.of(losetup("--find", "--show", file.toString()));
  }

  /** Takes the device away; anything else stays. */
  static void detach(Path device) throws IOException {
    if (device.toString().startsWith(DEVICE)) {
      var _ = losetup("--detach", device.toString());
    }
  }

  private static String losetup(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Requires.tool("losetup").toString());
    command.addAll(List.of(arguments));
    try {
      Requires.Ended ended = Requires.run(command);
      if (ended.exitCode() != 0) {
        throw new IOException(ended.printed());
      }
      return ended.printed().strip();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
