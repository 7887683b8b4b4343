package io.switchback.worker.crash;

import static io.switchback.worker.crash.CrashEstate.REPLICA;
import static io.switchback.worker.crash.CrashEstate.VM;

import io.switchback.worker.crash.Trap.Check;
import io.switchback.worker.crash.Trap.Completion;
import io.switchback.worker.crash.Trap.Lab;
import io.switchback.worker.crash.Trap.LabAfter;
import io.switchback.worker.crash.Trap.Registry;
import io.switchback.worker.crash.Trap.Wake;
import java.util.List;
import java.util.Set;

/**
 * An activity of an operation, and where it is caught.
 *
 * @param activity its type, as Temporal shows it
 * @param inFullOnly whether only the full matrix tries it: another point has the same activity
 *     type, or the operation has a point already that is tried always
 */
record CrashPoint(String operation, String activity, Trap trap, boolean inFullOnly) {
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

  /** A VM of the operation's own at the recovery site, see {@link Story}. */
  private static final String OWN = Story.REPLICA_VM;

  private static final Lab CHANGE = new Lab("potsdam", "reconfigureVm", OWN);

  /** The operations with VMs of their own come last: each point costs a protection and its end. */
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
          first(
              FAILOVER, "JoinNetworks", Registry.commitOf("n.recovery_network = any(r.networks)")),
          first(FAILOVER, "VerifyGuest", new Check()),
          first(FAILOVER, "ReleaseReplica", RELEASE),
          again(UNDO, "ClaimReplica", CLAIM),
          first(UNDO, "PowerOffVm", POWER_OFF),
          first(UNDO, "ListSnapshots", new LabAfter(POWER_OFF, LOOK)),
          again(UNDO, "RevertToSnapshot", REVERT),
          first(UNDO, "LeaveNetworks", Registry.commitOf("delete from network_member")),
          first(UNDO, "ResumeReplication", Registry.commitOf("delete from hold")),
          again(UNDO, "MoveReplica", MOVE),
          again(UNDO, "ReleaseReplica", RELEASE),
          first(UNDO, "WakeReplication", new Wake("Replication")),
          first(CYCLE, "BeginCycle", Registry.commitOf("update replica set cycle = cycle + ")),
          again(CYCLE, "Admit", Registry.commitOf("insert into admission_lease")),
          first(CYCLE, "CreateSnapshot", new Lab("berlin", "createSnapshot", VM)),
          first(CYCLE, "TransferDisk", new Lab("potsdam", "flush", REPLICA)),
          again(CYCLE, "Dismiss", DISMISS),
          first(CYCLE, "CompleteCycle", Registry.commitOf("insert into restore_point")),
          first(CYCLE, "RemoveSnapshot", new Lab("berlin", "removeSnapshot", VM)),
          first(CYCLE, "WriteSheet", new Completion("WriteSheet")),
          again("Protect", "ReserveReplica", Registry.commitOf("insert into reservation")),
          first("Protect", "PlaceVm", new Lab("potsdam", "createVm", null)),
          again("Protect", "WriteReplica", Registry.commitOf("insert into replica (")),
          again("Protect", "EndReservation", Registry.commitOf("delete from reservation")),
          again(
              "AbortedProtect", "EraseReplica", Registry.commitOf("delete from replica where id")),
          first("Unprotect", "RemoveVm", new Lab("potsdam", "deleteVm", OWN)),
          again("Unprotect", "EndProtection", Registry.commitOf("delete from replica where id")),
          again("Unprotect", "RemoveSheet", new Completion("RemoveSheet")),
          again("UnprotectAndKeep", "LeaveVm", CHANGE),
          again(
              "Reconfigure", "ReconfigureReplica", Registry.commitOf("update replica set policy")),
          again("Reconfigure", "ReshapeVm", CHANGE),
          again(
              "PlannedFailover",
              "RememberProduction",
              Registry.commitOf("production_ran is distinct from")),
          first(
              "PlannedFailover",
              "ShutDownGuest",
              new Lab("berlin", "shutDown", Story.PRODUCTION_VM)),
          first(
              "PermanentFailover",
              "LetGoRestorePoints",
              Registry.commitOf("update restore_point set expired_at")),
          again(
              "PermanentFailover",
              "ForgetLetGoPoints",
              Registry.commitOf("delete from restore_point")),
          again(
              "PermanentFailover",
              "ExcludeProduction",
              Registry.commitOf("insert into excluded_vm")),
          again("Failback", "BeginFailback", Registry.commitOf("insert into failback")),
          again("Failback", "RecordRound", Registry.commitOf("update failback set round_snapshot")),
          first(
              "Failback",
              "CompleteSwitch",
              Registry.commitOf("update failback set protective_point")),
          again("CommitFailback", "EndFailback", Registry.commitOf("delete from failback")),
          again("FailbackElsewhere", "PlaceVm", new Lab("berlin", "createVm", null)),
          again(
              "FailbackElsewhere",
              "BeginFailback",
              Registry.commitOf("update failback set target_vm")),
          again(
              "CommitFailbackElsewhere",
              "LeaveVm",
              new Lab("berlin", "reconfigureVm", Story.MADE_VM)),
          again(
              "CancelFailbackElsewhere", "RemoveVm", new Lab("berlin", "deleteVm", Story.MADE_VM)),
          again("MoveSwitch", "MoveSwitch", Registry.commitOf("update failback set switch_at")),
          again("MoveSwitch", "TimeSwitch", new Wake("SwitchTimer")),
          again("Resynchronise", "TransferDisk", new Lab("berlin", "flush", Story.PRODUCTION_VM)),
          again(
              "Resynchronise",
              "CreateSnapshot",
              new Lab("berlin", "createSnapshot", Story.PRODUCTION_VM)),
          again(
              "Resynchronise",
              "RecordRound",
              Registry.commitOf("update failback set round_snapshot")),
          again("WaitingRound", "TransferDisk", new Lab("berlin", "flush", Story.PRODUCTION_VM)),
          again("WaitingRound", "RemoveSnapshot", new Lab("potsdam", "removeSnapshot", OWN)),
          again("Window", "PlanWindow", Registry.commitOf("insert into commit_window")),
          again("Window", "OpenWindow", Registry.commitOf("and ends_at is null")),
          again("Window", "TimeWindow", new Wake("WindowTimer")),
          again("ExtendWindow", "MoveWindow", Registry.commitOf("then extensions + 1")),
          again("CancelWindow", "EndWindow", Registry.commitOf("and id = ")),
          again("Adopt", "MoveReplica", MOVE),
          again("Isolate", "IsolateVm", CHANGE),
          again("Reconnect", "ReconnectVm", CHANGE),
          first("Reconcile", "TakeOverReplica", Registry.commitOf("taken_over_by")),
          again("DefineGroup", "DefineGroup", Registry.commitOf("insert into vm_group (")),
          again(
              "GroupReplication",
              "BeginGroupCycle",
              Registry.commitOf("update vm_group set cycle")),
          first(
              "GroupReplication", "CreateGroupSnapshot", new Lab("berlin", "snapshotGroup", null)),
          again(
              "GroupReplication",
              "CompleteGroupCycle",
              Registry.commitOf("insert into group_point (")),
          again("DefineGroup", "WakeGroup", new Wake("GroupReplication")),
          again(
              "ProtectFolder",
              "WriteRule",
              Registry.commitOf("insert into protection_rule as known")),
          again("ProtectFolder", "WatchRule", new Wake("Newcomers")),
          again(
              "ProtectFolder", "RecordJoined", Registry.commitOf("insert into protection_rule_vm")),
          again(
              "UnprotectFolder",
              "RemoveRule",
              Registry.commitOf("delete from protection_rule where id")),
          again(
              "Expiry",
              "ForgetRestorePoint",
              Registry.commitOf("delete from restore_point where replica_id")),
          again("VainCycle", "AbandonCycle", Registry.commitOf("coalesce(last_problem_cycle, -1)")),
          again("Watch", "RecordSighting", Registry.commitOf("insert into sighting as known")),
          again("Watch", "RecordRoom", Registry.commitOf("insert into room_sample")));

  private static CrashPoint first(String operation, String activity, Trap trap) {
    return new CrashPoint(operation, activity, trap, false);
  }

  private static CrashPoint again(String operation, String activity, Trap trap) {
    return new CrashPoint(operation, activity, trap, true);
  }

  boolean isFailover() {
    return operation.equals(FAILOVER);
  }

  /** Whether it is about VMs of its own, not about the one that is failed over all the time. */
  boolean isStory() {
    return !Set.of(FAILOVER, UNDO, CYCLE).contains(operation);
  }

  boolean isCycle() {
    return operation.equals(CYCLE);
  }

  @Override
  public String toString() {
    return operation + "/" + activity;
  }
}
