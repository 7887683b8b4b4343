package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.model.NetworkPair;
import io.switchback.model.Pace;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.port.NetworkPairActivities.CloseNetworkPair;
import io.switchback.port.NetworkPairActivities.DescribeNetworkPair;
import io.switchback.port.NetworkPairActivities.RecordNetworkPair;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The loop around the two ends of a pair. The registry is the truth, and is asked at every turn.
 */
public final class NetworkExtensionWorkflow implements NetworkExtension {
  static final String OPERATION = "extend networks";

  private static final int TURNS_PER_RUN = 150;

  /** Between two looks at what is up; short, for a dead tunnel is noticed no sooner. */
  private static final Duration WHILE_UP = Duration.ofSeconds(4);

  private static final Duration WHILE_COMING_UP = Duration.ofSeconds(1);

  /** What has not come up by then is asked less often. */
  private static final Duration HURRY = Duration.ofMinutes(2);

  private final int number;
  private final Ports ports = new Ports(Pace.DEFAULT);
  private final LoopPager pager;
  private final ExtensionEnd recovery;
  private final ExtensionEnd production;
  private final OpenAddresses addresses;
  private final Nap nap = new Nap();
  private @Nullable RecordNetworkPair recorded;
  private @Nullable Instant strivingSince;

  @WorkflowInit
  public NetworkExtensionWorkflow(NetworkExtensionRequest request) {
    number = request.pair();
    pager = new LoopPager(ports, OPERATION, request.told());
    addresses = new OpenAddresses(ports, pager, request.free());
    recovery = new ExtensionEnd(Side.RECOVERY, ports, pager, request.recovery(), pair -> pair);
    production =
        new ExtensionEnd(Side.PRODUCTION, ports, pager, request.production(), addresses::of);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
  public void extend(NetworkExtensionRequest request) {
    Workflow.upsertTypedSearchAttributes(Attributes.OPERATION.valueSet(OPERATION));
    for (int turns = 0; turns < TURNS_PER_RUN; turns++) {
      nap.begin();
      NetworkPair pair = ask(); //                         1  who needs it?
      if (pair != null && pair.members().isEmpty()) {
        if (isOver(pair)) { //                             5  nobody: nothing may be left
          pager.awaitCalls();
          // Who has joined meanwhile has woken the loop, and counts on it.
          if (!nap.isWoken()) {
            return;
          }
        }
      } else if (pair != null) {
        SideState there = recovery.keep(pair); //          2
        if (recovery.isOutrun()) {
          // Nothing is wrong: another network's loop was faster, and has served this one, too.
          continue;
        }
        SideState here = //                                3
            there.condition() == Condition.ABSENT
                ? new SideState(Condition.ABSENT, "there is no other end to connect to")
                : explained(production.keep(pair));
        record(pair, there, here); //                      4
        rest(there, here);
      }
    }
    pager.awaitCalls();
    Workflow.continueAsNew(
        new NetworkExtensionRequest(
            number, recovery.memory(), production.memory(), pager.told(), addresses.free()));
  }

  /** Who is refused is not told why: only the other end knows what was wrong with a certificate. */
  private SideState explained(SideState here) {
    String word = recovery.lastWord();
    return here.condition() == Condition.DEGRADED && !word.isEmpty()
        ? new SideState(here.condition(), here.detail() + "; the other end: " + word)
        : here;
  }

  private @Nullable NetworkPair ask() {
    try {
      NetworkPair pair =
          ports.networkPairsAtOnce().describeNetworkPair(new DescribeNetworkPair(number)).pair();
      if (pair == null) {
        show("the registry does not know it; it is asked again");
        nap.rest(Nap.AFTER_A_PROBLEM, "until the registry is asked again");
      }
      return pair;
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      show(Failures.toFault(failure).sentence());
      nap.rest(ports.pace().heartbeat(), "until the registry is asked again");
      return null;
    }
  }

  /** Lets operations know; the registry hears only of what has changed. */
  private void record(NetworkPair pair, SideState there, SideState here) {
    show(pair, there, here);
    RecordNetworkPair news =
        new RecordNetworkPair(number, pair.revision(), there, here, addresses.owners());
    if (news.equals(recorded)) {
      return;
    }
    try {
      var _ = ports.networkPairs("Keep how pair " + number + " is").recordNetworkPair(news);
      recorded = news;
    } catch (ActivityFailure failure) {
      // It is recorded at the next turn.
      Cancellation.rethrow(failure);
    }
  }

  private void rest(SideState there, SideState here) {
    boolean strives =
        there.condition() == Condition.DEGRADED || here.condition() == Condition.DEGRADED;
    Instant now = RunClock.now();
    Instant since = strives ? (strivingSince == null ? now : strivingSince) : null;
    strivingSince = since;
    boolean hurries = since != null && now.isBefore(since.plus(HURRY));
    nap.rest(hurries ? WHILE_COMING_UP : WHILE_UP, "until both ends are looked at again");
  }

  /** Removes both ends; whether nothing is left, and nobody has come meanwhile. */
  private boolean isOver(NetworkPair pair) {
    if (pair.closed()) {
      return true;
    }
    addresses.forget();
    // Production's hosts are to find production's own VM before anything else goes.
    String left = production.remove(pair) + recovery.remove(pair);
    if (recovery.isOutrun()) {
      return false;
    }
    if (!left.isEmpty()) {
      show("%s: nobody needs it any more. %s".formatted(pair.words(), left));
      nap.rest(ports.pace().heartbeat(), "until both ends are removed again");
      return false;
    }
    try {
      return ports
          .networkPairs("Nothing is left of pair " + number)
          .closeNetworkPair(new CloseNetworkPair(number, pair.revision()))
          .changed();
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      nap.rest(ports.pace().heartbeat(), "until the registry is asked again");
      return false;
    }
  }

  private void show(NetworkPair pair, SideState there, SideState here) {
    show(
        """
        %s, for %s

        * recovery side (%s): %s%s
        * production side (%s): %s%s
        %s"""
            .formatted(
                Details.escaped(pair.words()),
                Details.escaped(String.join(", ", pair.vms())),
                Details.escaped(pair.recoverySite()),
                Details.escaped(PairWords.of(there)),
                Details.escaped(recovery.figures()),
                Details.escaped(pair.productionSite()),
                Details.escaped(PairWords.of(here)),
                Details.escaped(production.figures()),
                findings()));
  }

  /** What a person should know, and may do something about. */
  private String findings() {
    return Stream.of(
            TakenAddresses.finding(addresses.owners()).stream(),
            recovery.findings().stream(),
            production.findings().stream())
        .flatMap(sentences -> sentences)
        .map(sentence -> "* " + Details.escaped(sentence) + "\n")
        .collect(Collectors.joining());
  }

  private void show(String words) {
    Workflow.setCurrentDetails("**%s · pair %d**\n\n%s".formatted(OPERATION, number, words));
  }

  @Override
  public void wake() {
    nap.wake();
  }
}
