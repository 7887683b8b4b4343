package io.switchback.port;

import io.switchback.model.Mandate;
import io.switchback.model.NetworkPair;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the registry keeps of networks that are extended: a pair for each production network and
 * recovery network, and which replicas need it. A pair is there from the first replica that needs
 * it on, and keeps its number and its revision for ever.
 *
 * <p>Every method: REGISTRY_UNAVAILABLE (retried). Those with a mandate: FENCED, and nothing
 * changed, when the mandate's operation does not hold the claim, or a higher step of it has been
 * seen. Milliseconds.
 */
@ActivityInterface
public interface NetworkPairActivities {

  /**
   * Counts the replica into every pair of its networks, with those of the addresses that are in the
   * pair's network, and answers the pairs. Whatever that changes raises the pair's revision, and a
   * pair that was closed is open again. Whether tunnels extend the networks, or the recovery site's
   * appliance is their gateway, is as the mandate's operation has it; of one that has no way of its
   * own as it was when the replica failed over last. The replica leaves its pairs of the other
   * mode. If the replica is counted in like that already, answers {@code changed = false}. A
   * replica whose networks are not extended has no pairs; nor has one whose recovery site is
   * connected by something else than an appliance, or is no gateway, which the answer says.
   *
   * @throws io.switchback.fault.FaultException REFUSED when there are 254 pairs already, or the
   *     recovery site has more networks than its appliance can serve, or one of the networks is
   *     served in the other mode for another replica
   */
  Joined joinNetworks(JoinNetworks request);

  /**
   * Counts the replica out of every pair, and raises the revision of each that it was in. If it is
   * in none, answers {@code changed = false}. The answer names every pair of the replica's networks
   * that is not closed, so that a repetition finds the same.
   */
  Joined leaveNetworks(LeaveNetworks request);

  /**
   * Answers how the replica's pairs are, and others that are asked for, and which of its networks
   * are extended now for anybody. Changes nothing.
   */
  NetworksView lookAtNetworks(LookAtNetworks request);

  /** Answers the pair as it is to be; null when there never was one. Changes nothing. */
  Described describeNetworkPair(DescribeNetworkPair request);

  /**
   * Keeps how the sides are. If something newer was asked of the pair since {@code revision}, keeps
   * nothing and answers {@code changed = false}.
   */
  Done recordNetworkPair(RecordNetworkPair request);

  /**
   * Keeps that nothing is left of the pair at either site. If somebody has joined since {@code
   * revision}, keeps nothing and answers {@code changed = false}, as it does when the pair is
   * closed already.
   */
  Done closeNetworkPair(CloseNetworkPair request);

  /**
   * Asks to count a replica in.
   *
   * @param addresses of the replica, in whatever network
   * @param acknowledged those of them that a person wants open whoever else has them
   */
  record JoinNetworks(
      Mandate mandate, String replicaId, List<String> addresses, List<String> acknowledged) {
    public JoinNetworks {
      addresses = List.copyOf(addresses);
      acknowledged = acknowledged == null ? List.of() : List.copyOf(acknowledged);
    }

    /** One whose addresses nobody else is to have. */
    public JoinNetworks(Mandate mandate, String replicaId, List<String> addresses) {
      this(mandate, replicaId, addresses, List.of());
    }
  }

  /** Asks to count a replica out. */
  record LeaveNetworks(Mandate mandate, String replicaId) {}

  /**
   * The numbers of the pairs that were joined or left.
   *
   * @param instead how both sides are without an appliance; null where appliances serve the
   *     networks
   */
  record Joined(List<Integer> pairs, boolean changed, int attempt, @Nullable SideState instead) {
    /** Of a gateway that nobody has described. */
    public static final String NO_GATEWAY =
        "the recovery site says nothing of a gateway, `fullSite`: the replica has none";

    public Joined {
      pairs = List.copyOf(pairs);
    }

    /** Of a replica whose networks appliances extend, if anything does. */
    public Joined(List<Integer> pairs, boolean changed, int attempt) {
      this(pairs, changed, attempt, null);
    }
  }

  /**
   * Asks for the pairs that the replica is counted into, and for these.
   *
   * @param pairs by number
   */
  record LookAtNetworks(String replicaId, List<Integer> pairs) {
    public LookAtNetworks {
      pairs = List.copyOf(pairs);
    }
  }

  /**
   * Pairs by their number.
   *
   * @param extended pairs of the replica's networks that are not closed, whether it is counted in
   *     or not
   */
  record NetworksView(List<PairView> pairs, List<Integer> extended) {
    public NetworksView {
      pairs = List.copyOf(pairs);
      extended = extended == null ? List.of() : List.copyOf(extended);
    }
  }

  /**
   * How a pair is.
   *
   * @param counted whether the replica is counted in
   * @param settled whether both sides have been looked at since the pair's last revision, or
   *     nothing is left of it
   * @param recovery the recovery side, as it was found since the pair's last revision; null as long
   *     as nobody has looked
   * @param production the same for the production side
   * @param owners who else has an address of the replica, which stays closed therefore; as far as
   *     known since the pair's last revision
   */
  record PairView(
      int number,
      String words,
      boolean counted,
      boolean settled,
      @Nullable SideState recovery,
      @Nullable SideState production,
      List<AddressOwner> owners) {
    public PairView {
      owners = owners == null ? List.of() : List.copyOf(owners);
    }
  }

  /** Asks for the pair. */
  record DescribeNetworkPair(int number) {}

  /** The pair; null when there never was one. */
  record Described(@Nullable NetworkPair pair) {}

  /**
   * Asks to keep how the sides were at that revision.
   *
   * @param owners of addresses that stay closed therefore
   */
  record RecordNetworkPair(
      int number,
      long revision,
      SideState recovery,
      SideState production,
      List<AddressOwner> owners) {
    public RecordNetworkPair {
      owners = owners == null ? List.of() : List.copyOf(owners);
    }
  }

  /** Asks to keep that nothing is left. */
  record CloseNetworkPair(int number, long revision) {}
}
