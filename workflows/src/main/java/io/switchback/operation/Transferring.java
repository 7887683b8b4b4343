package io.switchback.operation;

import io.switchback.model.Replica;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import io.temporal.failure.ActivityFailure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A cycle's place among the transfers to its recovery site. Most cycles find one at once: that is
 * asked, and given back, in the workflow's own task.
 */
final class Transferring {
  /** A loop that is terminated keeps its place for no longer than this. */
  private static final Duration LEASE = Duration.ofMinutes(10);

  /** Hundreds of first copies may wait for hours: they ask less often the longer they wait. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

  private final Ports ports;
  private final String vm;
  private final String site;
  private final Place place;
  private @Nullable Runnable keeping;
  private boolean asked;

  /** The replica's, towards its recovery site. */
  Transferring(Ports ports, Replica replica) {
    this(ports, replica, replica.recovery().site());
  }

  /** The replica's, towards {@code site}. */
  Transferring(Ports ports, Replica replica, String site) {
    this.ports = ports;
    this.vm = replica.name();
    this.site = site;
    this.place = new Place(ports, vm, new Admit(site, Cap.TRANSFERRING, replica.id(), LEASE));
  }

  /**
   * Waits until there is a place, and keeps it from then on. If it is kept already, does nothing.
   *
   * @param waits told what it waits for, when it has to
   */
  void begin(java.util.function.Consumer<String> waits) {
    if (keeping != null) {
      return;
    }
    asked = true;
    if (!isAdmittedAtOnce()) {
      waits.accept("waits for a place among the transfers to " + site);
      place.take("Wait for room to send " + vm + " to " + site, LONGEST_PAUSE);
    }
    keeping = place.keep(LEASE.dividedBy(2));
  }

  private boolean isAdmittedAtOnce() {
    try {
      ports.admissionAtOnce().admit(place.lease());
      return true;
    } catch (ActivityFailure notNow) {
      Cancellation.rethrow(notNow);
      return false;
    }
  }

  /** Gives the place back. If none was asked for since the last time, does nothing. */
  void end() {
    if (!asked) {
      return;
    }
    asked = false;
    Runnable kept = keeping;
    keeping = null;
    if (kept != null) {
      kept.run();
    }
    try {
      ports.admissionAtOnce().dismiss(place.dismissal());
    } catch (ActivityFailure later) {
      place.giveBack("Make room for the next to be sent to " + site);
    }
  }
}
