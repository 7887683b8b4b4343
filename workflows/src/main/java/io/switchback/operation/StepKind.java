package io.switchback.operation;

/**
 * Every step of the operations over one replica: its name, what it does, and whether a person may
 * leave it out. Which of them an operation takes, and which is its point of no return, is in {@link
 * Procedure}.
 */
public enum StepKind {
  CLAIM("claim", "claim the replica; nobody else changes it until the end"),
  HOLD("hold", "put its replication on hold"),
  FENCE_OFF("fenceOff", "fence off a replication cycle that runs now"),
  LOOK("look", "look whether production would fight it for its address"),
  REVERT("revert", "revert the replica to its restore point"),
  POWER_ON("powerOn", "power the replica on; production is left as it is"),
  POWER_OFF("powerOff", "power the replica off"),
  MOVE_TO_FAILOVER("moveToFAILOVER", "FAILOVER from here: it can be undone and failed back"),
  MOVE_TO_READY("moveToREADY", "READY"),
  MOVE_TO_PERMANENT("moveToPERMANENT", "PERMANENT: it is production now"),
  AWAIT_GUEST("awaitGuest", "wait until its guest is ready", "nobody waited for its guest"),
  OPEN_EXTENSION_RECOVERY(
      "openExtensionRECOVERY",
      "extend its networks, recovery side",
      "its networks are not extended on the recovery side"),
  OPEN_EXTENSION_PRODUCTION(
      "openExtensionPRODUCTION",
      "extend its networks, production side",
      "its networks are not extended on the production side"),
  VERIFY("verify", "verify that it serves", "not verified"),
  MEASURE_DELTA(
      "measureDelta",
      "measure what is about to be discarded",
      "how much is discarded was not measured"),
  LEAVE_EXTENSION(
      "leaveExtension",
      "leave the network extension",
      "the network extension still counts it in: look at the appliances"),
  NAME_THE_LOSS("nameTheLoss", "say what is about to be gone for good"),
  CLEAN_PRODUCTION(
      "cleanProduction",
      "remove at production what replication has left there",
      "snapshots named switchback-… stay at production, and grow: remove them by hand"),
  LET_GO("letGo", "let its restore points go"),
  LIST_POINTS("listPoints", "list the snapshots that are there"),
  REMOVE_POINT("removePoint", "remove a restore point's snapshot, oldest first"),
  FORGET_POINTS("forgetPoints", "forget its restore points"),
  EXCLUDE("exclude", "exclude production from replication and from every rule"),
  HAND_OVER(
      "handOver",
      "leave the VM to the people of its site",
      "the VM is still marked as a replica: only by force it can be powered on by hand"),
  LOOK_AT_RUNNING("lookAtRunning", "see that it runs, and from which restore point"),
  LOOK_BEFORE_ISOLATING("lookBeforeIsolating", "see which of the two is not to be reached"),
  ISOLATE("isolate", "unplug it from its networks"),
  RECONNECT("reconnect", "plug in what was unplugged"),
  TAKE_OVER("takeOver", "take it over from the operation whose run is gone"),
  OBSERVE("observe", "look again at hypervisor and registry"),
  PLACE("place", "place its VM at the recovery site, where nobody starts it by accident"),
  WRITE("write", "write the replica into the registry, SEEDING"),
  START_REPLICATION("startReplication", "start its replication, which makes the first copy"),
  STOP_CYCLE(
      "stopCycle",
      "fence off a replication cycle that runs now",
      "a cycle that runs now may still write to the replica's VM"),
  DISPOSE(
      "dispose",
      "remove the replica's VM with its restore points, or leave it to the site, as asked",
      "the replica's VM is still at the recovery site, marked as Switchback's"),
  REMOVE_SHEET(
      "removeSheet",
      "remove its break-glass sheet at the recovery site",
      "the recovery site keeps a break-glass sheet that nobody brings up to date: delete its file"),
  TIDY_PRODUCTION(
      "tidyProduction",
      "remove Switchback's snapshots at production",
      "production may keep snapshots of ours: look for names that begin with 'switchback-'"),
  END_PROTECTION("endProtection", "take the replica out of the registry; the audit stays"),
  RECONFIGURE("reconfigure", "change policy, network map and placement; replication goes on"),
  LOOK_AT_TARGET("lookAtTarget", "look at the VM that its data go back to"),
  BEGIN_FAILBACK("beginFailback", "write down what its data go back to, and what that is now"),
  READ_FAILBACK("readFailback", "read what its data go back to"),
  PLACE_TARGET(
      "placeTarget",
      "to a new location: make its VM, off and empty, where nobody starts it by accident"),
  NAME_TARGET("nameTarget", "to a new location: write down which VM that is"),
  FENCE_OFF_TARGET(
      "fenceOffTarget",
      "of a failback, fence off a synchronisation that runs now",
      "a synchronisation that runs now may still write to production's disks"),
  POWER_OFF_TARGET("powerOffTarget", "power off the VM that its data go back to"),
  PROTECT_TARGET("protectTarget", "keep that VM as it is, in a snapshot of its own"),
  SNAPSHOT_SERVING("snapshotServing", "snapshot the replica, which serves on"),
  SYNCHRONISE("synchronise", "send what differs, disk by disk, and prove it"),
  MARK_TARGET("markTarget", "mark what the VM holds now"),
  RECORD_ROUND("recordRound", "remember what the VM holds now"),
  MOVE_TO_READY_TO_SWITCH(
      "moveToREADY_TO_SWITCH", "READY_TO_SWITCH: the replica serves until somebody switches over"),
  MOVE_SWITCH("moveSwitch", "give the switch its new time"),
  START_TIMER(
      "startTimer",
      "where anything is due while it waits, let its timer go by what is asked for now",
      "nothing may synchronise it again, or switch it over at its time: switch it over by hand"),
  PLAN_WINDOW("planWindow", "where a window is asked for, keep what is done at its end"),
  OPEN_WINDOW(
      "openWindow",
      "where a window is asked for, let it count from now",
      "no window is open: commit or undo it by hand"),
  START_WINDOW(
      "startWindow",
      "where a window is open, let its timer go by its end",
      "nothing may commit or undo it when its window ends: do it by hand"),
  PROTECT_REPLICA("protectReplica", "keep the replica as it is before the switch"),
  COMPLETE_SWITCH("completeSwitch", "make the VM production in the registry"),
  MOVE_TO_FAILBACK("moveToFAILBACK", "FAILBACK: it can be committed or undone"),
  PLUG_IN_TARGET(
      "plugInTarget",
      "plug production in again, where it was isolated",
      "production comes up unplugged, if it was isolated: plug it in with its site's own tools"),
  POWER_ON_TARGET(
      "powerOnTarget",
      "power production on",
      "production is off: power it on with its site's own tools"),
  REMOVE_ROUND(
      "removeRound",
      "remove a snapshot of the replica that only the failback needed",
      "the replica keeps a snapshot named switchback-…: remove it by hand"),
  LIST_ROUNDS(
      "listRounds",
      "list what synchronisations have left at the replica",
      "the replica may keep snapshots named switchback-…-round-…: remove them by hand"),
  MEASURE_TARGET(
      "measureTarget",
      "measure what production gives up: what the failback has sent to it, and what it has written since",
      "how much is discarded at production was not measured"),
  LIST_TARGET(
      "listTarget",
      "list what the failback has left at production",
      "production keeps what the failback has left there: snapshots named switchback-…, the oldest of which holds what it was"),
  STOP_TARGET(
      "stopTarget",
      "power production off, which is to be put back",
      "production may still run, at the addresses of its replica"),
  RESTORE_TARGET(
      "restoreTarget",
      "put production's disks back to what they were before the failback",
      "production is not put back, and stays off: its own snapshot named switchback-…, where it is still there, holds what it was"),
  REMOVE_TARGET(
      "removeTarget",
      "of a failback to a new location: remove the VM that it made",
      "the VM that the failback made is still at production, marked as Switchback's: remove it with its site's own tools"),
  LEAVE_TARGET(
      "leaveTarget",
      "of a failback to a new location: leave the VM that it made to the people of its site",
      "the VM that the failback made is still marked as Switchback's: only by force it can be powered on by hand"),
  REMOVE_TARGET_SNAPSHOT(
      "removeTargetSnapshot",
      "remove a snapshot that the failback has made at production",
      "production keeps a snapshot named switchback-…, and it grows: remove it by hand"),
  UNPLUG_TARGET(
      "unplugTarget",
      "isolate production again, where it was isolated before the failback",
      "production is on its networks, and was isolated before the failback"),
  RESTART_TARGET(
      "restartTarget",
      "power production on again, as it ran before the failback",
      "production is off, and ran before the failback"),
  END_FAILBACK("endFailback", "end the failback in the registry"),
  REPLICATE_FIRST("replicateFirst", "replicate once while production serves"),
  LOOK_AT_PRODUCTION("lookAtProduction", "see whether production runs"),
  REMEMBER_PRODUCTION("rememberProduction", "remember whether it ran, for an undo"),
  SHUT_DOWN_PRODUCTION("shutDownProduction", "shut production's guest down through its tools"),
  POWER_OFF_PRODUCTION(
      "powerOffProduction",
      "power production off, where its guest could not be asked or did not end in time"),
  REPLICATE_LAST("replicateLast", "replicate once more, now that nobody writes"),
  POWER_ON_PRODUCTION(
      "powerOnProduction",
      "after a planned failover: power production on again, if it ran before",
      "production stays off: power it on by hand"),
  RESUME("resume", "end the hold of its replication"),
  RELEASE("release", "release the replica");

  private final String id;
  private final String words;
  private final String ifSkipped;

  StepKind(String id, String words) {
    this(id, words, "");
  }

  StepKind(String id, String words, String ifSkipped) {
    this.id = id;
    this.words = words;
    this.ifSkipped = ifSkipped;
  }

  /** Its name in the audit, in answers and for people, as in {@code powerOn}. */
  public String id() {
    return id;
  }

  /** What it does, in a few words. */
  public String words() {
    return words;
  }

  /** Whether a person may leave it out when it fails for good. */
  public boolean isSkippable() {
    return !ifSkipped.isEmpty();
  }

  /** What is then so when it was left out; empty when it cannot be. */
  public String ifSkipped() {
    return ifSkipped;
  }
}
