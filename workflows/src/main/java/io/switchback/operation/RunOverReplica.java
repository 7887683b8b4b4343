package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.port.TransferActivities.Progress;
import org.jspecify.annotations.Nullable;

/**
 * What every run over one replica is: steps, made of the replica's verbs, that can be watched and
 * answered. The workflow of an operation adds its type's name and its steps.
 */
abstract class RunOverReplica implements ReplicaSteering {
  final ReplicaOperation replica;
  final ReplicaVm vm;
  final ReplicaNetworks networks;
  final ReplicaPreflight preflight;
  final ReplicaWindow window;

  RunOverReplica(Operation operation, ReplicaRequest request) {
    replica = new ReplicaOperation(operation, request);
    vm = replica.vm();
    networks = replica.networks();
    preflight = replica.preflight();
    window = replica.window();
  }

  @Override
  public final ReplicaStatus status() {
    return replica.status();
  }

  @Override
  public final String answer(@Nullable Answer answer) {
    return replica.answer(answer);
  }

  @Override
  public final void validateAnswer(@Nullable Answer answer) {
    replica.steps().validate(answer);
  }

  /** As {@link HearsProgress} has it, for those whose steps are transfers. */
  public final void progressed(Progress news) {
    replica.progressed(news);
  }

  @Override
  public final void takeAnswer(Answer answer) {
    replica.steps().take(answer);
  }
}
