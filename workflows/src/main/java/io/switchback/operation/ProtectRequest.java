package io.switchback.operation;

import io.switchback.fault.FaultException;
import io.switchback.model.Mistakes;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.ProtectionRule;
import io.switchback.model.Seed;
import io.switchback.model.VmFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The input of a protection.
 *
 * @param vms names, or records with their own seed: {@code ["web-01",
 *     {"name":"db-01","seed":{"vm":"old-db"}}]}; empty when a tag or folder is given
 * @param filter {@code "tag":"gold"} or {@code "folder":"prod"}: VMs that come later join by
 *     themselves; null when VMs are named
 * @param from their site, {@code to} the recovery site
 * @param policyName of a policy that is known already; null when none is named
 * @param policy a new one; null when it is named, or the default
 * @param networks that stand in for the site pair's map, {@code {"lan":"dr-lan"}} or as records
 * @param placement of the replicas' VMs; what is empty is as the recovery site says
 * @param every from one look for VMs that came later to the next
 */
public record ProtectRequest(
    List<SelectedVm> vms,
    @Nullable VmFilter filter,
    String from,
    String to,
    @Nullable String policyName,
    @Nullable Policy policy,
    List<NetworkMapping> networks,
    Placement placement,
    Duration every,
    String by,
    String reason,
    String operationId,
    @Nullable Pace pace) {
  private static final Set<String> FIELDS =
      Set.of(
          "vms",
          "tag",
          "folder",
          "from",
          "to",
          "policy",
          "networks",
          "placement",
          "seed",
          "every",
          "by",
          "reason",
          "operationId",
          "pace");

  private static final Set<String> VM_FIELDS = Set.of("name", "seed", "replicaName");

  public ProtectRequest {
    vms = List.copyOf(vms);
    networks = List.copyOf(networks);
  }

  /**
   * A VM that is named.
   *
   * @param seed null for a first copy of everything
   * @param replicaName of the VM at the recovery site; empty: the VM's with {@code _replica}
   */
  public record SelectedVm(String name, @Nullable Seed seed, String replicaName) {}

  /**
   * Reads an input.
   *
   * @throws FaultException INVALID_INPUT that lists every mistake
   */
  public static ProtectRequest read(@Nullable JsonNode input) {
    if (input == null || !input.isObject()) {
      throw OperationRequest.invalid(
          List.of(
              "the input must be an object like {\"vms\":[\"web-01\"],\"from\":\"berlin\",\"to\":\"potsdam\"}"));
    }
    Mistakes mistakes = new Mistakes();
    Input.unknownFields(input, FIELDS, "", mistakes);
    VmFilter filter = filter(input, mistakes);
    JsonNode policy = input.path("policy");
    ProtectRequest request =
        new ProtectRequest(
            vms(input, filter != null, mistakes),
            filter,
            Input.text(input, "", "from", "", mistakes),
            Input.text(input, "", "to", "", mistakes),
            policy.isString() ? policy.asString() : null,
            policy.isObject() ? ProtectionInput.policy(policy, mistakes) : null,
            ProtectionInput.networks(input.path("networks"), mistakes),
            ProtectionInput.placement(input.path("placement"), mistakes),
            every(input, filter != null, mistakes),
            Input.text(input, "", "by", "not named", mistakes),
            Input.text(input, "", "reason", "", mistakes),
            OperationRequest.operationId(input, mistakes),
            OperationRequest.pace(input.path("pace"), mistakes));
    mistakes
        .unless(
            policy.isMissingNode() || policy.isNull() || policy.isString() || policy.isObject(),
            "policy must be a name, or a record like {\"interval\":\"PT15M\"}")
        .required(request.from(), "from, the site of the VMs,")
        .required(request.to(), "to, the recovery site,")
        .unless(
            request.from().isEmpty() || !request.from().equals(request.to()),
            "from and to name the same site; a replica stands at another one");
    if (!mistakes.found().isEmpty()) {
      throw OperationRequest.invalid(mistakes.found());
    }
    return request;
  }

  /** What every operation takes, without VMs: they are not replicas yet. */
  public OperationRequest plain() {
    return new OperationRequest(List.of(), List.of(), by, reason, operationId, pace);
  }

  /** The rule that stands for the filter from now on. */
  ProtectionRule rule(VmFilter vms, String policyInForce) {
    return new ProtectionRule(from, to, vms, policyInForce, networks, placement, every);
  }

  private static @Nullable VmFilter filter(JsonNode input, Mistakes mistakes) {
    String tag = Input.text(input, "", "tag", "", mistakes);
    String folder = Input.text(input, "", "folder", "", mistakes);
    if (!tag.isEmpty() && !folder.isEmpty()) {
      mistakes.add("give a tag or a folder, not both: protect them one after the other");
    }
    if (tag.isEmpty() && folder.isEmpty()) {
      return null;
    }
    return tag.isEmpty() ? VmFilter.folder(folder) : VmFilter.tag(tag);
  }

  private static List<SelectedVm> vms(JsonNode input, boolean filtered, Mistakes mistakes) {
    JsonNode vms = input.path("vms");
    Seed seed = ProtectionInput.seed(input.path("seed"), "seed", mistakes);
    if (filtered) {
      mistakes
          .unless(vms.isMissingNode(), "give vms, or a tag, or a folder: only one of them")
          .unless(seed == null, "seed fits one VM only; name it in vms");
      return List.of();
    }
    if (!vms.isArray() || vms.isEmpty()) {
      mistakes.add("give vms, a list like [\"web-01\"], or a tag, or a folder");
      return List.of();
    }
    mistakes.unless(
        seed == null || vms.size() == 1,
        "seed fits one VM only; give each its own: {\"name\":\"web-01\",\"seed\":{\"vm\":\"old\"}}");
    List<SelectedVm> selected = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode vm : vms) {
      SelectedVm one = vm(vm, "vms[" + selected.size() + "]", seed, mistakes);
      mistakes.unless(names.add(one.name()), "vm '" + one.name() + "' is named twice");
      selected.add(one);
    }
    return selected;
  }

  private static SelectedVm vm(JsonNode vm, String where, @Nullable Seed seed, Mistakes mistakes) {
    if (vm.isString() && !vm.asString().isBlank()) {
      return new SelectedVm(vm.asString(), seed, "");
    }
    if (!vm.isObject() || !vm.path("name").isString() || vm.path("name").asString().isBlank()) {
      mistakes.add(
          where
              + " must be a name, or a record like {\"name\":\"db-01\",\"seed\":{\"vm\":\"old\"}}");
      return new SelectedVm(where, null, "");
    }
    Input.unknownFields(vm, VM_FIELDS, where + ".", mistakes);
    Seed own = ProtectionInput.seed(vm.path("seed"), where + ".seed", mistakes);
    return new SelectedVm(
        vm.path("name").asString(),
        own == null ? seed : own,
        Input.text(vm, where + ".", "replicaName", "", mistakes));
  }

  private static Duration every(JsonNode input, boolean filtered, Mistakes mistakes) {
    Duration asked =
        input.has("every")
            ? Input.value(input.path("every"), Duration.class, "every", mistakes)
            : null;
    mistakes
        .unless(
            asked == null || filtered, "every goes with a tag or folder; a policy has an interval")
        .unless(asked == null || asked.toMillis() >= 1000, "every must be at least 1 s");
    return asked == null ? Duration.ofMinutes(1) : asked;
  }
}
