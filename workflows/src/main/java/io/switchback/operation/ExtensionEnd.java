package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.FaultException;
import io.switchback.model.NetworkPair;
import io.switchback.model.SiteAppliance;
import io.switchback.operation.NetworkExtensionRequest.EndMemory;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.ConvergeEnd;
import io.switchback.port.NetworkExtensionActivities.EndView;
import io.switchback.port.NetworkExtensionActivities.LookAtEnd;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.port.NetworkExtensionActivities.TearDownEnd;
import io.temporal.failure.ActivityFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One end of a pair, as its loop makes it, watches it and mends it. */
final class ExtensionEnd {
  /**
   * A look sees the daemon and the tunnel; what else may have been lost is mended every so often.
   */
  private static final int LOOKS_PER_CONVERGENCE = 15;

  private static final int LOOKS_PER_MENDING = 4;

  private final Side side;
  private final Ports ports;
  private final LoopPager pager;
  private final UnaryOperator<NetworkPair> opening;
  private final ExtensionPreflight preflight;
  private final ApplianceVm machine;
  private final EndSilence silence = new EndSilence();
  private long revision;
  private List<String> open = List.of();
  private boolean wasUp;
  private @Nullable Instant downSince;
  private int repairs;
  private int looks;
  private boolean isOutrun;
  private @Nullable EndView view;

  /**
   * @param opening the pair with those of its addresses that may open at this end
   */
  ExtensionEnd(
      Side side,
      Ports ports,
      LoopPager pager,
      EndMemory memory,
      UnaryOperator<NetworkPair> opening) {
    this.side = side;
    this.ports = ports;
    this.pager = pager;
    this.opening = opening;
    preflight = new ExtensionPreflight(side, ports);
    machine = new ApplianceVm(side, ports, pager);
    revision = memory.revision();
    wasUp = memory.wasUp();
    downSince = memory.downSince();
    repairs = memory.repairs();
  }

  EndMemory memory() {
    return new EndMemory(revision, wasUp, downSince, repairs);
  }

  /**
   * Makes the end as the pair says, or sees that it is so, and says how it is; nothing of use when
   * it {@link #isOutrun}.
   */
  SideState keep(NetworkPair pair) {
    isOutrun = false;
    if (isSpared(pair)) {
      return new SideState(Condition.NOT_NEEDED, FullSiteWords.PRODUCTION);
    }
    SiteAppliance appliance = appliance(pair);
    if (appliance == null) {
      return new SideState(
          Condition.ABSENT, "no appliance is described for site '%s'".formatted(site(pair)));
    }
    if (silence.lasts(pair)) {
      return new SideState(Condition.DEGRADED, silence.sentence());
    }
    try {
      if (looks == 0 || revision != pair.revision()) {
        machine.start(pair, site(pair), appliance.vm());
      }
      NetworkPair opened = opening.apply(pair);
      boolean isMade = isMade(opened);
      EndView now = isMade ? look(opened) : converge(opened);
      if (isMade && isToBeMended(now)) {
        noticed(pair);
        now = converge(opened);
      }
      view = now;
      silence.end();
      return judge(opened, now);
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      view = null;
      // What was asked for is asked for again, whatever it has come to.
      looks = 0;
      fellSilent(pair, failure);
      if (!isOutrun) {
        noticed(pair);
      }
      return new SideState(Condition.DEGRADED, silence.sentence());
    }
  }

  private void fellSilent(NetworkPair pair, ActivityFailure failure) {
    FaultException fault = Failures.toFault(failure);
    isOutrun = silence.isOutrunAnew(pair, fault);
    if (!isOutrun) {
      silence.begin(pair, fault, machine);
    }
  }

  /** Whether the registry has to be asked again before the end is: it knows more by now. */
  boolean isOutrun() {
    return isOutrun;
  }

  /** An end that runs and is not answered waits for the other one, which is mended for itself. */
  private boolean isToBeMended(EndView now) {
    return !now.running() || (!isUp(now) && looks % LOOKS_PER_MENDING == 0);
  }

  private boolean isMade(NetworkPair pair) {
    return revision == pair.revision()
        && open.equals(pair.addresses())
        && looks > 0
        && looks < LOOKS_PER_CONVERGENCE;
  }

  private EndView look(NetworkPair pair) {
    looks++;
    return ports.ends(site(pair), "Look at " + words(pair)).lookAtEnd(new LookAtEnd(pair, side));
  }

  private EndView converge(NetworkPair pair) {
    if (pair.fullSite() == null) {
      preflight.look(pair, site(pair), downSince == null && wasUp);
    }
    EndView now =
        ports
            .ends(site(pair), "Make " + words(pair))
            .convergeEnd(new ConvergeEnd(pair, side, preflight.mtuBytes()));
    revision = pair.revision();
    open = pair.addresses();
    looks = 1;
    return now;
  }

  /** An end with a daemon that runs is up at the recovery site: it waits for the other one. */
  private boolean isUp(EndView now) {
    return now.running() && (side == Side.RECOVERY || now.answered() > 0);
  }

  private SideState judge(NetworkPair pair, EndView now) {
    if (!isUp(now)) {
      noticed(pair);
      return new SideState(
          Condition.DEGRADED,
          (now.running()
                  ? "the other end does not answer through the tunnel"
                  : pair.fullSite() == null
                      ? "it does not run, or not whole"
                      : "the appliance is not yet the network's gateway")
              + said(now)
              + found()
              + machine.words());
    }
    Instant since = downSince;
    if (since != null) {
      downSince = null;
      repairs++;
      pager.tell(
          pair.words(),
          side.name(),
          "up/" + side + "/" + RunClock.now(),
          "",
          "%s is up again after %d s"
              .formatted(words(pair), Duration.between(since, RunClock.now()).toSeconds()));
    }
    wasUp = true;
    return new SideState(
        Condition.UP,
        (pair.fullSite() != null
                ? FullSiteWords.of(pair)
                : pair.addresses().isEmpty()
                    ? "no address in %s is open".formatted(pair.extent().network())
                    : String.join(", ", pair.addresses()))
            + machine.words());
  }

  private void noticed(NetworkPair pair) {
    if (wasUp && downSince == null) {
      downSince = RunClock.now();
      pager.tell(
          pair.words(),
          side.name(),
          "down/" + side + "/" + downSince,
          "DEGRADED",
          "%s is down; it is being mended".formatted(words(pair)));
    }
  }

  private static String said(EndView now) {
    return now.lastWord().isEmpty() ? "" : "; last: " + now.lastWord();
  }

  private String found() {
    return preflight.findings().isEmpty() ? "" : "; " + String.join(" ", preflight.findings());
  }

  /** What the preflight has found, a sentence each. */
  List<String> findings() {
    return preflight.findings();
  }

  /** Removes the end; empty when nothing is left, else a sentence that says why. */
  String remove(NetworkPair pair) {
    isOutrun = false;
    wasUp = false;
    downSince = null;
    looks = 0;
    if (isSpared(pair) || appliance(pair) == null) {
      return "";
    }
    if (silence.lasts(pair)) {
      return silence.sentence() + " ";
    }
    try {
      var _ =
          ports.ends(site(pair), "Remove " + words(pair)).tearDownEnd(new TearDownEnd(pair, side));
      silence.end();
      return "";
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      fellSilent(pair, failure);
      return silence.sentence() + " ";
    }
  }

  /** What its daemon said last; empty when it said nothing, or was not seen. */
  String lastWord() {
    EndView now = view;
    return now == null ? "" : now.lastWord();
  }

  /** Round trip, loss and repairs, for people. */
  String figures() {
    EndView now = view;
    String answers =
        now == null || now.asked() == 0
            ? ""
            : "; round trip %.1f ms, %d %% of %d lost"
                .formatted(
                    now.roundTrip().toNanos() / 1e6,
                    100 * (now.asked() - now.answered()) / now.asked(),
                    now.asked());
    return repairs == 0 ? answers : answers + "; mended " + repairs + " times";
  }

  /** Where production is lost, nothing is asked of its appliance. */
  private boolean isSpared(NetworkPair pair) {
    return side == Side.PRODUCTION && pair.fullSite() != null;
  }

  private @Nullable SiteAppliance appliance(NetworkPair pair) {
    return side == Side.RECOVERY ? pair.atRecovery() : pair.atProduction();
  }

  private String site(NetworkPair pair) {
    return side == Side.RECOVERY ? pair.recoverySite() : pair.productionSite();
  }

  private String words(NetworkPair pair) {
    return "the %s end of %s".formatted(side.name().toLowerCase(Locale.ROOT), pair.words());
  }
}
