package io.switchback.worker.rate;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.switchback.port.Queues;
import io.temporal.api.worker.v1.WorkerHeartbeat;
import io.temporal.api.worker.v1.WorkerListInfo;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkerRequest;
import io.temporal.api.workflowservice.v1.ListWorkersRequest;
import io.temporal.api.workflowservice.v1.ListWorkersResponse;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * By the heartbeats that every worker sends to Temporal. They tell more than the list of a queue's
 * pollers, which names only those of one partition, and names a worker for minutes after its end.
 */
public final class TemporalSiteWorkers implements SiteWorkers {
  private final WorkflowServiceStubs service;
  private final String namespace;

  public TemporalSiteWorkers(WorkflowClient client) {
    this.service = client.getWorkflowServiceStubs();
    this.namespace = client.getOptions().getNamespace();
  }

  @Override
  public boolean isTold() {
    return service
        .blockingStub()
        .describeNamespace(DescribeNamespaceRequest.newBuilder().setNamespace(namespace).build())
        .getNamespaceInfo()
        .getCapabilities()
        .getWorkerHeartbeats();
  }

  @Override
  public Map<String, String> heard(String site) {
    Map<String, String> heard = new HashMap<>();
    ListWorkersRequest.Builder page =
        ListWorkersRequest.newBuilder()
            .setNamespace(namespace)
            .setQuery("TaskQueue = '%s'".formatted(Queues.site(site)));
    ListWorkersResponse answer;
    do {
      answer = service.blockingStub().listWorkers(page.build());
      for (WorkerListInfo worker : answer.getWorkersList()) {
        describe(worker.getWorkerInstanceKey())
            .ifPresent(beat -> heard.put(beat.getWorkerIdentity(), mark(beat)));
      }
      page.setNextPageToken(answer.getNextPageToken());
    } while (!answer.getNextPageToken().isEmpty());
    return heard;
  }

  /** Empty if it has just been forgotten. */
  private Optional<WorkerHeartbeat> describe(String instance) {
    try {
      return Optional.of(
          service
              .blockingStub()
              .describeWorker(
                  DescribeWorkerRequest.newBuilder()
                      .setNamespace(namespace)
                      .setWorkerInstanceKey(instance)
                      .build())
              .getWorkerInfo()
              .getWorkerHeartbeat());
    } catch (StatusRuntimeException failed) {
      if (failed.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return Optional.empty();
      }
      throw failed;
    }
  }

  private static String mark(WorkerHeartbeat beat) {
    return beat.getWorkerInstanceKey() + " " + beat.getHeartbeatTime();
  }
}
