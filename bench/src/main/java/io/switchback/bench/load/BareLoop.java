package io.switchback.bench.load;

import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** A replication loop without the replication: the same activities in the same order do nothing. */
@WorkflowInterface
public interface BareLoop {
  /** Name of the update that asks for a cycle. */
  String CYCLE_NOW = "cycleNow";

  /** Before the name of a queue, so that no real worker serves it. */
  String QUEUE_PREFIX = "bare.";

  /** Runs cycles of that shape whenever one is asked for, until it is terminated. */
  @WorkflowMethod(name = "BareLoop")
  void run(CycleShape shape);

  /** Runs a cycle now; answers how many there have been. */
  @UpdateMethod(name = CYCLE_NOW)
  int cycleNow();
}
