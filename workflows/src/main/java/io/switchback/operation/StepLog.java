package io.switchback.operation;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people see of a run over one replica: its steps, and the next decision when it waits for
 * one.
 */
final class StepLog {
  private final String vm;
  private final String operation;
  private final List<StepStatus> steps = new ArrayList<>();
  private @Nullable Parked parked;
  private @Nullable String interrupted;

  StepLog(String vm, String operation) {
    this.vm = vm;
    this.operation = operation;
  }

  void begin(String step) {
    steps.add(new StepStatus(step, "RUNNING", RunClock.now(), null, ""));
    show();
  }

  void done(boolean undoing, String detail) {
    end(undoing ? "UNDONE" : "DONE", detail);
  }

  /** How far the step is that runs; what comes after its end is late. */
  void progressed(String words) {
    if (isRunning()) {
      StepStatus last = steps.removeLast();
      steps.add(new StepStatus(last.step(), last.condition(), last.begunAt(), null, words));
      show();
    }
  }

  void failed(String detail) {
    end("FAILED", detail);
  }

  /** A step that is a decision and not an act; one that runs goes on with it. */
  void note(String detail) {
    StepStatus decision = new StepStatus("check", "DONE", RunClock.now(), Duration.ZERO, detail);
    steps.add(isRunning() ? steps.size() - 1 : steps.size(), decision);
    show();
  }

  void parked(Parked waiting) {
    parked = waiting;
    interrupted = isRunning() ? steps.getLast().step() : null;
    if (!isRunning()) {
      begin(waiting.step());
    }
    end("PARKED", waiting.message());
    Workflow.upsertTypedSearchAttributes(Attributes.PARKED.valueSet(true));
  }

  void answered(Answer answer) {
    parked = null;
    StepStatus last = steps.removeLast();
    steps.add(
        new StepStatus(
            last.step(),
            Answer.SKIP.equals(answer.answer()) ? "SKIPPED" : "FAILED",
            last.begunAt(),
            last.took(),
            "answered: " + answer.answer()));
    Workflow.upsertTypedSearchAttributes(Attributes.PARKED.valueSet(false));
    show();
  }

  /** The step that was interrupted by a question goes on. */
  void goOn() {
    String step = interrupted;
    interrupted = null;
    if (step != null) {
      begin(step);
    }
  }

  ReplicaStatus status() {
    return new ReplicaStatus(vm, operation, steps, parked);
  }

  private boolean isRunning() {
    return !steps.isEmpty() && steps.getLast().took() == null;
  }

  private void end(String condition, String detail) {
    StepStatus last = steps.removeLast();
    Duration took = Duration.between(last.begunAt(), RunClock.now());
    steps.add(new StepStatus(last.step(), condition, last.begunAt(), took, detail));
    show();
  }

  private void show() {
    Workflow.setCurrentDetails(Details.of(status()));
  }
}
