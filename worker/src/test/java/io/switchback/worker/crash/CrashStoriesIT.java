package io.switchback.worker.crash;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@link CrashIT} shows, for the operations with VMs of their own; in an estate of its own, so
 * that the two run beside each other.
 */
@Tag("process")
@Order(Integer.MAX_VALUE) // Of two threads one begins at the end.
@DisabledIfSystemProperty(named = "crash.matrix", matches = ".+", disabledReason = "in CrashIT")
@DisabledIfSystemProperty(named = "crash.points", matches = ".+", disabledReason = "in CrashIT")
class CrashStoriesIT {
  @TempDir static Path directory;
  private static CrashEstate estate;

  @BeforeAll
  static void start() throws Exception {
    estate = new CrashEstate(directory);
  }

  @AfterAll
  static void end() throws Exception {
    if (estate != null) {
      estate.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> aWorkerThatIsLostAfterAnEffectChangesNothing() {
    return CrashIT.inStories(
        CrashPoint.ALL.stream().filter(point -> !point.inFullOnly()).toList(), estate);
  }
}
