package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Mistakes;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.Resolution;
import io.switchback.port.CatalogueActivities.Resolve;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs an operation over many replicas: one child each. How many VMs start at once is not decided
 * here but by the site's cap, which all runs share.
 */
final class FanOut {
  /**
   * Of what a disaster may have taken away, these change something at production. A failback can be
   * given up without it, and says then what stays there.
   */
  private static final Set<Operation> NEED_PRODUCTION =
      Set.of(
          Operation.FAILBACK,
          Operation.FAILBACK_LATER,
          Operation.SWITCH_OVER,
          Operation.RESYNCHRONISE,
          Operation.COMMIT_FAILBACK);

  private final Operation operation;
  private final Set<VmField> takes;
  private final OwnInput own;
  private final Members members;

  /**
   * @param takes what an input may ask for one VM alone
   * @param own what the operation reads from its input beside what every one takes
   */
  FanOut(Operation operation, Members members, Set<VmField> takes, OwnInput own) {
    this.operation = operation;
    this.members = members;
    this.takes = Set.copyOf(takes);
    this.own = own;
  }

  OperationResult conduct(@Nullable JsonNode input) {
    Instant begunAt = RunClock.now();
    OperationRequest request = OperationRequest.read(input, takes, own);
    String operationId = members.operationId(request.operationId());
    Workflow.upsertTypedSearchAttributes(Attributes.OPERATION.valueSet(operation.words()));
    OwnInput.Read read = own.read(requireNonNull(input, "was read before"), new Mistakes());
    Resolution resolution = resolve(request, operationId, read);
    if (takes.contains(VmField.CONFIRM)) {
      Confirmation.refusal(resolution.members(), begunAt)
          .ifPresent(
              refusal -> {
                throw new FaultException(Fault.INVALID_INPUT, refusal);
              });
    }
    Pace pace = request.pace() == null ? resolution.pace() : request.pace();
    RollCall sites = callSites(resolution.members(), new Ports(pace));
    List<String> notes = new ArrayList<>(resolution.warnings());
    List<Replica> replicas = resolution.members().stream().map(Member::replica).toList();
    Map<String, String> noRoom =
        new RoomPreflight(new Ports(pace), notes::add).findings(operation, replicas);
    Map<String, String> noAppliance =
        new AppliancePreflight(new Ports(pace), notes::add)
            .findings(operation, replicas, resolution.appliances());
    List<Members.Child> children =
        resolution.members().stream()
            .map(
                member ->
                    child(
                        member,
                        request,
                        read,
                        pace,
                        begunAt,
                        found(member, noRoom, noAppliance),
                        resolution
                            .appliances()
                            .getOrDefault(member.replica().recovery().site(), "")))
            .toList();
    children.forEach(members::watch);
    List<MemberResult> results = members.run(children);
    notes.addAll(sites.notes());
    Workflow.await(Workflow::isEveryHandlerFinished);
    return OperationResult.of(operation.words(), operationId, results, notes);
  }

  private Resolution resolve(OperationRequest request, String operationId, OwnInput.Read read) {
    try {
      Resolution resolution =
          new Ports(request.pace() == null ? Pace.DEFAULT : request.pace())
              .catalogue("Which replicas and restore points are meant?")
              .resolve(new Resolve(operation, operationId, request.vms()));
      List<String> mistakes = new ArrayList<>(resolution.mistakes());
      mistakes.addAll(read.mistakes(resolution.members()));
      if (!mistakes.isEmpty()) {
        throw OperationRequest.invalid(mistakes);
      }
      return resolution;
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      FaultException fault = Failures.toFault(failure);
      throw new FaultException(
          fault.fault(), "Nothing was changed: " + fault.sentence() + " Then start the run again.");
    }
  }

  private RollCall callSites(List<Member> all, Ports ports) {
    Set<String> needed = new LinkedHashSet<>();
    Set<String> optional = new LinkedHashSet<>();
    boolean goesHome = NEED_PRODUCTION.contains(operation);
    for (Member member : all) {
      needed.add(member.replica().recovery().site());
      (goesHome ? needed : optional).add(member.replica().production().site());
    }
    return RollCall.of(needed, optional, ports);
  }

  /** What is wanting at the member's recovery site, by check. */
  private static Map<String, String> found(
      Member member, Map<String, String> noRoom, Map<String, String> noAppliance) {
    String site = member.replica().recovery().site();
    Map<String, String> found = new LinkedHashMap<>();
    if (noRoom.containsKey(site)) {
      found.put(Checks.NO_ROOM, noRoom.get(site));
    }
    if (noAppliance.containsKey(site)) {
      found.put(Checks.APPLIANCE_MISSING, noAppliance.get(site));
    }
    return found;
  }

  private Members.Child child(
      Member member,
      OperationRequest request,
      OwnInput.Read read,
      Pace pace,
      Instant begunAt,
      Map<String, String> found,
      String appliance) {
    String id = member.replica().id();
    ReplicaRequest input =
        new ReplicaRequest(
            member,
            members.derivedId(id),
            request.overrides(),
            request.by(),
            request.reason(),
            pace,
            Workflow.getInfo().getWorkflowId(),
            begunAt,
            found,
            appliance,
            null,
            null);
    return new Members.Child(
        id,
        member.replica().name(),
        "replica/" + id,
        read.inputOf(input),
        read.after(member),
        (outcome, why) -> MemberResult.without(member, outcome, why));
  }
}
