package io.switchback.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Pace;
import io.switchback.operation.OperationStatus.MemberStatus;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.RecordGreetings;
import io.switchback.port.CatalogueActivities.Resolution;
import io.switchback.port.CatalogueActivities.Resolve;
import io.switchback.port.Queues;
import io.switchback.port.SiteActivities.Greeting;
import io.switchback.port.SiteActivities.Hello;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Runs an operation over many replicas: one child each, answers passed on to parked ones, results
 * gathered. How many VMs start at once is not decided here but by the site's cap, which all runs
 * share.
 */
final class FanOut {
  /** More children at once than this would crowd a run's history. */
  private static final int WAVE = 500;

  private final Operation operation;
  private final String childType;
  private final boolean takesRestorePoint;
  private final Map<String, MemberStatus> members = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<String, MemberResult> toldEnds = new LinkedHashMap<>();
  private String operationId = "";
  private boolean showsParked;

  /**
   * @param childType workflow type that runs the operation over one replica
   * @param takesRestorePoint whether a VM may name its restore point
   */
  FanOut(Operation operation, String childType, boolean takesRestorePoint) {
    this.operation = operation;
    this.childType = childType;
    this.takesRestorePoint = takesRestorePoint;
  }

  OperationResult conduct(@Nullable JsonNode input) {
    Instant begunAt = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    OperationRequest request = OperationRequest.read(input, takesRestorePoint);
    operationId = request.operationId().isEmpty() ? idOfThisRun() : request.operationId();
    Workflow.upsertTypedSearchAttributes(Attributes.OPERATION.valueSet(operation.words()));
    Resolution resolution = resolve(request);
    Pace pace = request.pace() == null ? resolution.pace() : request.pace();
    Map<String, Promise<Optional<FaultException>>> optional =
        greetSites(resolution.members(), new Ports(pace));
    resolution.members().forEach(this::watch);
    List<MemberResult> results = new ArrayList<>();
    List<Member> all = resolution.members();
    for (int from = 0; from < all.size(); from += WAVE) {
      results.addAll(
          wave(all.subList(from, Math.min(all.size(), from + WAVE)), request, pace, begunAt));
    }
    optional.forEach(this::noteUnlessGreeted);
    Workflow.await(Workflow::isEveryHandlerFinished);
    return OperationResult.of(operation.words(), operationId, results, notes);
  }

  OperationStatus status() {
    return new OperationStatus(operation.words(), operationId, List.copyOf(members.values()));
  }

  void validate(@Nullable Answer answer) {
    if (answer == null) {
      throw new FaultException(
          Fault.REFUSED, "An answer is a record like {\"vm\":\"*\",\"answer\":\"retry\"}.");
    }
    List<Parked> fitting = parkedFor(answer);
    if (fitting.isEmpty()) {
      throw new FaultException(Fault.REFUSED, nothingFits(answer));
    }
    fitting.forEach(parked -> parked.validate(answer));
  }

  String answer(@Nullable Answer answer) {
    validate(answer);
    List<String> answered = new ArrayList<>();
    for (MemberStatus member : List.copyOf(members.values())) {
      Parked parked = member.parked();
      if (answer != null && parked != null && fits(answer, parked)) {
        answered.add(member.vm() + passOn(answer, member));
      }
    }
    return "answered: " + String.join(", ", answered);
  }

  private static String passOn(Answer answer, MemberStatus member) {
    return Signals.reaches(member.workflowId(), ReplicaSteering.SIGNAL, answer)
        ? ""
        : " (its run " + member.workflowId() + " has ended)";
  }

  void reports(MemberReport report) {
    members.computeIfPresent(
        report.replicaId(),
        (id, member) ->
            new MemberStatus(member.vm(), member.workflowId(), report.phase(), report.parked()));
    MemberResult end = report.result();
    if (end != null) {
      toldEnds.put(report.replicaId(), end);
    }
    show();
  }

  private Resolution resolve(OperationRequest request) {
    try {
      Resolution resolution =
          new Ports(request.pace() == null ? Pace.DEFAULT : request.pace())
              .catalogue("Which replicas and restore points are meant?")
              .resolve(new Resolve(operation, operationId, request.vms()));
      if (!resolution.mistakes().isEmpty()) {
        throw OperationRequest.invalid(resolution.mistakes());
      }
      return resolution;
    } catch (ActivityFailure failure) {
      if (failure.getCause() instanceof CanceledFailure cancelled) {
        throw cancelled;
      }
      FaultException fault = Failures.toFault(failure);
      throw new FaultException(
          fault.fault(), "Nothing was changed: " + fault.sentence() + " Then start the run again.");
    }
  }

  /**
   * A queue that nobody serves is named before anything is changed. Production may be gone, so
   * nobody waits for its answers, which are given back.
   */
  private static Map<String, Promise<Optional<FaultException>>> greetSites(
      List<Member> all, Ports ports) {
    Map<String, Promise<Optional<FaultException>>> needed = new LinkedHashMap<>();
    Map<String, Promise<Optional<FaultException>>> optional = new LinkedHashMap<>();
    all.forEach(member -> greet(member.replica().recovery().site(), ports, needed));
    all.stream()
        .map(member -> member.replica().production().site())
        .filter(site -> !needed.containsKey(site))
        .forEach(site -> greet(site, ports, optional));
    List<FaultException> unserved =
        needed.values().stream().map(Promise::get).flatMap(Optional::stream).toList();
    if (!unserved.isEmpty()) {
      throw new FaultException(
          unserved.getFirst().fault(),
          "Nothing was changed, because a site cannot be used:"
              + unserved.stream().map(fault -> "\n  - " + fault.sentence()).collect(joining()));
    }
    return optional;
  }

  private static void greet(
      String site, Ports ports, Map<String, Promise<Optional<FaultException>>> asked) {
    asked.computeIfAbsent(site, name -> Async.function(() -> greeted(name, ports)));
  }

  private static Optional<FaultException> greeted(String site, Ports ports) {
    try {
      Greeting greeting = ports.hello(site).hello(new Hello(site));
      ports
          .catalogue("Keep who serves site " + site)
          .recordGreetings(new RecordGreetings(List.of(greeting)));
      return Optional.empty();
    } catch (ActivityFailure failure) {
      FaultException fault = Failures.toFault(failure);
      String why =
          fault.fault() == Fault.NO_WORKER
              ? "no worker polls its queue '%s'. Start one there, then start the run again."
                  .formatted(Queues.site(site))
              : fault.sentence();
      return Optional.of(new FaultException(fault.fault(), "site '" + site + "': " + why));
    }
  }

  private void noteUnlessGreeted(String site, Promise<Optional<FaultException>> asked) {
    if (!asked.isCompleted()) {
      notes.add("site '" + site + "' has not answered.");
    } else {
      asked.get().ifPresent(fault -> notes.add(fault.sentence()));
    }
  }

  private List<MemberResult> wave(
      List<Member> wave, OperationRequest request, Pace pace, Instant begunAt) {
    List<Promise<MemberResult>> running = new ArrayList<>();
    for (Member member : wave) {
      ReplicaRequest child =
          new ReplicaRequest(
              member,
              derivedId(member),
              request.overrides(),
              request.by(),
              request.reason(),
              pace,
              Workflow.getInfo().getWorkflowId(),
              begunAt);
      running.add(start(child).handle((result, failure) -> ended(member, result, failure)));
    }
    return running.stream().map(Promise::get).toList();
  }

  private Promise<MemberResult> start(ReplicaRequest child) {
    ChildWorkflowStub stub =
        Workflow.newUntypedChildWorkflowStub(
            childType,
            ChildWorkflowOptions.newBuilder()
                .setWorkflowId(childId(child.member()))
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                .setStaticSummary(
                    Details.escaped(operation.words() + " " + child.member().replica().name()))
                .build());
    return stub.executeAsync(MemberResult.class, child);
  }

  private MemberResult ended(
      Member member, @Nullable MemberResult result, @Nullable RuntimeException failure) {
    MemberResult told = result != null ? result : toldEnds.get(member.replica().id());
    MemberResult end = told != null ? told : withoutResult(member, failure);
    members.put(
        member.replica().id(),
        new MemberStatus(end.vm(), childId(member), end.outcome() + ", " + end.state(), null));
    show();
    return end;
  }

  private MemberResult withoutResult(Member member, @Nullable RuntimeException failure) {
    Throwable cause = failure instanceof ChildWorkflowFailure child ? child.getCause() : failure;
    Outcome outcome =
        switch (cause) {
          case CanceledFailure cancelled -> Outcome.ABORTED;
          case WorkflowExecutionAlreadyStarted other -> Outcome.REFUSED;
          case null, default -> Outcome.UNKNOWN;
        };
    String why =
        switch (outcome) {
          case ABORTED -> "cancelled in Temporal before it began";
          case REFUSED ->
              "Could not %s '%s': another operation holds it, see run '%s'. Wait for it, then start again."
                  .formatted(operation.words(), member.replica().name(), childId(member));
          default ->
              "Run '%s' was ended by hand in Temporal: %s. Look at the replica before anything else."
                  .formatted(childId(member), cause);
        };
    return MemberResult.without(member, outcome, why);
  }

  private void watch(Member member) {
    members.put(
        member.replica().id(),
        new MemberStatus(member.replica().name(), childId(member), "begins", null));
  }

  private List<Parked> parkedFor(Answer answer) {
    List<Parked> fitting = new ArrayList<>();
    for (MemberStatus member : members.values()) {
      Parked parked = member.parked();
      if (parked != null && fits(answer, parked)) {
        fitting.add(parked);
      }
    }
    return fitting;
  }

  private static boolean fits(Answer answer, Parked parked) {
    return answer.isFor(parked.vm())
        && (answer.step() == null || answer.step().equals(parked.step()));
  }

  private String nothingFits(Answer answer) {
    List<String> waiting = new ArrayList<>();
    for (MemberStatus member : members.values()) {
      if (member.parked() != null) {
        waiting.add("'" + member.vm() + "' at step '" + member.parked().step() + "'");
      }
    }
    return "No VM '%s' is parked%s. Parked now: %s."
        .formatted(
            answer.vm() == null ? Answer.EVERY : answer.vm(),
            answer.step() == null ? "" : " at step '" + answer.step() + "'",
            waiting.isEmpty() ? "none" : String.join(", ", waiting));
  }

  private void show() {
    boolean parked = members.values().stream().anyMatch(member -> member.parked() != null);
    if (parked != showsParked) {
      showsParked = parked;
      Workflow.upsertTypedSearchAttributes(Attributes.PARKED.valueSet(parked));
    }
    Workflow.setCurrentDetails(Details.of(status(), Workflow.getInfo().getNamespace()));
  }

  private String derivedId(Member member) {
    return UUID.nameUUIDFromBytes((operationId + "/" + member.replica().id()).getBytes(UTF_8))
        .toString();
  }

  private static String childId(Member member) {
    return "replica/" + member.replica().id();
  }

  private static String idOfThisRun() {
    WorkflowInfo run = Workflow.getInfo();
    return UUID.nameUUIDFromBytes(
            (run.getWorkflowId() + "/" + run.getFirstExecutionRunId()).getBytes(UTF_8))
        .toString();
  }
}
