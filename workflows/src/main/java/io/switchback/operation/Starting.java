package io.switchback.operation;

import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.Done;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import java.time.Duration;
import java.util.function.Supplier;

/** A VM's place among those that start at once at its site. */
final class Starting {
  private final Ports ports;
  private final String site;
  private final String vm;
  private final String operationId;

  Starting(Ports ports, ReplicaRequest request) {
    this.ports = ports;
    this.site = request.member().replica().recovery().site();
    this.vm = request.member().replica().name();
    this.operationId = request.operationId();
  }

  /** Asks for a place, as long as there is none; it ends by itself if it is never given back. */
  Promise<Done> begin() {
    return Async.function(() -> place().take("Wait for room to start " + vm, Ports.SHORT_PAUSE));
  }

  private Place place() {
    Duration limit = ports.pace().bootLimit().plus(ports.pace().stepLimit());
    return new Place(ports, vm, new Admit(site, Cap.STARTING, operationId, limit));
  }

  /**
   * Runs the power-on and keeps the place for as long as that takes: one that is tried for longer
   * than a lease lasts starts all the same. When it has ended, the lease still covers the boot.
   */
  <T> T whilePoweringOn(Supplier<T> act) {
    Runnable stop = place().keep(ports.pace().stepLimit().dividedBy(2));
    return during(
        () -> {
          try {
            return act.get();
          } finally {
            stop.run();
          }
        });
  }

  /** Gives the place back; one that cannot be given back now ends by itself. */
  void end() {
    place().giveBack("Make room for the next to start");
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
