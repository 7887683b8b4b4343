package io.switchback.architecture.broken;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Breaks a rule. */
final class ReadsAFile {
  String read() throws IOException {
    return Files.readString(Path.of("runbook.yaml"));
  }
}
