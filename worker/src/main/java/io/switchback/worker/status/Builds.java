package io.switchback.worker.status;

import io.grpc.StatusRuntimeException;
import io.switchback.operation.Attributes;
import io.switchback.operation.Replication;
import io.switchback.worker.status.EstateStatus.BuildStatus;
import io.temporal.api.workflow.v1.WorkflowExecutionVersioningInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkerDeploymentRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.common.SearchAttributeKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which builds of the worker must stay, because runs are pinned to them. */
final class Builds {
  private static final String DEPLOYMENT = "switchback";
  private static final SearchAttributeKey<String> VERSION =
      SearchAttributeKey.forKeyword("TemporalWorkerDeploymentVersion");

  private final WorkflowClient client;

  Builds(WorkflowClient client) {
    this.client = client;
  }

  /** The builds that {@code open} runs are pinned to; loops move on by themselves and pin none. */
  List<BuildStatus> pinned(List<WorkflowExecutionMetadata> open) {
    Map<String, List<WorkflowExecutionMetadata>> byBuild = new TreeMap<>();
    for (WorkflowExecutionMetadata run : open) {
      String build = of(run);
      if (!build.isEmpty() && !run.getWorkflowType().equals(Replication.TYPE)) {
        byBuild.computeIfAbsent(build, key -> new ArrayList<>()).add(run);
      }
    }
    String current = byBuild.isEmpty() ? "" : current();
    List<BuildStatus> builds = new ArrayList<>();
    byBuild.forEach(
        (build, runs) ->
            builds.add(
                new BuildStatus(
                    build,
                    runs.size(),
                    (int) runs.stream().filter(Builds::isParked).count(),
                    build.equals(current))));
    return builds;
  }

  /** The build that a run is pinned to; empty when it is pinned to none. */
  static String of(WorkflowExecutionMetadata run) {
    WorkflowExecutionVersioningInfo versioning = run.getWorkflowExecutionInfo().getVersioningInfo();
    String build = versioning.getDeploymentVersion().getBuildId();
    if (!build.isEmpty()) {
      return build;
    }
    // Visibility knows it as an attribute, <deployment>:<build>.
    String version = run.getTypedSearchAttributes().get(VERSION);
    if (version == null) {
      return "";
    }
    return version.startsWith(DEPLOYMENT + ":")
        ? version.substring(DEPLOYMENT.length() + 1)
        : version;
  }

  private static boolean isParked(WorkflowExecutionMetadata run) {
    return Boolean.TRUE.equals(run.getTypedSearchAttributes().get(Attributes.PARKED));
  }

  private String current() {
    try {
      return client
          .getWorkflowServiceStubs()
          .blockingStub()
          .describeWorkerDeployment(
              DescribeWorkerDeploymentRequest.newBuilder()
                  .setNamespace(client.getOptions().getNamespace())
                  .setDeploymentName(DEPLOYMENT)
                  .build())
          .getWorkerDeploymentInfo()
          .getRoutingConfig()
          .getCurrentDeploymentVersion()
          .getBuildId();
    } catch (StatusRuntimeException unversioned) {
      return "";
    }
  }
}
