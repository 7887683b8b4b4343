package io.switchback.worker.local;

import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.Optional;

/** Asks a Temporal server whether it serves. */
public final class TemporalProbe {
  /** The namespace that a dev server makes. */
  public static final String DEFAULT_NAMESPACE = "default";

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(3);
  private static final int DEFAULT_PORT = 7233;

  private TemporalProbe() {}

  /** Whether the server at {@code address} serves {@code namespace} now. */
  public static boolean serves(String address, String namespace) {
    return problem(address, namespace).isEmpty();
  }

  /** Why the server at {@code address} does not serve {@code namespace} now; empty if it does. */
  public static Optional<String> problem(String address, String namespace) {
    HostPort target = HostPort.parse(address, DEFAULT_PORT);
    // Without this a channel to a closed port goes into back-off and answers late once the port
    // opens.
    if (!Ports.answers(target.host(), target.port())) {
      return Optional.of("nothing answers at " + target);
    }
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(target.toString())
                .setRpcTimeout(ANSWER_LIMIT)
                .build());
    try {
      var _ =
          stubs
              .blockingStub()
              .withDeadlineAfter(
                  ANSWER_LIMIT.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
              .describeNamespace(
                  DescribeNamespaceRequest.newBuilder().setNamespace(namespace).build());
      return Optional.empty();
    } catch (RuntimeException failure) {
      return Optional.of(Failures.sentence(failure));
    } finally {
      stubs.shutdownNow();
    }
  }
}
