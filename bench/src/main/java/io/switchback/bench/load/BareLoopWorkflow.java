package io.switchback.bench.load;

import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** Built like the real loop, with the real one's time limits. */
public final class BareLoopWorkflow implements BareLoop {
  private int asked;
  private int answered;

  @Override
  public void run(CycleShape shape) {
    while (true) {
      Workflow.await(() -> asked > answered);
      int serving = asked;
      shape.steps().forEach(BareLoopWorkflow::take);
      answered = serving;
      if (shape.timerMillis() > 0) {
        var _ =
            Workflow.newTimer(
                Duration.ofMillis(shape.timerMillis()),
                TimerOptions.newBuilder().setSummary("until the next cycle").build());
      }
    }
  }

  @Override
  public int cycleNow() {
    int mine = ++asked;
    Workflow.await(() -> answered >= mine);
    return answered;
  }

  private static void take(CycleShape.Step step) {
    var _ =
        Workflow.newUntypedActivityStub(
                ActivityOptions.newBuilder()
                    .setTaskQueue(QUEUE_PREFIX + step.queue())
                    .setSummary(step.type() + " of a VM")
                    .setScheduleToStartTimeout(Duration.ofMinutes(5))
                    .setStartToCloseTimeout(Duration.ofMinutes(30))
                    .setHeartbeatTimeout(Duration.ofSeconds(10))
                    .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                    .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(5).build())
                    .build())
            .execute(step.type(), String.class, " ".repeat(step.inputBytes()), step.resultBytes());
  }
}
