package io.switchback.bench;

import io.switchback.lab.LabDaemon;
import io.switchback.lab.LabSettings;
import java.io.IOException;
import java.nio.file.Path;

/** The recovery site in a process of its own, as it is in use. Ends with its standard input. */
final class RecoverySite {
  private RecoverySite() {}

  public static void main(String[] arguments) throws IOException {
    try (LabDaemon daemon =
        LabDaemon.start(new LabSettings("recovery", Path.of(arguments[0]), 0))) {
      System.out.println(daemon.address());
      while (System.in.read() >= 0) {
        // Whoever started this process holds the other end, and its death closes it.
      }
    }
  }
}
