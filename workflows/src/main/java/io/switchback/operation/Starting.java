package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.FaultException;
import io.switchback.fault.Remedy;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.AdmissionActivities.Dismiss;
import io.switchback.port.Done;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.function.Supplier;

/** A VM's place among those that start at once at its site. */
final class Starting {
  private final Ports ports;
  private final String site;
  private final String vm;
  private final String operationId;
  private boolean poweringOn;

  Starting(Ports ports, ReplicaRequest request) {
    this.ports = ports;
    this.site = request.member().replica().recovery().site();
    this.vm = request.member().replica().name();
    this.operationId = request.operationId();
  }

  /**
   * Asks for a place, as long as there is none; it ends by itself if it is never given back. That
   * nobody answers is borne as often in a row as in any other step.
   */
  Promise<Done> begin() {
    return Async.function(this::admit);
  }

  private Done admit() {
    Duration backoff = ports.pace().backoff();
    int unanswered = 0;
    while (true) {
      try {
        return ports.admission("Wait for room to start " + vm).admit(lease());
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

  private Admit lease() {
    Duration limit = ports.pace().bootLimit().plus(ports.pace().stepLimit());
    return new Admit(site, Cap.STARTING, operationId, limit);
  }

  /**
   * Runs the power-on and keeps the place for as long as that takes: one that is tried for longer
   * than a lease lasts starts all the same. When it has ended, the lease still covers the boot.
   */
  <T> T whilePoweringOn(Supplier<T> act) {
    poweringOn = true;
    Promise<Void> kept = Async.procedure(this::keep);
    return during(
        () -> {
          try {
            return act.get();
          } finally {
            poweringOn = false;
            // What gives the place back must not be overtaken by a prolongation.
            kept.handle((done, stopped) -> stopped).get();
          }
        });
  }

  /** Prolongs the lease now and then. One prolongation is tried once, so that nobody waits long. */
  private void keep() {
    while (!Workflow.await(ports.pace().stepLimit().dividedBy(2), () -> !poweringOn)) {
      try {
        ports.prolongation("Keep the place of " + vm).admit(lease());
      } catch (ActivityFailure failure) {
        if (failure.getCause() instanceof CanceledFailure) {
          return;
        }
        Workflow.getLogger(Starting.class).warn("a starting place was not prolonged, vm={}", vm);
      }
    }
  }

  /** Gives the place back; one that cannot be given back now ends by itself. */
  void end() {
    try {
      ports
          .dismissal("Make room for the next to start")
          .dismiss(new Dismiss(site, Cap.STARTING, operationId));
    } catch (ActivityFailure endsByItself) {
      Workflow.getLogger(Starting.class).warn("a starting place was not given back, vm={}", vm);
    }
  }

  /**
   * Runs what a starting VM goes through. When it fails, the place is free: whoever parks must not
   * keep the others from starting.
   */
  <T> T during(Supplier<T> act) {
    try {
      return act.get();
    } catch (ActivityFailure failure) {
      end();
      throw failure;
    }
  }
}
