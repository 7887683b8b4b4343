package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.operation.Steps.Told;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.CycleStart;
import io.switchback.port.CycleActivities.Question;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Replication cycles that an operation runs itself, each as one step, under its own claim and
 * fence, while the loop is on hold.
 */
final class OwnCycles {
  private final Replica replica;
  private final Ports ports;
  private final Steps steps;
  private final ReplicaOperation operation;
  private final ReplicationCycle cycle;
  private @Nullable Supplier<Mandate> mandates;
  private long questions;

  OwnCycles(ReplicaOperation operation, Replica replica) {
    this.operation = operation;
    this.replica = replica;
    this.ports = operation.ports();
    this.steps = operation.steps();
    this.cycle =
        new ReplicationCycle(
            replica.name(),
            ports,
            new LoopPager(ports, List.of()),
            this::show,
            () -> requireNonNull(mandates).get());
  }

  /** Replicates once; the answer is the restore point that was made. */
  RestorePoint replicate(StepKind kind) {
    RestorePoint made =
        steps.step(
            kind,
            mandate -> {
              mandates = steps.mandates(mandate);
              return cycle.runOrFail(begin(mandates.get()));
            },
            point ->
                new Told(
                    true, 0, point.id() + ", " + cycle.log().status().sentBytes() + " bytes sent"));
    String problem = cycle.log().problem();
    if (!problem.isEmpty()) {
      operation.note(problem);
    }
    return made;
  }

  private CyclePlan begin(Mandate mandate) {
    CycleStart start =
        ports
            .cycles("Begin a cycle of " + replica.name() + " of the operation's own")
            .beginCycle(
                new BeginCycle(
                    replica.id(),
                    "",
                    new Question(Workflow.getInfo().getRunId(), ++questions),
                    mandate));
    CyclePlan plan = start.plan();
    if (plan == null) {
      throw new FaultException(
          Fault.CHECK_FAILED,
          "Could not replicate '%s': %s. Mend that, then retry; or abort."
              .formatted(replica.name(), start.waitingFor()));
    }
    return plan;
  }

  private void show() {
    steps.at(cycle.log().words());
  }
}
