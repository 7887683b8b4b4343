package io.switchback.worker.run;

import static java.util.stream.Collectors.joining;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.switchback.port.Queues;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.util.List;

/** Starts operations. */
public final class RunStarter {
  private static final int MOST_NAMES = 8;

  private final WorkflowClient client;

  public RunStarter(WorkflowClient client) {
    this.client = client;
  }

  /**
   * Starts the run. If one was started with the same operation id, answers that one and starts
   * nothing.
   *
   * @throws Refusal if Temporal does not take it
   */
  public StartedRun start(RunRequest request) {
    WorkflowStub run =
        client.newUntypedWorkflowStub(
            request.operation().type(),
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.SWITCHBACK)
                .setWorkflowId(request.workflowId())
                .setWorkflowIdReusePolicy(
                    WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .setStaticSummary(summary(request))
                .build());
    try {
      return started(request, run.start(request.input()), false);
    } catch (WorkflowExecutionAlreadyStarted earlier) {
      return started(request, earlier.getExecution(), true);
    } catch (WorkflowServiceException | StatusRuntimeException failure) {
      throw new Refusal(
          ExitCode.UNREACHABLE,
          "Could not start the run: %s. Whether it was started is not known: run the command again with \"operationId\":\"%s\" in the input, which starts it at most once."
              .formatted(TemporalFailures.sentence(failure), request.operationId()),
          failure);
    }
  }

  /**
   * Whether a worker has polled the queue of the operations lately; true where this Temporal cannot
   * tell. Temporal forgets a worker that ended only after minutes.
   */
  public boolean isServed() {
    try {
      return client
              .getWorkflowServiceStubs()
              .blockingStub()
              .describeTaskQueue(
                  DescribeTaskQueueRequest.newBuilder()
                      .setNamespace(client.getOptions().getNamespace())
                      .setTaskQueue(TaskQueue.newBuilder().setName(Queues.SWITCHBACK))
                      .setTaskQueueType(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
                      .build())
              .getPollersCount()
          > 0;
    } catch (StatusRuntimeException failure) {
      if (failure.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return true;
      }
      throw failure;
    }
  }

  private static StartedRun started(RunRequest request, WorkflowExecution run, boolean already) {
    return new StartedRun(
        request.operation(), request.operationId(), run.getWorkflowId(), run.getRunId(), already);
  }

  private static String summary(RunRequest request) {
    List<String> all = request.operation().subjects(request.input());
    String names = all.stream().limit(MOST_NAMES).collect(joining(", "));
    int more = all.size() - MOST_NAMES;
    // The Temporal UI reads the summary as markdown.
    return (request.operation().operation().words()
            + " "
            + names
            + (more > 0 ? " and " + more + " more" : ""))
        .replaceAll("[<>|\\\\`*_\\[\\]]", "\\\\$0");
  }
}
