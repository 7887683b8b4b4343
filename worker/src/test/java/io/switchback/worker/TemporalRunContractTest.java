package io.switchback.worker;

import io.switchback.port.RunActivities;
import io.switchback.port.RunContract;
import io.switchback.port.RunFixture;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;

/** Temporal's own answers keep every promise of {@code RunActivities}. */
final class TemporalRunContractTest extends RunContract {
  @Override
  protected RunFixture open() {
    TestWorkflowEnvironment temporal = TestWorkflowEnvironment.newInstance();
    return new RunFixture() {
      @Override
      public RunActivities runs() {
        return new TemporalRunActivities(temporal.getWorkflowClient());
      }

      @Override
      public String start(String workflowId) {
        WorkflowStub run =
            temporal
                .getWorkflowClient()
                .newUntypedWorkflowStub(
                    "nobody-works-on-it",
                    WorkflowOptions.newBuilder()
                        .setWorkflowId(workflowId)
                        .setTaskQueue("nobody")
                        .build());
        return run.start().getRunId();
      }

      @Override
      public void terminate(String workflowId) {
        temporal.getWorkflowClient().newUntypedWorkflowStub(workflowId).terminate("test");
      }

      @Override
      public void close() {
        temporal.close();
      }
    };
  }
}
