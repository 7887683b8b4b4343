package io.switchback.operation;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.CheckOverride;
import io.switchback.model.Mistakes;
import io.switchback.model.Pace;
import io.switchback.model.VmSelection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The input of an operation over VMs. A run takes its argument as bare JSON and reads it here,
 * because a record of the wrong shape would not fail the run but retry its first task for ever.
 *
 * @param vms names, or records with their own restore point: {@code ["web-01",
 *     {"name":"db-01","restorePoint":"latest"}]}; with those of the {@code group} that stands
 *     beside them
 * @param overrides of checks that are known to fail
 * @param by who asks; for the audit
 * @param reason why; for the audit
 * @param operationId a UUID made once by whoever starts the operation; empty: derived from the run
 * @param pace replaces the estate's; null: the estate's holds
 */
public record OperationRequest(
    List<VmSelection> vms,
    List<CheckOverride> overrides,
    String by,
    String reason,
    String operationId,
    @Nullable Pace pace) {

  private static final Set<String> FIELDS =
      Set.of("vms", "group", "restorePoint", "overrides", "by", "reason", "operationId", "pace");
  private static final Set<String> OVERRIDE_FIELDS = Set.of("check", "by", "reason");
  private static final Set<String> PACE_FIELDS =
      Set.of("heartbeat", "stepLimit", "attempts", "backoff", "bootLimit");
  private static final Pattern UUID =
      Pattern.compile(
          "(\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12})?");

  public OperationRequest {
    vms = List.copyOf(vms);
    overrides = List.copyOf(overrides);
  }

  /**
   * Reads an input.
   *
   * @param takes what the operation lets an input ask for one VM alone
   * @param own what the operation reads beside this
   * @throws FaultException INVALID_INPUT that lists every mistake
   */
  public static OperationRequest read(@Nullable JsonNode input, Set<VmField> takes, OwnInput own) {
    Mistakes mistakes = new Mistakes();
    if (input == null || !input.isObject()) {
      throw invalid(
          List.of(
              "the input must be an object like {\"vms\":[\"web-01\"]} or {\"group\":\"erp\"}"));
    }
    Set<String> known = new HashSet<>(FIELDS);
    known.addAll(own.fields());
    Input.unknownFields(input, known, "", mistakes);
    OperationRequest request =
        new OperationRequest(
            selections(input, takes, mistakes),
            overrides(input.path("overrides"), mistakes),
            Input.text(input, "", "by", "not named", mistakes),
            Input.text(input, "", "reason", "", mistakes),
            operationId(input, mistakes),
            pace(input.path("pace"), mistakes));
    own.read(input, mistakes);
    if (!mistakes.found().isEmpty()) {
      throw invalid(mistakes.found());
    }
    return request;
  }

  /** Reads the input of an operation that takes nothing of its own. */
  public static OperationRequest read(@Nullable JsonNode input, Set<VmField> takes) {
    return read(input, takes, OwnInput.NONE);
  }

  /**
   * The fault that lists mistakes in an input, each on a line of its own as the Temporal UI shows
   * them best.
   */
  public static FaultException invalid(List<String> mistakes) {
    return new FaultException(
        Fault.INVALID_INPUT,
        "Nothing was changed, because the input has "
            + (mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes")
            + ":\n  - "
            + String.join("\n  - ", mistakes));
  }

  static String operationId(JsonNode input, Mistakes mistakes) {
    String id = Input.text(input, "", "operationId", "", mistakes);
    mistakes.unless(UUID.matcher(id).matches(), "operationId must be a UUID, or left out");
    return id;
  }

  private static List<VmSelection> selections(
      JsonNode input, Set<VmField> takes, Mistakes mistakes) {
    if (isAbsent(input.path("group"))) {
      mistakes.unless(
          isAbsent(input.path("restorePoint")),
          "restorePoint is of a group that is named beside it, as in {\"group\":\"erp\",\"restorePoint\":\"latest\"};"
              + " one VM's own stands in its record");
      return vms(input.path("vms"), List.of(), takes, mistakes);
    }
    List<VmSelection> all = new ArrayList<>();
    String group = Input.text(input, "", "group", "", mistakes);
    if (group.isBlank()) {
      mistakes.add("group must be the name of one, as in {\"group\":\"erp\"}");
    } else {
      refusePoint(input, "", takes, mistakes);
      String point = Input.text(input, "", "restorePoint", VmSelection.LATEST, mistakes);
      all.add(new VmSelection("", point, "", "", group));
    }
    if (input.has("vms")) {
      all.addAll(vms(input.path("vms"), all, takes, mistakes));
    }
    return all;
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private static void refusePoint(
      JsonNode record, String where, Set<VmField> takes, Mistakes mistakes) {
    mistakes.unless(
        !record.has("restorePoint") || takes.contains(VmField.RESTORE_POINT),
        where + "restorePoint cannot be chosen: this operation has no use for another");
  }

  private static List<VmSelection> vms(
      JsonNode vms, List<VmSelection> beside, Set<VmField> takes, Mistakes mistakes) {
    if (!vms.isArray() || vms.isEmpty()) {
      mistakes.add("vms must be a list with at least one VM, as in [\"web-01\"]");
      return List.of();
    }
    List<VmSelection> selections = new ArrayList<>();
    Set<String> names = new HashSet<>();
    beside.forEach(group -> names.add("group '" + group.group()));
    for (JsonNode vm : vms) {
      String where = "vms[" + selections.size() + "]";
      VmSelection selection = vm(vm, where, takes, mistakes);
      boolean isGroup = !selection.group().isEmpty();
      String name = isGroup ? "group '" + selection.group() : "vm '" + selection.name();
      if (!names.add(name)) {
        mistakes.add(name + "' is named twice");
      }
      selections.add(selection);
    }
    return selections;
  }

  private static VmSelection vm(JsonNode vm, String where, Set<VmField> takes, Mistakes mistakes) {
    if (vm.isString() && !vm.asString().isBlank()) {
      return new VmSelection(vm.asString(), VmSelection.LATEST);
    }
    String by = vm.has("group") ? "group" : "name";
    if (!vm.isObject()
        || !vm.path(by).isString()
        || vm.path(by).asString().isBlank()
        || (vm.has("group") && vm.has("name"))) {
      mistakes.add(
          where
              + " must be a name, or a record like {\"name\":\"db-01\",\"restorePoint\":\"latest\"}"
              + " or {\"group\":\"erp\",\"restorePoint\":\"latest\"}");
      return new VmSelection(where, VmSelection.LATEST);
    }
    Set<String> known = new HashSet<>(Set.of("name", "group"));
    takes.forEach(field -> known.add(field.id()));
    known.add("restorePoint");
    refusePoint(vm, where + ".", takes, mistakes);
    Input.unknownFields(vm, known, where + ".", mistakes);
    return new VmSelection(
        by.equals("name") ? vm.path(by).asString() : "",
        Input.text(vm, where + ".", "restorePoint", VmSelection.LATEST, mistakes),
        Input.text(vm, where + ".", "confirm", "", mistakes),
        Input.text(vm, where + ".", "choose", "", mistakes),
        by.equals("group") ? vm.path(by).asString() : "",
        FullSiteInput.delay(vm.path("delay"), where + ".delay", mistakes));
  }

  static List<CheckOverride> overrides(JsonNode overrides, Mistakes mistakes) {
    if (overrides.isMissingNode() || overrides.isNull()) {
      return List.of();
    }
    if (!overrides.isArray()) {
      mistakes.add("overrides must be a list of {\"check\":…,\"by\":…,\"reason\":…}");
      return List.of();
    }
    List<CheckOverride> read = new ArrayList<>();
    for (int i = 0; i < overrides.size(); i++) {
      String where = "overrides[" + i + "]";
      if (!overrides.path(i).isObject()) {
        mistakes.add(where + " must be a record like {\"check\":…,\"by\":…,\"reason\":…}");
        continue;
      }
      Input.unknownFields(overrides.path(i), OVERRIDE_FIELDS, where + ".", mistakes);
      CheckOverride override = Input.value(overrides.path(i), CheckOverride.class, where, mistakes);
      if (override == null) {
        continue;
      }
      if (!Checks.NAMES.contains(override.check())) {
        mistakes.add(
            where
                + ".check '"
                + override.check()
                + "' is unknown; checks are "
                + String.join(", ", Checks.NAMES));
      }
      read.add(override);
    }
    return read;
  }

  static @Nullable Pace pace(JsonNode pace, Mistakes mistakes) {
    if (pace.isMissingNode() || pace.isNull()) {
      return null;
    }
    if (!pace.isObject()) {
      mistakes.add("pace must be a record like {\"bootLimit\":\"PT5M\",\"attempts\":5}");
      return null;
    }
    Input.unknownFields(pace, PACE_FIELDS, "pace.", mistakes);
    return Input.value(pace, Pace.class, "pace", mistakes);
  }
}
