package io.switchback.worker.run;

import io.switchback.port.Payloads;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.TemporalAddress;
import io.switchback.worker.local.TemporalProbe;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.RpcRetryOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;

/**
 * A short-lived connection to Temporal. It is as patient as a person at a prompt: what does not
 * answer within seconds is reported.
 */
public final class TemporalConnection implements AutoCloseable {
  private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
  private static final Duration RETRY_LIMIT = Duration.ofSeconds(10);

  private final TemporalAddress address;
  private final WorkflowServiceStubs stubs;
  private final WorkflowClient client;

  private TemporalConnection(TemporalAddress address, WorkflowServiceStubs stubs) {
    this.address = address;
    this.stubs = stubs;
    this.client =
        WorkflowClient.newInstance(
            stubs,
            WorkflowClientOptions.newBuilder()
                .setNamespace(TemporalProbe.DEFAULT_NAMESPACE)
                .setDataConverter(Payloads.converter())
                .build());
  }

  /**
   * Connects.
   *
   * @throws Refusal if the server does not serve
   */
  public static TemporalConnection open(TemporalAddress address) {
    TemporalProbe.problem(address.address(), TemporalProbe.DEFAULT_NAMESPACE)
        .ifPresent(
            problem -> {
              throw Refusal.unreachable(
                  "Could not reach Temporal at %s: %s. Start it (`switchback temporal start`), or give the address of another with --temporal."
                      .formatted(address.address(), problem));
            });
    return new TemporalConnection(
        address,
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(address.address())
                .setRpcTimeout(CALL_LIMIT)
                .setRpcQueryTimeout(CALL_LIMIT)
                .setRpcRetryOptions(
                    RpcRetryOptions.newBuilder()
                        .setExpiration(RETRY_LIMIT)
                        .validateBuildWithDefaults())
                .build()));
  }

  public TemporalAddress address() {
    return address;
  }

  public WorkflowClient client() {
    return client;
  }

  /** Ends at once: nothing is left to wait for when a command has its answer. */
  @Override
  public void close() {
    stubs.shutdownNow();
  }
}
