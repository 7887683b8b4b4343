package io.switchback.operation;

import io.temporal.workflow.Workflow;
import java.time.Instant;

/** The time as a run knows it: the same when the run is replayed. */
final class RunClock {
  private RunClock() {}

  static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }
}
