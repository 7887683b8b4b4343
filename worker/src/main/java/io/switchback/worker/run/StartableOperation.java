package io.switchback.worker.run;

import io.switchback.lifecycle.Operation;
import io.switchback.worker.local.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** An operation that people start, as the command line knows it. */
public enum StartableOperation {
  PARTIAL_FAILOVER(
      Operation.PARTIAL_FAILOVER,
      "PartialFailover",
      true,
      """
      {"vms":["web-01",{"name":"db-01","restorePoint":"latest"}]}"""),
  UNDO_FAILOVER(
      Operation.UNDO_FAILOVER,
      "UndoFailover",
      false,
      """
      {"vms":["web-01","db-01"]}""");

  private final Operation operation;
  private final String type;
  private final boolean takesRestorePoint;
  private final String example;

  StartableOperation(Operation operation, String type, boolean takesRestorePoint, String example) {
    this.operation = operation;
    this.type = type;
    this.takesRestorePoint = takesRestorePoint;
    this.example = example;
  }

  /**
   * The operation that {@code asked} names, as its workflow type or in words: {@code
   * PartialFailover}, {@code partial-failover}, {@code "fail over"}.
   *
   * @throws Refusal with the nearest names, if it names none
   */
  public static StartableOperation named(String asked) {
    String plain = plain(asked);
    for (StartableOperation each : values()) {
      if (plain.equals(plain(each.type)) || plain.equals(plain(each.operation.words()))) {
        return each;
      }
    }
    List<String> names = Arrays.stream(values()).map(StartableOperation::word).toList();
    String all = String.join(", ", names);
    throw Refusal.usage(
        NearestWord.to(asked, names)
            .map(
                near ->
                    "There is no operation '%s'. Did you mean %s? Operations are %s."
                        .formatted(asked, near, all))
            .orElse("There is no operation '%s'. Operations are %s.".formatted(asked, all)));
  }

  /** Where its row of the lifecycle is. */
  public Operation operation() {
    return operation;
  }

  /** Its workflow type. */
  public String type() {
    return type;
  }

  /** Its name in commands and workflow ids, as in {@code partial-failover}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public boolean takesRestorePoint() {
    return takesRestorePoint;
  }

  /** An input that shows what can be said. */
  public String example() {
    return example;
  }

  /** What a run does for each VM, in this order. */
  public List<OperationStep> steps() {
    return switch (this) {
      case PARTIAL_FAILOVER ->
          List.of(
              new OperationStep("claim", "claim the replica; nobody else changes it until the end"),
              new OperationStep("hold", "put its replication on hold"),
              new OperationStep("fenceOff", "fence off a replication cycle that runs now"),
              new OperationStep("look", "look whether production would fight it for its address"),
              new OperationStep("revert", "revert the replica to the restore point"),
              new OperationStep("powerOn", "power the replica on; production is left as it is"),
              new OperationStep(
                  "moveToFAILOVER", "FAILOVER from here: it can be undone and failed back"),
              new OperationStep("awaitGuest", "wait until its guest is ready"),
              new OperationStep("openExtensionRECOVERY", "extend its networks, recovery side"),
              new OperationStep("openExtensionPRODUCTION", "extend its networks, production side"),
              new OperationStep("verify", "verify that it serves"),
              new OperationStep("release", "release the replica"));
      case UNDO_FAILOVER ->
          List.of(
              new OperationStep("claim", "claim the replica; nobody else changes it until the end"),
              new OperationStep("powerOff", "power the replica off"),
              new OperationStep("measureDelta", "measure what is about to be discarded"),
              new OperationStep(
                  "revert", "revert to the newest restore point: no way back from here"),
              new OperationStep("leaveExtension", "leave the network extension"),
              new OperationStep("resume", "end the hold of its replication"),
              new OperationStep("moveToREADY", "READY"),
              new OperationStep("release", "release the replica, and wake its replication"));
    };
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }
}
