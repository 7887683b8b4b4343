package io.switchback.worker.demo;

import io.switchback.operation.OperationResult;
import io.switchback.port.Payloads;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.CommandWords;
import io.switchback.worker.run.RunFollower;
import io.switchback.worker.run.RunRequest;
import io.switchback.worker.run.RunStarter;
import io.switchback.worker.run.StartableOperation;
import io.switchback.worker.run.StartedRun;
import io.switchback.worker.run.TemporalConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.node.ObjectNode;

/** Starts operations as {@code switchback start --wait} does. */
final class DemoOperations implements Demo.Operations {
  /** Nobody may be there to answer a parked VM: the demo ends all the same. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final TemporalConnection connection;
  private final Narrator narrator;

  DemoOperations(TemporalConnection connection, Narrator narrator) {
    this.connection = connection;
    this.narrator = narrator;
  }

  @Override
  public OperationResult conduct(String type, String input) {
    RunRequest request =
        RunRequest.of(
            StartableOperation.named(type), (ObjectNode) Payloads.mapper().readTree(input), "demo");
    StartedRun run = new RunStarter(connection.client()).start(request);
    run.link(connection.address()).ifPresent(link -> narrator.detail("see it at " + link));
    RunFollower follower =
        new RunFollower(connection.client(), new CommandWords(List.of()), narrator::detail);
    try {
      return CompletableFuture.supplyAsync(() -> follower.follow(run))
          .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw Refusal.failed(
          "The run '%s' has not ended within %d s; see above what it waits for."
              .formatted(run.workflowId(), LIMIT.toSeconds()));
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Refusal.failed("Interrupted while the demo ran.");
    }
  }
}
