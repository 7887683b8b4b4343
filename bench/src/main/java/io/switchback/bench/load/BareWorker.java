package io.switchback.bench.load;

import io.switchback.port.Payloads;
import io.temporal.activity.DynamicActivity;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.converter.EncodedValues;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.util.concurrent.CountDownLatch;

/** Serves {@link BareLoop} with the options of the real worker and activities that do nothing. */
public final class BareWorker {
  private BareWorker() {}

  /**
   * Polls until the process is ended.
   *
   * @param arguments Temporal's address, then the queues
   */
  public static void main(String[] arguments) throws InterruptedException {
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(arguments[0]).build());
    WorkflowClient client =
        WorkflowClient.newInstance(
            stubs,
            WorkflowClientOptions.newBuilder().setDataConverter(Payloads.converter()).build());
    WorkerFactory factory =
        WorkerFactory.newInstance(
            client, WorkerFactoryOptions.newBuilder().setUsingVirtualWorkflowThreads(true).build());
    for (int i = 1; i < arguments.length; i++) {
      Worker worker =
          factory.newWorker(
              arguments[i],
              WorkerOptions.newBuilder()
                  .setUsingVirtualThreads(true)
                  .setDefaultDeadlockDetectionTimeout(5000)
                  .build());
      worker.registerWorkflowImplementationTypes(BareLoopWorkflow.class);
      worker.registerActivitiesImplementations(new Nothing());
    }
    factory.start();
    new CountDownLatch(1).await();
  }

  /** Any activity: its answer is as long as its second argument says. */
  private static final class Nothing implements DynamicActivity {
    @Override
    public Object execute(EncodedValues arguments) {
      return " ".repeat(arguments.get(1, Integer.class));
    }
  }
}
