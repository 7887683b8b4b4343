package io.switchback.worker.local;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where things are kept that can be made again: binaries built, downloaded or unpacked.
 *
 * @param base {@code ${XDG_CACHE_HOME:-~/.cache}}
 */
public record Cache(Path base) {
  public Cache {
    base = base.toAbsolutePath().normalize();
  }

  public static Cache of(Map<String, String> environment) {
    String base = environment.get("XDG_CACHE_HOME");
    return new Cache(
        base != null && !base.isBlank()
            ? Path.of(base)
            : Path.of(System.getProperty("user.home"), ".cache"));
  }

  /** Ours within the base. */
  public Path directory() {
    return base.resolve("switchback");
  }
}
