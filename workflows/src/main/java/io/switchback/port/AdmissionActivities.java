package io.switchback.port;

import io.temporal.activity.ActivityInterface;
import java.time.Duration;

/**
 * Caps per site that all runs and workers share, as leases in the registry. Every method:
 * REGISTRY_UNAVAILABLE (retried).
 */
@ActivityInterface
public interface AdmissionActivities {

  /**
   * Admits the holder when fewer than the site's cap are at it, and fewer than the caps of the host
   * and the datastore that its replica stands on, where there are any.
   *
   * <p>If the holder is admitted already, its lease is prolonged and {@code changed = false}. A
   * lease that is not given back ends by itself after {@code limit}. Who has to wait is remembered
   * for as long as he goes on asking, for people to see. Milliseconds.
   *
   * @throws io.switchback.fault.FaultException NO_ADMISSION (asked again until there is room)
   */
  Done admit(Admit request);

  /** Gives the lease back. If there is none, answers {@code changed = false}. Milliseconds. */
  Done dismiss(Dismiss request);

  /** What is capped. */
  enum Cap {
    /** VMs from power-on until the guest is ready or its boot limit ends. */
    STARTING,
    /** Replicas that blocks are sent to, from the first of a cycle's disks to the last. */
    TRANSFERRING
  }

  /**
   * Asks to be admitted.
   *
   * @param holder an operation id; of a replication cycle the replica's id
   */
  record Admit(String site, Cap cap, String holder, Duration limit) {}

  /** Asks to give a lease back. */
  record Dismiss(String site, Cap cap, String holder) {}
}
