package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DatastoreOutlook;
import io.switchback.model.Drift;
import io.switchback.model.Failback;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.FailbackActivities.DescribeFailback;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.RoomActivities.MeasureRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.SnapshotActivities.ListSnapshots;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import io.switchback.port.WatchActivities.Expect;
import io.switchback.port.WatchActivities.Expected;
import io.switchback.port.WatchActivities.Outlook;
import io.switchback.port.WatchActivities.RecordRoom;
import io.switchback.port.WatchActivities.RecordSighting;
import io.switchback.port.WatchActivities.Sighted;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks, at every turn of a replica's loop, whether the estate is as Switchback left it, and
 * whether the recovery site has room. What is found is kept in the registry, which begins no cycle
 * that would overwrite what a person has done; people are told once.
 *
 * <p>A look that cannot be made is made at the next turn: nothing here holds the loop up.
 */
final class ReplicaWatch {
  private final String replicaId;
  private final String vm;
  private final Ports ports;

  ReplicaWatch(String replicaId, String vm, Ports ports) {
    this.replicaId = replicaId;
    this.vm = vm;
    this.ports = ports;
  }

  /**
   * Looks once. A site that does not answer is left for the next time: a cycle would not get far
   * without it.
   *
   * @return false when the registry did not answer: nobody knows then whether a cycle would write
   *     over what somebody did to the replica by hand
   */
  boolean look() {
    try {
      Expected expected = ports.watch().expect(new Expect(replicaId, "")).expected();
      if (expected != null) {
        lookFor(expected);
        if (expected.roomDue()) {
          unlessAway(() -> measureRoom(expected.replica().recovery().site()));
        }
      }
      return true;
    } catch (ActivityFailure failure) {
      tellAway(failure);
      // A replica that is not protected any more is found out by the cycle.
      return Failures.toFault(failure).fault() == Fault.REFUSED;
    }
  }

  private void lookFor(Expected expected) {
    Found found = orAway(() -> see(ports, expected));
    if (found == null) {
      return;
    }
    String id = Workflow.randomUUID().toString();
    Sighted sighted =
        ports
            .watch()
            .recordSighting(
                new RecordSighting(
                    id,
                    replicaId,
                    expected.epoch(),
                    expected.cycle(),
                    found.drift(),
                    found.productionOff(),
                    RunClock.now()));
    for (Drift drift : sighted.fresh()) {
      tell(
          id + "/" + drift.kind() + "/" + drift.subject(),
          "drift",
          drift.kind().name(),
          drift.sentence(),
          Drifts.answers(drift.kind(), expected.state(), vm));
    }
  }

  /**
   * How the replica is found. Production is asked only while the replica serves in its place, and
   * may be gone.
   *
   * @throws ActivityFailure when the recovery site cannot be asked
   */
  static Found see(Ports ports, Expected expected) {
    Replica replica = expected.replica();
    String site = replica.recovery().site();
    VmStatus status =
        orGone(
            () ->
                ports
                    .vmsIfReachable(site, "How is the replica of " + replica.name() + " found?")
                    .lookAtVm(new LookAtVm(replica.recovery())));
    Snapshots snapshots =
        status == null
            ? null
            : orGone(
                () ->
                    ports
                        .snapshotsIfReachable(
                            site, "Are the restore points of " + replica.name() + " there?")
                        .listSnapshots(new ListSnapshots(replica.recovery())));
    VmStatus production =
        Drifts.serves(expected.state()) ? ifReachable(ports, replica.production()) : null;
    List<Drift> drift = new ArrayList<>(Drifts.of(expected, status, snapshots, production));
    if (expected.state() == ReplicaState.READY_TO_SWITCH) {
      lookAtTarget(ports, expected, production, drift);
    }
    return new Found(
        drift,
        production != null && (production.power() != PowerState.ON || !production.connected()));
  }

  /** What waits for its switch must be off, at whatever address and on whatever network. */
  private static void lookAtTarget(
      Ports ports, Expected expected, @Nullable VmStatus production, List<Drift> drift) {
    Replica replica = expected.replica();
    Failback open =
        ports
            .failbacks("What does " + replica.name() + " go back to?")
            .describeFailback(new DescribeFailback(replica.id()))
            .failback();
    if (open == null) {
      return;
    }
    boolean isProduction = open.target().id().equals(replica.production().id());
    VmStatus target = isProduction ? production : ifReachable(ports, open.target());
    if (target == null || target.power() == PowerState.OFF) {
      return;
    }
    Drift runs = Drifts.targetRuns(expected, target);
    drift.removeIf(known -> known.kind() == runs.kind() && known.subject().equals(runs.subject()));
    drift.add(runs);
  }

  /** What was found. */
  record Found(List<Drift> drift, boolean productionOff) {}

  private static <T> @Nullable T orGone(Supplier<T> look) {
    try {
      return look.get();
    } catch (ActivityFailure failure) {
      if (Failures.toFault(failure).fault() == Fault.VM_NOT_FOUND) {
        return null;
      }
      throw failure;
    }
  }

  private static @Nullable VmStatus ifReachable(Ports ports, VmRef production) {
    try {
      return ports
          .vmsIfReachable(production.site(), "Has " + production.name() + " woken up?")
          .lookAtVm(new LookAtVm(production));
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      return null;
    }
  }

  private void measureRoom(String site) {
    Room room =
        ports
            .rooms(site, "How much room has site " + site + "?")
            .measureRoom(new MeasureRoom(site, List.of()));
    String id = Workflow.randomUUID().toString();
    Outlook outlook = ports.watch().recordRoom(new RecordRoom(id, room));
    for (DatastoreOutlook urgent : outlook.urgent()) {
      tell(
          id + "/" + urgent.datastore(),
          "room",
          Fault.DATASTORE_FULL.name(),
          Sentences.of(urgent),
          List.of());
    }
  }

  private void tell(String id, String step, String fault, String message, List<String> answers) {
    WorkflowInfo run = Workflow.getInfo();
    unlessAway(
        () -> {
          var _ =
              ports
                  .notify("Call somebody: " + step + " of " + vm)
                  .page(
                      new Notice(
                          id,
                          "watch",
                          run.getWorkflowId(),
                          run.getRunId(),
                          vm,
                          step,
                          fault,
                          message,
                          answers));
        });
  }

  private void unlessAway(Runnable act) {
    var _ =
        orAway(
            () -> {
              act.run();
              return true;
            });
  }

  private <T> @Nullable T orAway(Supplier<T> act) {
    try {
      return act.get();
    } catch (ActivityFailure failure) {
      tellAway(failure);
      return null;
    }
  }

  private void tellAway(ActivityFailure failure) {
    Cancellation.rethrow(failure);
    Workflow.getLogger(ReplicaWatch.class)
        .info("looks again later, vm={}: {}", vm, Failures.toFault(failure).sentence());
  }
}
