package io.switchback.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.operation.OperationStatus.MemberStatus;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The members of a run over many: one child for each, answers passed on to parked ones, results
 * gathered.
 */
final class Members {
  /** More children at once than this would crowd a run's history. */
  private static final int WAVE = 500;

  private final Operation operation;
  private final String childType;
  private final Map<String, MemberStatus> members = new LinkedHashMap<>();
  private final Map<String, MemberResult> toldEnds = new LinkedHashMap<>();
  private String operationId = "";
  private boolean showsParked;

  /**
   * @param childType workflow type that runs the operation over one member
   */
  Members(Operation operation, String childType) {
    this.operation = operation;
    this.childType = childType;
  }

  /**
   * A member's run.
   *
   * @param id by which the run tells where it is
   * @param workflowId a mutex: two runs of it at once are refused
   * @param input of the run
   * @param pause after its start, before the next one starts
   * @param without what is said of a member whose run has no result of its own
   */
  record Child(
      String id,
      String vm,
      String workflowId,
      Object input,
      Duration pause,
      BiFunction<Outcome, String, MemberResult> without) {}

  /** Takes the operation's id as given, or else one that stays the same for this run. */
  String operationId(String given) {
    operationId = given.isEmpty() ? idOfThisRun() : given;
    return operationId;
  }

  /** The id of the operation over one member. */
  String derivedId(String memberId) {
    return UUID.nameUUIDFromBytes((operationId + "/" + memberId).getBytes(UTF_8)).toString();
  }

  /** Lists a member before its run begins. */
  void watch(Child member) {
    members.put(member.id(), new MemberStatus(member.vm(), member.workflowId(), "begins", null));
  }

  /** Runs every member to its end. */
  List<MemberResult> run(List<Child> all) {
    List<MemberResult> results = new ArrayList<>();
    for (int from = 0; from < all.size(); from += WAVE) {
      List<Promise<MemberResult>> running = new ArrayList<>();
      for (Child member : all.subList(from, Math.min(all.size(), from + WAVE))) {
        running.add(start(member).handle((result, failure) -> ended(member, result, failure)));
        if (running.size() + results.size() < all.size()) {
          pause(member);
        }
      }
      running.stream().map(Promise::get).forEach(results::add);
    }
    return results;
  }

  /** Whoever cancels the run ends the pause; those that have not begun do not begin then. */
  private static void pause(Child member) {
    if (member.pause().isPositive()) {
      try {
        Workflow.sleep(member.pause());
      } catch (CanceledFailure cancelled) {
        // Each start from here on is cancelled as well, and says so.
      }
    }
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

  private Promise<MemberResult> start(Child member) {
    ChildWorkflowStub stub =
        Workflow.newUntypedChildWorkflowStub(
            childType,
            ChildWorkflowOptions.newBuilder()
                .setWorkflowId(member.workflowId())
                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                .setStaticSummary(Details.escaped(operation.words() + " " + member.vm()))
                .build());
    return stub.executeAsync(MemberResult.class, member.input());
  }

  private MemberResult ended(
      Child member, @Nullable MemberResult result, @Nullable RuntimeException failure) {
    MemberResult told = result != null ? result : toldEnds.get(member.id());
    MemberResult end = told != null ? told : withoutResult(member, failure);
    members.put(
        member.id(),
        new MemberStatus(
            end.vm(), member.workflowId(), end.outcome() + ", " + end.stateInWords(), null));
    show();
    return end;
  }

  private MemberResult withoutResult(Child member, @Nullable RuntimeException failure) {
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
                  .formatted(operation.words(), member.vm(), member.workflowId());
          default ->
              "Run '%s' was ended by hand in Temporal: %s. Look at the replica before anything else."
                  .formatted(member.workflowId(), cause);
        };
    return member.without().apply(outcome, why);
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

  private static String idOfThisRun() {
    WorkflowInfo run = Workflow.getInfo();
    return UUID.nameUUIDFromBytes(
            (run.getWorkflowId() + "/" + run.getFirstExecutionRunId()).getBytes(UTF_8))
        .toString();
  }
}
