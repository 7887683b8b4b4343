package io.switchback.port;

import io.switchback.model.Mandate;
import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/** Who may power appliances on. Runs on the queue {@code switchback}. */
@ActivityInterface
public interface ApplianceStartActivities {

  /**
   * Gives whoever keeps a pair of networks the right to power its appliances on: a mandate above
   * everything that was given out before, so that a hypervisor refuses who wakes up late. Gives
   * none when nobody needs the pair any more, or something newer than {@code revision} was asked of
   * it. Milliseconds.
   *
   * @throws io.switchback.fault.FaultException REGISTRY_UNAVAILABLE (retried)
   */
  Mandated mandateStart(MandateStart request);

  /** Asks for the right to power appliances on, as the pair was at that revision. */
  record MandateStart(int number, long revision) {}

  /** The right to change a VM; null when there is none. */
  record Mandated(@Nullable Mandate mandate) {}
}
