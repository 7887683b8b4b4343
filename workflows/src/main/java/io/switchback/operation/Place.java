package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.FaultException;
import io.switchback.fault.Remedy;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Dismiss;
import io.switchback.port.Done;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.function.Supplier;

/** A VM's place among those that do the same at once at a site. It ends by itself. */
final class Place {
  private final Ports ports;
  private final String vm;
  private final Admit lease;

  Place(Ports ports, String vm, Admit lease) {
    this.ports = ports;
    this.vm = vm;
    this.lease = lease;
  }

  /**
   * Asks for the place for as long as there is none. That nobody answers is borne as often in a row
   * as in any other step.
   *
   * @param longestPause between two questions
   */
  Done take(String summary, Duration longestPause) {
    Duration backoff = ports.pace().backoff();
    int unanswered = 0;
    while (true) {
      try {
        return ports.admission(summary, longestPause).admit(lease);
      } catch (ActivityFailure failure) {
        FaultException fault = Failures.toFault(failure);
        // An attempt after the first comes after an answer: only NO_ADMISSION is asked again.
        boolean wasAnswered = fault.attempt() > 1;
        unanswered = wasAnswered ? 1 : unanswered + 1;
        if (failure.getCause() instanceof CanceledFailure
            || fault.fault().remedy() != Remedy.RETRY
            || unanswered >= ports.pace().attempts()) {
          throw failure;
        }
        backoff = wasAnswered ? ports.pace().backoff() : backoff;
        Workflow.sleep(backoff);
        backoff = Ports.longer(backoff);
      }
    }
  }

  /** Prolongs the place every {@code pause} until what is answered runs. */
  Runnable keep(Duration pause) {
    boolean[] ended = new boolean[1];
    Promise<Void> kept = Async.procedure(() -> prolong(pause, () -> ended[0]));
    return () -> {
      ended[0] = true;
      // What gives the place back must not be overtaken by a prolongation.
      kept.handle((done, stopped) -> stopped).get();
    };
  }

  /** One prolongation is tried once, so that nobody waits long for its end. */
  private void prolong(Duration pause, Supplier<Boolean> ended) {
    while (!Workflow.await(pause, ended)) {
      try {
        ports.prolongation("Keep the place of " + vm).admit(lease);
      } catch (ActivityFailure failure) {
        if (failure.getCause() instanceof CanceledFailure) {
          return;
        }
        Workflow.getLogger(Place.class)
            .warn("a place was not prolonged, vm={} cap={}", vm, lease.cap());
      }
    }
  }

  /** Gives the place back; one that cannot be given back now ends by itself. */
  void giveBack(String summary) {
    try {
      ports.dismissal(summary).dismiss(dismissal());
    } catch (ActivityFailure endsByItself) {
      Workflow.getLogger(Place.class)
          .warn("a place was not given back, vm={} cap={}", vm, lease.cap());
    }
  }

  Dismiss dismissal() {
    return new Dismiss(lease.site(), lease.cap(), lease.holder());
  }

  Admit lease() {
    return lease;
  }
}
