package io.switchback.vsphere;

import io.switchback.delta.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The programs of the proof, as {@code docker/lab/install} makes them. */
final class Tools {
  private Tools() {}

  /** The simulated vCenter. */
  static Path vcsim() {
    return installed("vcsim");
  }

  /** The folder of the judge's Python client. */
  static Path judge() {
    return installed("judge");
  }

  /** The source tree's folder {@code docker/lab}. */
  static Path lab() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isExecutable(folder.resolve("docker/lab/install"))) {
      folder = folder.getParent();
    }
    return folder == null
        ? Requires.missing("docker/lab/install is not above the working directory")
        : folder.resolve("docker/lab");
  }

  private static Path installed(String what) {
    String install = lab().resolve("install").toString();
    try {
      Requires.Ended said = Requires.run(List.of(install, what, "--path"));
      Path path = Path.of(said.printed());
      return said.exitCode() == 0 && Files.exists(path)
          ? path
          : Requires.missing("`docker/lab/install %s` has not run yet".formatted(what));
    } catch (IOException e) {
      return Requires.missing("%s cannot be run: %s".formatted(install, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
