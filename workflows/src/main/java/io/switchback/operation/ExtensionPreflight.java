package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.model.NetworkPair;
import io.switchback.port.NetworkExtensionActivities.EndPreflight;
import io.switchback.port.NetworkExtensionActivities.PreflightEnd;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.temporal.failure.ActivityFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an end's preflight has found, before it is made for the first time and while it does not
 * come up. A tunnel may come up all the same.
 */
final class ExtensionPreflight {
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final Side side;
  private final Ports ports;
  private @Nullable Instant lookedAt;
  private int mtuBytes;
  private List<String> findings = List.of();

  ExtensionPreflight(Side side, Ports ports) {
    this.side = side;
    this.ports = ports;
  }

  /** Looks, unless that was done, and the end is up or it was not long ago. */
  void look(NetworkPair pair, String site, boolean isUp) {
    Instant last = lookedAt;
    if (last != null && (isUp || RunClock.now().isBefore(last.plus(AGAIN)))) {
      return;
    }
    try {
      EndPreflight found =
          ports
              .ends(site, "Could the tunnel stand at " + site + "?")
              .preflightEnd(new PreflightEnd(pair, side));
      findings = found.findings();
      // The way may be as narrow as it was while its pings are lost.
      mtuBytes = found.mtuBytes() == 0 ? mtuBytes : found.mtuBytes();
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      findings = List.of("The preflight came to nothing: " + Failures.toFault(failure).sentence());
    }
    lookedAt = RunClock.now();
  }

  /** The largest packet on the way; 0 when that is not known. */
  int mtuBytes() {
    return mtuBytes;
  }

  /** What a person should know, a sentence each. */
  List<String> findings() {
    return findings;
  }
}
