package io.switchback.worker.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A Temporal that gives the task of a run to another worker when the first has not answered for 3
 * s, instead of 10: as by the heartbeats, a stopped worker is noticed sooner.
 */
final class ImpatientTemporal {
  private ImpatientTemporal() {}

  /** Makes a program in the directory that runs the CLI so. */
  static Path of(Path cli, Path directory) throws IOException {
    Path program = directory.resolve("temporal");
    Files.writeString(
        program,
        """
        #!/bin/sh
        exec '%s' "$@" --dynamic-config-value 'history.defaultWorkflowTaskTimeout="3s"'
        """
            .formatted(cli));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }
}
