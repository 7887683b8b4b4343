package io.switchback.worker;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeWorkerDeploymentRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkerDeploymentResponse;
import io.temporal.api.workflowservice.v1.ListWorkerDeploymentsRequest;
import io.temporal.api.workflowservice.v1.SetWorkerDeploymentCurrentVersionRequest;
import io.temporal.common.VersioningBehavior;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.worker.WorkerDeploymentOptions;

/**
 * Which build serves which run: operations are pinned to the build that they began with, loops move
 * on when they continue as new. Only the queue of the operations is versioned; site workers run
 * activities, whose records stay compatible.
 */
final class Deployment {
  private static final String NAME = "switchback";

  private final WorkflowServiceStubs service;
  private final String namespace;

  Deployment(WorkflowServiceStubs service, String namespace) {
    this.service = service;
    this.namespace = namespace;
  }

  /** Whether this Temporal knows worker deployments; the in-process test server does not. */
  boolean isSupported() {
    try {
      service
          .blockingStub()
          .listWorkerDeployments(
              ListWorkerDeploymentsRequest.newBuilder()
                  .setNamespace(namespace)
                  .setPageSize(1)
                  .build());
      return true;
    } catch (StatusRuntimeException failure) {
      if (failure.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return false;
      }
      throw failure;
    }
  }

  static WorkerDeploymentOptions options() {
    return WorkerDeploymentOptions.newBuilder()
        .setVersion(new WorkerDeploymentVersion(NAME, Build.id()))
        .setUseVersioning(true)
        .setDefaultVersioningBehavior(VersioningBehavior.PINNED)
        .build();
  }

  /**
   * Sends new runs to this build when none is current yet, or {@code evenIfAnotherIs}. Answers
   * whether this build is current.
   *
   * @throws StatusRuntimeException NOT_FOUND while Temporal has not yet seen this worker poll
   */
  boolean makeCurrent(boolean evenIfAnotherIs) {
    DescribeWorkerDeploymentResponse deployment =
        service
            .blockingStub()
            .describeWorkerDeployment(
                DescribeWorkerDeploymentRequest.newBuilder()
                    .setNamespace(namespace)
                    .setDeploymentName(NAME)
                    .build());
    String current =
        deployment
            .getWorkerDeploymentInfo()
            .getRoutingConfig()
            .getCurrentDeploymentVersion()
            .getBuildId();
    if (current.equals(Build.id())) {
      return true;
    }
    if (!current.isEmpty() && !evenIfAnotherIs) {
      return false;
    }
    service
        .blockingStub()
        .setWorkerDeploymentCurrentVersion(
            SetWorkerDeploymentCurrentVersionRequest.newBuilder()
                .setNamespace(namespace)
                .setDeploymentName(NAME)
                .setBuildId(Build.id())
                .setConflictToken(deployment.getConflictToken())
                .setIgnoreMissingTaskQueues(true)
                .build());
    return true;
  }
}
