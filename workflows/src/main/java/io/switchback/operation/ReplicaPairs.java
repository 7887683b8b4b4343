package io.switchback.operation;

import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.port.Done;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.port.NetworkPairActivities;
import io.switchback.port.NetworkPairActivities.JoinNetworks;
import io.switchback.port.NetworkPairActivities.Joined;
import io.switchback.port.NetworkPairActivities.LeaveNetworks;
import io.switchback.port.NetworkPairActivities.LookAtNetworks;
import io.switchback.port.NetworkPairActivities.PairView;
import io.switchback.port.ReplicationActivities.ExtendNetworks;
import io.temporal.failure.ActivityFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pairs of networks that a replica needs. Their loops, {@link NetworkExtension}, do the work;
 * an operation says what is needed, and waits for a while.
 */
final class ReplicaPairs {
  /** After that an operation goes on; the loop keeps trying. */
  static final Duration LIMIT = Duration.ofMinutes(1);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final ReplicaOperation operation;
  private final Replica replica;
  private final Ports ports;
  private final TakenAddresses taken;
  private @Nullable Joined joined;
  private List<String> addresses = List.of();
  private List<AddressOwner> owners = List.of();
  private boolean isOld;

  ReplicaPairs(ReplicaOperation operation, Replica replica) {
    this.operation = operation;
    this.taken = new TakenAddresses(operation, replica);
    this.replica = replica;
    this.ports = operation.ports();
  }

  /** Counts the replica in, and waits for the recovery side. */
  NetworkState join(Mandate mandate, List<String> known) {
    addresses = List.copyOf(known);
    return join(mandate, List.of(), Side.RECOVERY);
  }

  private NetworkState join(Mandate mandate, List<String> acknowledged, Side side) {
    Joined now =
        ports
            .networkPairs("Extend the networks of " + replica.name())
            .joinNetworks(new JoinNetworks(mandate, replica.id(), addresses, acknowledged));
    joined = now;
    wake(now.pairs());
    NetworkState state = await(side);
    return new NetworkState(state.side(), state.condition(), state.detail(), now.attempt());
  }

  /** Who has an address that the replica, which is to start, would answer to as well. */
  Optional<String> takenBefore(List<String> known) {
    return TakenAddresses.finding(taken.ask(known));
  }

  /** Who has an address of the replica that stays closed; asked anew at each try but the first. */
  Optional<String> taken() {
    if (isOld && !owners.isEmpty()) {
      owners = taken.ask(addresses);
    }
    isOld = true;
    return TakenAddresses.finding(owners);
  }

  /** Whether a person wants an address open that somebody else has. */
  boolean isToBeOpened() {
    return !owners.isEmpty();
  }

  /** Opens what somebody else has as well, and waits for the production side. */
  NetworkState openTaken(Mandate mandate) {
    return join(
        mandate, owners.stream().map(AddressOwner::address).distinct().toList(), Side.PRODUCTION);
  }

  /** Waits until the side is up, or known to have no appliance, at most for {@link #LIMIT}. */
  NetworkState await(Side side) {
    Joined known = joined;
    if (known != null && known.pairs().isEmpty()) {
      SideState instead = known.instead();
      return instead == null
          ? new NetworkState(side, Condition.NOT_NEEDED, "its networks are not extended", 1)
          : new NetworkState(side, instead.condition(), instead.detail(), 1);
    }
    List<PairView> pairs =
        await(
            List.of(),
            pair -> isSettled(of(pair, side)),
            side.name().toLowerCase(Locale.ROOT) + " side");
    List<PairView> counted = pairs.stream().filter(PairView::counted).toList();
    owners = counted.stream().flatMap(pair -> pair.owners().stream()).toList();
    return state(side, counted);
  }

  private static boolean isSettled(@Nullable SideState state) {
    return state != null && state.condition() != Condition.DEGRADED;
  }

  private static @Nullable SideState of(PairView pair, Side side) {
    return side == Side.RECOVERY ? pair.recovery() : pair.production();
  }

  /** The worst of its pairs. */
  private static NetworkState state(Side side, List<PairView> pairs) {
    Condition worst =
        pairs.stream()
            .map(pair -> of(pair, side))
            .map(state -> state == null ? Condition.DEGRADED : state.condition())
            .max(Comparator.naturalOrder())
            .orElse(Condition.NOT_NEEDED);
    return new NetworkState(
        side,
        worst,
        pairs.isEmpty()
            ? "its networks are not extended"
            : pairs.stream()
                .map(pair -> pair.words() + ": " + PairWords.of(of(pair, side)))
                .collect(Collectors.joining("; ")),
        1);
  }

  /** Counts the replica out, and waits until the loops have let its addresses go. */
  Done leave(Mandate mandate) {
    Joined left =
        ports
            .networkPairs("Leave the network extension of " + replica.name())
            .leaveNetworks(new LeaveNetworks(mandate, replica.id()));
    if (!left.pairs().isEmpty()) {
      wake(left.pairs());
      for (PairView pair : await(left.pairs(), PairView::settled, "its addresses are let go")) {
        if (!pair.settled()) {
          operation.note(
              "network %s: its addresses may still be answered for at production; `network-extension/%d` keeps removing that"
                  .formatted(pair.words(), pair.number()));
        }
      }
    }
    joined = null;
    return new Done(left.changed(), left.attempt());
  }

  private void wake(List<Integer> pairs) {
    for (int pair : pairs) {
      var _ =
          ports
              .replication("Let the extension of network pair " + pair + " run")
              .extendNetworks(new ExtendNetworks(pair));
    }
  }

  /** The pairs, as they are when all of them fulfil what is waited for, or when time is up. */
  private List<PairView> await(List<Integer> others, Predicate<PairView> until, String words) {
    Instant end = RunClock.now().plus(LIMIT);
    Duration pause = Ports.SHORT_PAUSE.dividedBy(4);
    List<PairView> seen = new ArrayList<>();
    NetworkPairActivities registry = ports.networkPairs("Wait until " + words);
    while (true) {
      try {
        List<PairView> now =
            registry.lookAtNetworks(new LookAtNetworks(replica.id(), others)).pairs();
        seen.clear();
        seen.addAll(now);
        if (seen.stream().allMatch(until)) {
          return seen;
        }
      } catch (ActivityFailure registryIsAway) {
        Cancellation.rethrow(registryIsAway);
      }
      if (!RunClock.now().isBefore(end)) {
        return seen;
      }
      registry = ports.networkPairsAtOnce();
      Nap.await(pause, "until " + words, () -> false);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }
}
