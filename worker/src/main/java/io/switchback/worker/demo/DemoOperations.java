package io.switchback.worker.demo;

import io.switchback.operation.OperationResult;
import io.switchback.port.Payloads;
import io.switchback.worker.run.CommandWords;
import io.switchback.worker.run.RunFollower;
import io.switchback.worker.run.RunRequest;
import io.switchback.worker.run.RunStarter;
import io.switchback.worker.run.StartableOperation;
import io.switchback.worker.run.StartedRun;
import io.switchback.worker.run.TemporalConnection;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Starts operations as {@code switchback start --wait} does. */
final class DemoOperations implements Demo.Operations {
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
    return new RunFollower(connection.client(), new CommandWords(List.of()), narrator::detail)
        .follow(run);
  }
}
