package io.switchback.operation;

import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An operation that a timer has started: a run of its own, which goes on when the timer ends. */
final class TimedRun {
  private final String workflowId;
  private final Promise<Ending> ending;
  private final CancellationScope scope;

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

  private TimedRun(String workflowId, Promise<Ending> ending, CancellationScope scope) {
    this.workflowId = workflowId;
    this.ending = ending;
    this.scope = scope;
  }

  /**
   * Starts it.
   *
   * @param type of the workflow
   * @param timer workflow id of the timer
   * @param summary for people
   * @param input as a person would write it
   * @param due the time at which it is started
   */
  static TimedRun start(
      String type, String timer, String summary, Map<String, Object> input, Instant due) {
    String workflowId = timer + "/" + Workflow.randomUUID();
    List<Promise<Ending>> begun = new ArrayList<>(1);
    CancellationScope scope =
        Workflow.newCancellationScope(
            () ->
                begun.add(
                    Workflow.newUntypedChildWorkflowStub(
                            type,
                            ChildWorkflowOptions.newBuilder()
                                .setWorkflowId(workflowId)
                                .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                                .setCancellationType(
                                    ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED)
                                .setStaticSummary(Details.escaped(summary))
                                .build())
                        .executeAsync(OperationResult.class, input)
                        .handle((result, failure) -> ending(due, result, failure))));
    scope.run();
    return new TimedRun(workflowId, begun.getFirst(), scope);
  }

  /** Asks it to undo what it has done and to end; it is over once it has. */
  void cancel() {
    scope.cancel();
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
