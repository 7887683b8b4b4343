package io.switchback.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.VmRef;
import io.switchback.port.Payloads;
import io.switchback.port.TransferActivities.Progress;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class RunningTransfersTest {
  private static final VmRef REPLICA = new VmRef("munich", "r-web", "web");
  private static final VmRef OTHER = new VmRef("munich", "r-db", "db");

  @AutoClose
  private final TestWorkflowEnvironment environment =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowClientOptions(
                  WorkflowClientOptions.newBuilder().setDataConverter(Payloads.converter()).build())
              .build());

  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  @Test
  void whatATransferToldLastIsReadFromItsHeartbeat() throws Exception {
    Progress progress = new Progress(REPLICA, "disk-0", 10, 5, 20, 42.5, 118L << 20, 180L);
    Worker worker = environment.newWorker("q");
    worker.registerWorkflowImplementationTypes(LoopOfOneTransfer.class);
    worker.registerActivitiesImplementations(
        (Transfer)
            () -> {
              Activity.getExecutionContext().heartbeat("copy disk 'disk-0'");
              Activity.getExecutionContext().heartbeat(progress);
              told.countDown();
              try {
                assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });
    environment.start();
    RunningTransfers transfers = new RunningTransfers(environment.getWorkflowClient());
    assertThat(transfers.of("replication/web", REPLICA)).as("no such loop").isEmpty();
    Loop loop =
        environment
            .getWorkflowClient()
            .newWorkflowStub(
                Loop.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue("q")
                    .setWorkflowId("replication/web")
                    .build());
    WorkflowClient.start(loop::run);
    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();

    List<Progress> found = transfers.of("replication/web", REPLICA);
    while (found.isEmpty()) {
      // The client passes heartbeats on in its own time.
      Thread.onSpinWait();
      found = transfers.of("replication/web", REPLICA);
    }

    assertThat(found).containsExactly(progress);
    assertThat(transfers.of("replication/web", OTHER)).isEmpty();
    ended.countDown();
  }

  /** Heartbeats as a transfer does. */
  @ActivityInterface
  public interface Transfer {
    void transferDisk();
  }

  /** Waits for transfers. */
  @WorkflowInterface
  public interface Loop {
    @WorkflowMethod
    void run();
  }

  /** Waits for one transfer. */
  public static final class LoopOfOneTransfer implements Loop {
    @Override
    public void run() {
      Workflow.newActivityStub(
              Transfer.class,
              ActivityOptions.newBuilder()
                  .setStartToCloseTimeout(Duration.ofMinutes(1))
                  .setHeartbeatTimeout(Duration.ofSeconds(1))
                  .build())
          .transferDisk();
    }
  }
}
