package io.switchback.worker.crash;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where an activity is caught after its effect and before its completion is reported. */
sealed interface Trap {
  /** The lab withholds its answer to a call; without a VM, to whichever comes first. */
  record Lab(String site, String call, @Nullable String vm) implements Trap {}

  /**
   * A lab trap that is set while an earlier answer is kept back, so that it catches the call that
   * follows that one.
   */
  record LabAfter(Trap first, Lab then) implements Trap {}

  /** The proxy keeps PostgreSQL's answer back that follows these texts. */
  record Registry(List<String> texts) implements Trap {
    static Registry commitOf(String text) {
      return new Registry(List.of(text, "COMMIT"));
    }
  }

  /** The guest keeps its answer to a check back. */
  record Check() implements Trap {}

  /** The proxy keeps Temporal's answer back to an activity that wakes a workflow of the type. */
  record Wake(String workflow) implements Trap {}

  /**
   * The proxy keeps back what tells Temporal that the activity has completed: for one whose last
   * call of anybody comes before its effect.
   */
  record Completion(String activity) implements Trap {}
}
