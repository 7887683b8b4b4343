package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.FullSiteGateway;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.NetworkMode;
import io.switchback.model.NetworkPair;
import io.switchback.model.NetworkPair.Member;
import io.switchback.model.Replica;
import io.switchback.model.SiteNetworks;
import io.switchback.operation.Procedure;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.SideState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a {@link FakeRegistry} keeps of networks that are extended. */
class FakeNetworkPairActivities implements NetworkPairActivities, ApplianceStartActivities {
  /** A pair as a registry keeps it. */
  static final class FakePair {
    final int number;
    final String productionSite;
    final String recoverySite;
    final NetworkMode mode;
    NetworkMapping network;
    final Map<String, Member> members = new LinkedHashMap<>();
    long revision;
    long seenRevision;
    boolean closed = true;
    @Nullable SideState recovery;
    @Nullable SideState production;
    List<AddressOwner> owners = List.of();

    FakePair(
        int number,
        String productionSite,
        String recoverySite,
        NetworkMapping network,
        NetworkMode mode) {
      this.number = number;
      this.mode = mode;
      this.productionSite = productionSite;
      this.recoverySite = recoverySite;
      this.network = network;
    }

    boolean isOf(Replica replica) {
      return productionSite.equals(replica.production().site())
          && recoverySite.equals(replica.recovery().site())
          && replica.networks().contains(network.recovery());
    }
  }

  final FakeRegistry registry;
  private final FakeClaimActivities claims;

  FakeNetworkPairActivities(FakeRegistry registry) {
    this.registry = registry;
    this.claims = new FakeClaimActivities(registry);
  }

  @Override
  public Joined joinNetworks(JoinNetworks request) {
    List<Integer> pairs = new ArrayList<>();
    AtomicReference<@Nullable SideState> instead = new AtomicReference<>();
    Done done =
        claims.change(
            "joinNetworks",
            "join",
            request.replicaId(),
            request.mandate(),
            replica -> {
              pairs.clear();
              NetworkMode mode = mode(replica);
              instead.set(instead(replica.replica, mode));
              refuse(replica.replica, mode);
              replica.networkMode = mode;
              boolean changed = false;
              for (FakePair pair : registry.networks.known()) {
                changed |= pair.mode != mode && leave(pair, request.replicaId());
              }
              if (instead.get() != null) {
                return changed;
              }
              for (FakePair pair : registry.networks.pairsOf(replica.replica, mode)) {
                List<String> addresses = within(pair, request.addresses());
                changed |=
                    join(
                        pair,
                        new Member(
                            request.replicaId(),
                            replica.replica.name(),
                            addresses,
                            request.mandate().fence().epoch(),
                            within(pair, request.acknowledged())));
                pairs.add(pair.number);
              }
              return changed;
            });
    return new Joined(pairs, done.changed(), done.attempt(), instead.get());
  }

  NetworkMode mode(FakeReplica replica) {
    return Procedure.of(Objects.requireNonNull(replica.claim).settles)
        .networks(replica.networkMode);
  }

  @Nullable SideState instead(Replica replica, NetworkMode mode) {
    String site = replica.recovery().site();
    String connected = registry.networks.of(site).instead(site);
    if (!connected.isEmpty()) {
      return new SideState(Condition.NOT_NEEDED, connected);
    }
    return mode == NetworkMode.FULL_SITE && !registry.networks.gateways.containsKey(site)
        ? new SideState(Condition.ABSENT, Joined.NO_GATEWAY)
        : null;
  }

  void refuse(Replica replica, NetworkMode mode) {
    Stream.concat(
            registry.networks.tooMany(List.of(replica)).stream(),
            registry.networks.conflicts(mode, replica, List.of(replica.id())).stream())
        .findFirst()
        .ifPresent(
            why -> {
              throw new FaultException(Fault.REFUSED, why);
            });
  }

  List<String> within(FakePair pair, List<String> addresses) {
    return addresses.stream()
        .filter(Objects.requireNonNull(pair.network.extent())::contains)
        .distinct()
        .sorted()
        .toList();
  }

  boolean join(FakePair pair, Member member) {
    boolean isNew = !member.equals(pair.members.put(member.replicaId(), member));
    if (isNew || pair.closed) {
      pair.revision++;
      pair.closed = false;
    }
    return isNew;
  }

  @Override
  public Joined leaveNetworks(LeaveNetworks request) {
    List<Integer> pairs = new ArrayList<>();
    Done done =
        claims.change(
            "leaveNetworks",
            "leave",
            request.replicaId(),
            request.mandate(),
            replica -> {
              pairs.clear();
              boolean changed = false;
              for (FakePair pair : registry.networks.known()) {
                changed |= leave(pair, request.replicaId());
                if (pair.isOf(replica.replica) && !pair.closed) {
                  pairs.add(pair.number);
                }
              }
              return changed;
            });
    return new Joined(pairs, done.changed(), done.attempt());
  }

  boolean leave(FakePair pair, String replicaId) {
    if (pair.members.remove(replicaId) == null) {
      return false;
    }
    pair.revision++;
    return true;
  }

  @Override
  public NetworksView lookAtNetworks(LookAtNetworks request) {
    return registry.answering(
        "lookAtNetworks",
        request.replicaId(),
        () ->
            new NetworksView(
                registry.networks.known().stream()
                    .filter(
                        pair ->
                            pair.members.containsKey(request.replicaId())
                                || request.pairs().contains(pair.number))
                    .map(pair -> view(pair, request.replicaId()))
                    .toList(),
                extended(request.replicaId())));
  }

  PairView view(FakePair pair, String replicaId) {
    boolean isOfNow = pair.seenRevision == pair.revision;
    return new PairView(
        pair.number,
        described(pair).words(),
        pair.members.containsKey(replicaId),
        isOfNow || pair.closed,
        isOfNow ? pair.recovery : null,
        isOfNow ? pair.production : null,
        isOfNow ? ownersOf(pair, pair.members.get(replicaId)) : List.of());
  }

  private static List<AddressOwner> ownersOf(FakePair pair, @Nullable Member member) {
    return pair.owners.stream()
        .filter(owner -> member != null && member.addresses().contains(owner.address()))
        .toList();
  }

  private List<Integer> extended(String replicaId) {
    Replica replica = registry.replicas.get(replicaId).replica;
    return registry.networks.known().stream()
        .filter(pair -> pair.isOf(replica) && isExtended(pair))
        .map(pair -> pair.number)
        .toList();
  }

  boolean isExtended(FakePair pair) {
    return !pair.closed;
  }

  @Override
  public Described describeNetworkPair(DescribeNetworkPair request) {
    return registry.answering(
        "describeNetworkPair",
        "pair " + request.number(),
        () -> {
          FakePair pair = registry.networks.find(request.number());
          return new Described(pair == null ? null : described(pair));
        });
  }

  NetworkPair described(FakePair pair) {
    return new NetworkPair(
        pair.number,
        pair.revision,
        pair.productionSite,
        pair.network.production(),
        pair.recoverySite,
        pair.network.recovery(),
        Objects.requireNonNull(pair.network.extent()),
        registry.applianceOf(pair.productionSite),
        registry.applianceOf(pair.recoverySite),
        List.copyOf(pair.members.values()),
        pair.closed,
        pair.mode == NetworkMode.TUNNEL ? null : registry.networks.gateway(pair.recoverySite));
  }

  @Override
  public Done recordNetworkPair(RecordNetworkPair request) {
    return registry.answering(
        "recordNetworkPair",
        "pair " + request.number(),
        () -> new Done(record(registry.networks.get(request.number()), request), 1));
  }

  boolean record(FakePair pair, RecordNetworkPair request) {
    boolean isSame =
        pair.seenRevision == request.revision()
            && request.recovery().equals(pair.recovery)
            && request.production().equals(pair.production)
            && request.owners().equals(pair.owners);
    if (isSame || pair.revision != request.revision()) {
      return false;
    }
    pair.seenRevision = request.revision();
    pair.recovery = request.recovery();
    pair.production = request.production();
    pair.owners = request.owners();
    return true;
  }

  @Override
  public Done closeNetworkPair(CloseNetworkPair request) {
    return registry.answering(
        "closeNetworkPair",
        "pair " + request.number(),
        () -> new Done(close(registry.networks.get(request.number()), request.revision()), 1));
  }

  boolean close(FakePair pair, long revision) {
    if (pair.closed || pair.revision != revision || !pair.members.isEmpty()) {
      return false;
    }
    pair.closed = true;
    return true;
  }

  @Override
  public Mandated mandateStart(MandateStart request) {
    return registry.answering(
        "mandateStart",
        "pair " + request.number(),
        () -> {
          FakePair pair = registry.networks.find(request.number());
          return new Mandated(
              pair != null && isNeeded(pair, request.revision())
                  ? new Mandate(
                      "network-extension/" + pair.number,
                      "startAppliance",
                      new Fence(registry.generation(), epoch(), 0, 0))
                  : null);
        });
  }

  boolean isNeeded(FakePair pair, long revision) {
    return !pair.members.isEmpty() && pair.revision == revision;
  }

  long epoch() {
    return registry.nextEpoch();
  }

  /** What operators say of networks, and the pairs that came of it. */
  static final class FakeNetworks {
    private static final int MOST = 254;

    private final List<FakePair> known = new ArrayList<>();
    private final List<FakePair> extended = new ArrayList<>();
    final Map<String, io.switchback.model.SiteAppliance> appliances = new LinkedHashMap<>();
    final Map<String, SiteNetworks> sites = new LinkedHashMap<>();
    final Map<String, FullSiteSettings> gateways = new LinkedHashMap<>();

    /** Networks of the replica that are served in the other mode for others. */
    List<String> conflicts(NetworkMode mode, Replica replica, List<String> together) {
      return known.stream()
          .filter(pair -> pair.mode != mode)
          .filter(pair -> of(pair.recoverySite).areExtended())
          .filter(
              pair ->
                  pair.recoverySite.equals(replica.recovery().site())
                      && replica.networks().contains(pair.network.recovery()))
          .filter(pair -> pair.members.keySet().stream().anyMatch(id -> !together.contains(id)))
          .map(
              pair ->
                  "network '%s' is served in another way, for %s"
                      .formatted(
                          pair.network.recovery(),
                          pair.members.values().stream().map(Member::vm).toList()))
          .toList();
    }

    FullSiteGateway gateway(String site) {
      List<FakePair> there = known.stream().filter(pair -> pair.recoverySite.equals(site)).toList();
      return new FullSiteGateway(
          there.stream().mapToLong(pair -> pair.revision).sum(),
          gateways.get(site),
          there.stream()
              .filter(pair -> pair.mode == NetworkMode.FULL_SITE && !pair.members.isEmpty())
              .map(
                  pair ->
                      new FullSiteGateway.Network(
                          pair.network.recovery(), Objects.requireNonNull(pair.network.extent())))
              .toList());
    }

    SiteNetworks of(String site) {
      return sites.getOrDefault(site, SiteNetworks.NOT_SAID);
    }

    /** Why appliances cannot extend networks of these, by their recovery sites. */
    List<String> tooMany(List<Replica> replicas) {
      return replicas.stream()
          .filter(replica -> extended.stream().anyMatch(pair -> pair.isOf(replica)))
          .map(replica -> replica.recovery().site())
          .filter(appliances::containsKey)
          .distinct()
          .flatMap(
              site ->
                  of(site)
                      .tooMany(
                          site,
                          extended.stream()
                              .filter(pair -> pair.recoverySite.equals(site))
                              .map(pair -> pair.network.recovery())
                              .toList())
                      .stream())
          .map(sentence -> sentence + ". " + SiteNetworks.IF_TOO_MANY)
          .toList();
    }

    void extend(String productionSite, String recoverySite, NetworkMapping network) {
      extended.removeIf(
          one ->
              one.productionSite.equals(productionSite)
                  && one.recoverySite.equals(recoverySite)
                  && one.network.production().equals(network.production()));
      extended.add(new FakePair(0, productionSite, recoverySite, network, NetworkMode.TUNNEL));
    }

    List<FakePair> known() {
      return List.copyOf(known);
    }

    @Nullable FakePair find(int number) {
      return known.stream().filter(pair -> pair.number == number).findFirst().orElse(null);
    }

    FakePair get(int number) {
      return Objects.requireNonNull(find(number), "a pair that is there");
    }

    /** Those of the replica's networks that are extended, made where they lack. */
    List<FakePair> pairsOf(Replica replica) {
      return pairsOf(replica, NetworkMode.TUNNEL);
    }

    /** Those of the replica's networks that appliances serve in that mode, made where they lack. */
    List<FakePair> pairsOf(Replica replica, NetworkMode mode) {
      List<FakePair> all = new ArrayList<>();
      for (FakePair wanted : extended) {
        if (wanted.isOf(replica) && of(wanted.recoverySite).areExtended()) {
          all.add(
              known.stream()
                  .filter(pair -> pair.network.equals(wanted.network) && pair.mode == mode)
                  .findFirst()
                  .orElseGet(() -> make(wanted, mode)));
        }
      }
      return all;
    }

    private FakePair make(FakePair wanted, NetworkMode mode) {
      if (known.size() == MOST) {
        throw new FaultException(
            Fault.REFUSED, "Could not extend another network: there are 254. Skip the step.");
      }
      FakePair made =
          new FakePair(
              known.size() + 1, wanted.productionSite, wanted.recoverySite, wanted.network, mode);
      known.add(made);
      return made;
    }
  }
}
