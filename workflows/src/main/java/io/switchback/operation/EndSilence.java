package io.switchback.operation;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.FullSiteGateway;
import io.switchback.model.NetworkPair;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How long an end is left alone whose appliance did not do what it was asked for. What is new is
 * asked for at once.
 */
final class EndSilence {
  /** A site that does not answer holds the other one up for as long as it is asked. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** An appliance that boots, or has been busy with another command, answers soon. */
  private static final Duration WHILE_BUSY = Duration.ofSeconds(3);

  private @Nullable Instant until;
  private long revision;
  private long outrun;
  private String sentence = "";

  /** Whether it is not yet time to ask for the same again. */
  boolean lasts(NetworkPair pair) {
    return until != null && revision(pair) == revision && RunClock.now().isBefore(until);
  }

  /**
   * Whether the end is a gateway of which the loop of another network has asked for more by then.
   * The registry knew that first, so that whoever asks it again asks the appliance for no less;
   * true once for a revision, because an appliance may have seen more than the registry gives out.
   */
  boolean isOutrunAnew(NetworkPair pair, FaultException fault) {
    FullSiteGateway gateway = pair.fullSite();
    if (gateway == null || fault.fault() != Fault.FENCED || gateway.revision() <= outrun) {
      return false;
    }
    outrun = gateway.revision();
    return true;
  }

  /** Begins, for a reason that {@link #sentence} then says. */
  void begin(NetworkPair pair, FaultException fault, ApplianceVm machine) {
    boolean isShort = machine.isBooting() || fault.fault() == Fault.BUSY;
    sentence = fault.sentence() + machine.words();
    revision = revision(pair);
    until = RunClock.now().plus(isShort ? WHILE_BUSY : SILENCE);
  }

  void end() {
    until = null;
  }

  /** Why it began last. */
  String sentence() {
    return sentence;
  }

  /** Of all that is asked of the appliance for this pair: a gateway serves other networks, too. */
  private static long revision(NetworkPair pair) {
    FullSiteGateway gateway = pair.fullSite();
    return gateway == null ? pair.revision() : gateway.revision();
  }
}
