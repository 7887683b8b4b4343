package io.switchback.worker.run;

import io.switchback.lifecycle.Operation;
import io.switchback.operation.EndOfRule;
import io.switchback.operation.FailbackInput;
import io.switchback.operation.FullSiteInput;
import io.switchback.operation.OperationRequest;
import io.switchback.operation.OwnInput;
import io.switchback.operation.PlannedFailoverInput;
import io.switchback.operation.Procedure;
import io.switchback.operation.ProtectRequest;
import io.switchback.operation.ReconfigureInput;
import io.switchback.operation.ResynchroniseInput;
import io.switchback.operation.SideInput;
import io.switchback.operation.SwitchOverInput;
import io.switchback.operation.UndoFailbackInput;
import io.switchback.operation.UnprotectInput;
import io.switchback.operation.VmField;
import io.switchback.operation.WindowEndInput;
import io.switchback.operation.WindowInput;
import io.switchback.worker.local.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An operation that people start, as the command line knows it. */
public enum StartableOperation {
  PARTIAL_FAILOVER(
      Operation.PARTIAL_FAILOVER,
      "PartialFailover",
      Set.of(VmField.RESTORE_POINT),
      """
      {"vms":["web-01",{"name":"db-01","restorePoint":"latest"}]}\
      """),
  PLANNED_FAILOVER(
      Operation.PLANNED_FAILOVER,
      "PlannedFailover",
      Set.of(),
      """
      {"vms":["web-01","db-01"],"shutdownLimit":"PT15M"}\
      """),
  FULL_SITE_FAILOVER(
      Operation.FULL_SITE_FAILOVER,
      "FullSiteFailover",
      Set.of(VmField.RESTORE_POINT, VmField.DELAY),
      """
      {"vms":[{"name":"dns-01","delay":"PT2M"},"db-01","web-01"],"delay":"PT30S"}\
      """),
  UNDO_FAILOVER(
      Operation.UNDO_FAILOVER,
      "UndoFailover",
      Set.of(),
      """
      {"vms":["web-01","db-01"]}\
      """),
  PERMANENT_FAILOVER(
      Operation.PERMANENT_FAILOVER,
      "PermanentFailover",
      Set.of(VmField.CONFIRM),
      """
      {"vms":[{"name":"web-01","confirm":"remove 14 restore points of web-01"}]}\
      """),
  FAILBACK(
      Operation.FAILBACK,
      "Failback",
      Set.of(),
      """
      {"vms":["web-01"],"switchover":"manual","location":{"name":"web-01-2","datastore":"store-2"}}\
      """),
  SWITCH_OVER(
      Operation.SWITCH_OVER,
      "SwitchOver",
      Set.of(),
      """
      {"vms":["web-01"],"at":"2026-03-01T22:00:00Z"}\
      """),
  RESYNCHRONISE_FAILBACK(
      Operation.RESYNCHRONISE,
      "ResynchroniseFailback",
      Set.of(),
      """
      {"vms":["web-01"]}\
      """),
  CANCEL_FAILBACK(
      Operation.CANCEL_FAILBACK,
      "CancelFailback",
      Set.of(),
      """
      {"vms":["web-01"]}\
      """),
  COMMIT_FAILBACK(
      Operation.COMMIT_FAILBACK,
      "CommitFailback",
      Set.of(),
      """
      {"vms":["web-01"]}\
      """),
  UNDO_FAILBACK(
      Operation.UNDO_FAILBACK,
      "UndoFailback",
      Set.of(),
      """
      {"vms":["web-01"],"removeVm":true}\
      """),
  ADOPT(
      Operation.ADOPT,
      "Adopt",
      Set.of(),
      """
      {"vms":["web-01"]}\
      """),
  ISOLATE(
      Operation.ISOLATE,
      "Isolate",
      Set.of(),
      """
      {"vms":["web-01"],"side":"production","reason":"production woke up"}\
      """),
  RECONNECT(
      Operation.RECONNECT,
      "Reconnect",
      Set.of(),
      """
      {"vms":["web-01"]}\
      """),
  RECONCILE(
      Operation.RECONCILE,
      "Reconcile",
      Set.of(VmField.CHOOSE),
      """
      {"vms":[{"name":"db-01","choose":"roll back"}],"reason":"its run was terminated"}\
      """),
  PROTECT(
      Operation.PROTECT,
      "Protect",
      Set.of(),
      """
      {"vms":["web-01"],"from":"berlin","to":"potsdam","policy":{"name":"gold","interval":"PT15M"}}\
      """),
  UNPROTECT(
      Operation.UNPROTECT,
      "Unprotect",
      Set.of(),
      """
      {"vms":["web-01"],"replica":"keep"}\
      """),
  RECONFIGURE(
      Operation.RECONFIGURE,
      "Reconfigure",
      Set.of(),
      """
      {"vms":["web-01"],"policy":{"name":"gold","interval":"PT5M"}}\
      """);

  private final Operation operation;
  private final String type;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of makes sets that nobody can change.
  private final Set<VmField> takes;

  private final String example;

  StartableOperation(Operation operation, String type, Set<VmField> takes, String example) {
    this.operation = operation;
    this.type = type;
    this.takes = takes;
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

  /** What an input may ask for one VM alone. */
  public Set<VmField> takes() {
    return takes;
  }

  /** An input that shows what can be said. */
  public String example() {
    return example;
  }

  /**
   * What an input asks for, as the lifecycle knows it: with some inputs a run begins in other
   * states than the rest, or leads elsewhere.
   */
  public Operation meant(ObjectNode input) {
    return switch (this) {
      case FAILBACK -> FailbackInput.operation(input);
      case SWITCH_OVER -> SwitchOverInput.operation(input);
      default -> operation;
    };
  }

  /** What a run does for each VM, in this order. */
  public Procedure procedure(ObjectNode input) {
    return Procedure.of(meant(input));
  }

  /**
   * Reads an input as the run does.
   *
   * @return without VMs where VMs come under protection, or a rule ends
   * @throws io.switchback.fault.FaultException INVALID_INPUT with every mistake
   */
  public OperationRequest read(ObjectNode input) {
    if (this == PROTECT) {
      return ProtectRequest.read(input).plain();
    }
    if (this == UNPROTECT && EndOfRule.isMeant(input)) {
      return EndOfRule.read(input);
    }
    return OperationRequest.read(input, takes, own());
  }

  private OwnInput own() {
    return switch (this) {
      case PARTIAL_FAILOVER -> new WindowInput();
      case PLANNED_FAILOVER -> new WindowInput(new PlannedFailoverInput());
      case FULL_SITE_FAILOVER -> new WindowInput(new FullSiteInput());
      case UNPROTECT -> new UnprotectInput();
      case RECONFIGURE -> new ReconfigureInput();
      case ISOLATE, RECONNECT -> new SideInput();
      case FAILBACK -> new WindowInput(new FailbackInput());
      case RESYNCHRONISE_FAILBACK -> new ResynchroniseInput();
      case SWITCH_OVER -> new WindowInput(new SwitchOverInput());
      case UNDO_FAILOVER, PERMANENT_FAILOVER, COMMIT_FAILBACK -> new WindowEndInput();
      case UNDO_FAILBACK -> new WindowEndInput(new UndoFailbackInput());
      default -> OwnInput.NONE;
    };
  }

  /** Whether a run works on replicas that the registry knows, which the input names. */
  boolean isOverReplicas(ObjectNode input) {
    return this != PROTECT && !EndOfRule.isMeant(input);
  }

  /** What an input is about, for people: names of VMs, or the tag or folder. */
  List<String> subjects(ObjectNode input) {
    List<String> subjects = new ArrayList<>();
    if (input.path("group").isString()) {
      subjects.add("group " + input.path("group").asString());
    }
    for (JsonNode vm : input.path("vms")) {
      subjects.add(
          vm.isString()
              ? vm.asString()
              : vm.has("group")
                  ? "group " + vm.path("group").asString("?")
                  : vm.path("name").asString("?"));
    }
    for (String filter : List.of("tag", "folder")) {
      if (input.has(filter)) {
        subjects.add(filter + " " + input.path(filter).asString(""));
      }
    }
    return subjects;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
  }
}
