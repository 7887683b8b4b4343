package io.switchback.worker.run;

import io.switchback.lifecycle.Operation;
import io.switchback.operation.Procedure;
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
      {"vms":["web-01",{"name":"db-01","restorePoint":"latest"}]}\
      """),
  UNDO_FAILOVER(
      Operation.UNDO_FAILOVER,
      "UndoFailover",
      false,
      """
      {"vms":["web-01","db-01"]}\
      """);

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
  public Procedure procedure() {
    return Procedure.of(operation);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }
}
