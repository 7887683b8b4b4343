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
