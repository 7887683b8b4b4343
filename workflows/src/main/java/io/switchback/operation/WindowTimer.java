package io.switchback.operation;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import org.jspecify.annotations.Nullable;

/**
 * The timer of a window, {@code window/<replica id>}: at the window's end it commits or undoes the
 * replica's failover or failback, by the same operations that a person starts. It may wait for
 * weeks, across builds, and ends by itself as soon as a person has been faster.
 *
 * <p>With probes, those speak first: where they are for the end (all pass and it is a commit, or
 * not all pass and it is an undo), it is carried out. Where they are against it, people are told,
 * and the end is put off by the window's length, at most {@link
 * io.switchback.model.WindowTerms#EXTENSIONS_BY_PROBES} times; then nothing is done by itself. A
 * site that cannot be asked says neither: it is asked again.
 *
 * <p>What is refused is tried again until it goes through, and people are told. What a person has
 * stopped is not started again by itself.
 */
@WorkflowInterface
public interface WindowTimer {
  /** Name of the workflow type. */
  String TYPE = "WindowTimer";

  /** Name of the signal that lets the timer ask the registry now. */
  String WAKE = "wake";

  /** Name of the same that leaves alone what a person has stopped. */
  String LOOK = "look";

  /** Name of the update that puts the end off. */
  String EXTEND = "extend";

  /** Name of the update that ends the window. */
  String CANCEL = "cancelWindow";

  /** Workflow id of the replica's timer. */
  static String workflowId(String replicaId) {
    return "window/" + replicaId;
  }

  /** Waits until the window is over. */
  @WorkflowMethod(name = TYPE)
  void await(WindowTimerRequest request);

  /** Asks the registry now when the window ends, and tries what was stopped again. */
  @SignalMethod(name = WAKE, description = "Ask the registry now when the window ends")
  void wake();

  /** Asks the registry now; what a person has stopped stays so. */
  @SignalMethod(name = LOOK, description = "Ask the registry now, and start nothing again")
  void look();

  /** Puts the end off; answers it in a sentence. */
  @UpdateMethod(
      name = EXTEND,
      description =
          "Put the end off, e.g. {\"extendBy\":\"PT2H\",\"by\":\"your name\"}, or to a time with"
              + " \"until\"")
  String extend(@Nullable WindowChange change);

  /** Refuses a change that makes no sense, or comes too late. */
  @UpdateValidatorMethod(updateName = EXTEND)
  void validateExtend(@Nullable WindowChange change);

  /** Ends the window: nothing is committed or undone by itself. */
  @UpdateMethod(
      name = CANCEL,
      description = "Nothing is committed or undone by itself, e.g. {\"by\":\"your name\"}")
  String cancelWindow(@Nullable WindowChange change);

  /** Refuses a change without a name, or that comes too late. */
  @UpdateValidatorMethod(updateName = CANCEL)
  void validateCancelWindow(@Nullable WindowChange change);
}
