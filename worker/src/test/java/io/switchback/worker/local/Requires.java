package io.switchback.worker.local;

import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine. Where it is missing the test is skipped with a sentence that
 * names it; with {@code CI=true} that is a failure, because there a skip would look like a pass.
 */
public final class Requires {
  private Requires() {}

  /** The program called {@code name} on the PATH. */
  public static Path tool(String name) {
    return Executables.onPath(name, System.getenv("PATH"))
        .orElseGet(() -> missing("'%s' is not on the PATH".formatted(name)));
  }

  /** A Temporal CLI: of the cache or on the PATH. */
  public static Path temporal() {
    return new TemporalBinary(System.getenv(), _ -> {})
        .find()
        .orElseGet(
            () ->
                missing(
                    "there is no Temporal CLI; docker/lab/install or `switchback temporal install` makes one"));
  }

  private static Path missing(String sentence) {
    if ("true".equals(System.getenv("CI"))) {
      return Assertions.fail("This test cannot run: " + sentence + ".");
    }
    Assumptions.abort("Skipped: " + sentence + ".");
    throw new IllegalStateException("not reached");
  }
}
