package io.switchback.operation;

import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A switch that a timer has started: a run of its own, which goes on when the timer ends. */
final class SwitchAttempt {
  private final String workflowId;
  private final Promise<Ending> ending;

  /** How it came to its end. */
  enum End {
    DONE,
    /** Nothing was done: somebody else holds the replica, or a site or the registry is away. */
    REFUSED,
    /** A person has ended it, or left it as it is. */
    STOPPED
  }

  /**
   * What came of it.
   *
   * @param due the time at which it was started
   * @param why in a sentence
   */
  record Ending(Instant due, End end, String why) {}

  private SwitchAttempt(String workflowId, Promise<Ending> ending) {
    this.workflowId = workflowId;
    this.ending = ending;
  }

  static SwitchAttempt start(String replicaId, String vm, Instant due) {
    String workflowId = SwitchTimer.workflowId(replicaId) + "/" + Workflow.randomUUID();
    Promise<Ending> ending =
        Workflow.newUntypedChildWorkflowStub(
                "SwitchOver",
                ChildWorkflowOptions.newBuilder()
                    .setWorkflowId(workflowId)
                    .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                    .setStaticSummary(Details.escaped("switch over " + vm + ", scheduled"))
                    .build())
            .executeAsync(OperationResult.class, input(vm, due))
            .handle((result, failure) -> ending(due, result, failure));
    return new SwitchAttempt(workflowId, ending);
  }

  private static Map<String, Object> input(String vm, Instant due) {
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("vms", List.of(vm));
    input.put(SwitchOverInput.DUE, due.toString());
    input.put("by", "schedule");
    input.put("reason", "scheduled for " + due);
    return input;
  }

  boolean isOver() {
    return ending.isCompleted();
  }

  Ending ending() {
    return ending.get();
  }

  String workflowId() {
    return workflowId;
  }

  private static Ending ending(
      Instant due, @Nullable OperationResult result, @Nullable RuntimeException failure) {
    if (result != null) {
      End end =
          switch (result.outcome()) {
            case DONE -> End.DONE;
            case REFUSED -> End.REFUSED;
            case ABORTED, LEFT_FOR_RECONCILE, UNKNOWN -> End.STOPPED;
          };
      return new Ending(due, end, why(result));
    }
    Throwable cause = failure instanceof ChildWorkflowFailure child ? child.getCause() : failure;
    return cause instanceof ApplicationFailure refused
        ? new Ending(due, End.REFUSED, refused.getOriginalMessage())
        : new Ending(due, End.STOPPED, "its run was ended by hand in Temporal");
  }

  private static String why(OperationResult result) {
    return result.members().stream()
        .flatMap(member -> member.notes().stream())
        .reduce((before, last) -> last)
        .orElse("it ended " + result.outcome());
  }
}
