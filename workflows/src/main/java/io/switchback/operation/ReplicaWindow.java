package io.switchback.operation;

import io.switchback.model.CommitWindow;
import io.switchback.model.Replica;
import io.switchback.model.Undoable;
import io.switchback.model.WindowTerms;
import io.switchback.operation.Steps.Told;
import io.switchback.port.ReplicationActivities.TimeWindow;
import io.switchback.port.WindowActivities.OpenWindow;
import io.switchback.port.WindowActivities.Opened;
import io.switchback.port.WindowActivities.PlanWindow;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The verbs on a replica's window, at whose end what an operation leads to is committed or undone.
 * It is a fact of the registry, written before anything is changed, so that whoever settles the
 * operation in its place knows of it; {@link WindowTimer} goes by it.
 */
final class ReplicaWindow {
  private final ReplicaOperation operation;
  private final ReplicaRequest request;
  private final Replica replica;
  private final Ports ports;
  private List<CommitWindow> known = List.of();
  private boolean isTimed;

  ReplicaWindow(ReplicaOperation operation, ReplicaRequest request) {
    this.operation = operation;
    this.request = request;
    this.replica = request.member().replica();
    this.ports = operation.ports();
  }

  /** Goes on from what the claim says. */
  void goOnFrom(List<CommitWindow> windows) {
    known = windows;
  }

  /**
   * Ends an operation that a timer has started at the end of a window that is another one by now.
   * Only who holds the claim can tell.
   */
  void leaveUnlessDue() {
    Instant due = request.due();
    if (due != null && known.stream().noneMatch(window -> due.equals(window.endsAt()))) {
      throw new Aborted(
          "nothing was done: the window that was to end at %s does not end then any more"
              .formatted(due));
    }
  }

  /** The registry keeps the window that was asked for, if one was; it does not count yet. */
  void plan(Undoable of) {
    WindowTerms terms = request.window();
    if (terms == null) {
      return;
    }
    CommitWindow asked = new CommitWindow(request.operationId(), of, terms, request.by());
    operation.step(
        StepKind.PLAN_WINDOW,
        mandate ->
            ports
                .windows("Keep what ends the window of " + replica.name())
                .planWindow(new PlanWindow(mandate, replica.id(), asked)));
  }

  /** The window counts from now, if one is kept, and its timer runs. */
  void open(Undoable of) {
    if (request.window() == null && known.stream().noneMatch(window -> window.of() == of)) {
      return;
    }
    Instant now = RunClock.now();
    Opened opened =
        operation
            .steps()
            .step(
                StepKind.OPEN_WINDOW,
                mandate ->
                    ports
                        .windows("The window of " + replica.name() + " counts from now")
                        .openWindow(new OpenWindow(mandate, replica.id(), of, now)),
                answer -> new Told(answer.changed(), answer.attempt(), words(answer.window())),
                skipped -> new Opened(null, false, 0));
    CommitWindow window = opened.window();
    if (window == null) {
      return;
    }
    isTimed = true;
    operation.step(
        StepKind.START_WINDOW,
        mandate ->
            ports
                .replication("Commit or undo " + replica.name() + " when its window ends")
                .timeWindow(new TimeWindow(replica.id(), replica.name())));
    operation.note(
        "is committed or undone by itself: %s; `window/%s` tells how to extend or cancel that"
            .formatted(words(window), replica.id()));
  }

  private static String words(@Nullable CommitWindow window) {
    return window == null
        ? "there is none"
        : "%s at %s".formatted(window.terms().atEnd().word(), window.endsAt());
  }

  /**
   * The timer looks at what the operation has made of the window. It looks by itself later, so
   * nobody parks for it.
   */
  void wake() {
    if (known.isEmpty() || isTimed) {
      return;
    }
    try {
      var _ =
          ports
              .replication("The timer of the window of " + replica.name() + " looks again")
              .timeWindow(new TimeWindow(replica.id(), replica.name()));
    } catch (ActivityFailure looksLater) {
      Workflow.getLogger(ReplicaWindow.class)
          .warn("the timer of the window was not woken, vm={}", replica.name());
    }
  }
}
