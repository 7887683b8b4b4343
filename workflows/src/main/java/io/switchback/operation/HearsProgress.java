package io.switchback.operation;

import io.switchback.port.TransferActivities.Progress;
import io.temporal.workflow.SignalMethod;

/** What a run that waits for transfers hears of them. */
public interface HearsProgress {
  /** Shows how far a transfer is. Nothing depends on it. */
  @SignalMethod(
      name = Replication.PROGRESSED,
      description = "How far a transfer is; for people only")
  void progressed(Progress news);
}
