package io.switchback.worker.crash;

import static io.switchback.worker.crash.CrashEstate.REPLICA;
import static io.switchback.worker.crash.CrashEstate.VM;

import io.switchback.worker.crash.Trap.Check;
import io.switchback.worker.crash.Trap.Lab;
import io.switchback.worker.crash.Trap.LabAfter;
import io.switchback.worker.crash.Trap.Registry;
import io.switchback.worker.crash.Trap.Temporal;
import java.util.List;

/**
 * An activity of an operation, and where it is caught.
 *
 * @param activity its type, as Temporal shows it
 * @param repeats whether another point has the same activity type
 */
record CrashPoint(String operation, String activity, Trap trap, boolean repeats) {
  private static final String FAILOVER = "PartialFailover";
  private static final String UNDO = "UndoFailover";
  private static final String CYCLE = "Replication";
  private static final Lab LOOK = new Lab("potsdam", "look", REPLICA);
  private static final Lab REVERT = new Lab("potsdam", "revert", REPLICA);
  private static final Lab POWER_ON = new Lab("potsdam", "powerOn", REPLICA);
  private static final Lab POWER_OFF = new Lab("potsdam", "powerOff", REPLICA);
  private static final Registry CLAIM = Registry.commitOf("insert into claim");
  private static final Registry MOVE = Registry.commitOf("and state <> ");
  private static final Registry DISMISS =
      Registry.commitOf("delete from admission_lease where site");
  private static final Registry RELEASE = Registry.commitOf("update claim set released_at");

  /**
   * Every activity of PartialFailover, UndoFailover and a replication cycle that changes something.
   */
  static final List<CrashPoint> ALL =
      List.of(
          first(FAILOVER, "Resolve", Registry.commitOf("select p.checks from replica")),
          first(FAILOVER, "Hello", new Lab("potsdam", "site", null)),
          first(FAILOVER, "RecordGreetings", Registry.commitOf("insert into greeting")),
          first(FAILOVER, "ClaimReplica", CLAIM),
          first(FAILOVER, "RecordAudit", Registry.commitOf("insert into audit")),
          first(FAILOVER, "HoldReplication", Registry.commitOf("insert into hold")),
          first(FAILOVER, "FenceOff", new Lab("potsdam", "fence", REPLICA)),
          first(FAILOVER, "LookAtVm", new Lab("berlin", "look", VM)),
          first(FAILOVER, "RevertToSnapshot", REVERT),
          first(FAILOVER, "Admit", Registry.commitOf("insert into admission_lease")),
          first(FAILOVER, "PowerOnVm", POWER_ON),
          first(FAILOVER, "MoveReplica", MOVE),
          first(FAILOVER, "AwaitGuest", new LabAfter(POWER_ON, LOOK)),
          first(FAILOVER, "Dismiss", DISMISS),
          first(FAILOVER, "OpenExtension", new LabAfter(DISMISS, LOOK)),
          first(FAILOVER, "VerifyGuest", new Check()),
          first(FAILOVER, "ReleaseReplica", RELEASE),
          again(UNDO, "ClaimReplica", CLAIM),
          first(UNDO, "PowerOffVm", POWER_OFF),
          first(UNDO, "ListSnapshots", new LabAfter(POWER_OFF, LOOK)),
          again(UNDO, "RevertToSnapshot", REVERT),
          first(UNDO, "LeaveExtension", new LabAfter(REVERT, LOOK)),
          first(UNDO, "ResumeReplication", Registry.commitOf("delete from hold")),
          again(UNDO, "MoveReplica", MOVE),
          again(UNDO, "ReleaseReplica", RELEASE),
          first(UNDO, "WakeReplication", new Temporal("SignalWithStart")),
          first(CYCLE, "BeginCycle", Registry.commitOf("update replica set cycle = cycle + 1")),
          again(CYCLE, "Admit", Registry.commitOf("insert into admission_lease")),
          first(CYCLE, "CreateSnapshot", new Lab("berlin", "createSnapshot", VM)),
          first(CYCLE, "TransferDisk", new Lab("potsdam", "flush", REPLICA)),
          again(CYCLE, "Dismiss", DISMISS),
          first(CYCLE, "CompleteCycle", Registry.commitOf("insert into restore_point")),
          first(CYCLE, "RemoveSnapshot", new Lab("berlin", "removeSnapshot", VM)));

  private static CrashPoint first(String operation, String activity, Trap trap) {
    return new CrashPoint(operation, activity, trap, false);
  }

  private static CrashPoint again(String operation, String activity, Trap trap) {
    return new CrashPoint(operation, activity, trap, true);
  }

  boolean isFailover() {
    return operation.equals(FAILOVER);
  }

  boolean isCycle() {
    return operation.equals(CYCLE);
  }

  @Override
  public String toString() {
    return operation + "/" + activity;
  }
}
