package io.switchback.port;

import io.switchback.lifecycle.Operation;
import io.switchback.model.FullSiteGateway;
import io.switchback.model.NetworkMode;
import io.switchback.model.NetworkPair;
import io.switchback.model.Replica;
import io.switchback.port.NetworkExtensionActivities.SideState;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about networks in full-site mode; the suite notices. */
final class FullSiteMutantsTest {
  private static Supplier<RegistryFixture> fixture = FakeRegistryFixture::new;

  static final class Suite extends FullSiteContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new AdapterMutants<FakeRegistry, Object, RegistryFixture>(
            FullSiteContract.class, FullSiteMutantsTest::with)
        .add(
            "knows tunnels alone",
            registry ->
                new FakeNetworkPairActivities(registry) {
                  @Override
                  NetworkMode mode(FakeReplica replica) {
                    return NetworkMode.TUNNEL;
                  }
                },
            "aFullSiteFailoverMakesTheAppliancesNetworksLeadToItsGateway",
            "aPairOfItsOwnLeavesWhatIsLeftOfATunnelToTheTunnelsLoop")
        .add(
            "forgets how it was served",
            registry ->
                new FakeNetworkPairActivities(registry) {
                  @Override
                  NetworkMode mode(FakeReplica replica) {
                    replica.networkMode = NetworkMode.TUNNEL;
                    return super.mode(replica);
                  }
                },
            "whatRunsAgainIsServedAsBefore")
        .add(
            "needs no description",
            registry ->
                new FakeNetworkPairActivities(registry) {
                  @Override
                  @Nullable SideState instead(Replica replica, NetworkMode mode) {
                    return super.instead(replica, NetworkMode.TUNNEL);
                  }
                },
            "withoutADescribedGatewayTheReplicaHasNone")
        .add(
            "serves in both ways",
            registry ->
                new FakeNetworkPairActivities(registry) {
                  @Override
                  void refuse(Replica replica, NetworkMode mode) {}
                },
            "oneNetworkIsServedInOneWayAtATime")
        .add(
            "counts its own pair alone",
            registry ->
                new FakeNetworkPairActivities(registry) {
                  @Override
                  NetworkPair described(FakePair pair) {
                    return withRevision(super.described(pair), NetworkPair::revision);
                  }
                },
            "whoAsksAfterAnotherNetworkOfTheGatewayHasChangedIsToldOfIt")
        .add(
            "gives one revision for ever",
            registry ->
                new FakeNetworkPairActivities(registry) {
                  @Override
                  NetworkPair described(FakePair pair) {
                    return withRevision(super.described(pair), all -> 7);
                  }
                },
            "theGatewaysRevisionGrowsWithWhoeverJoinsAndLeaves")
        .add(
            "skips nothing",
            registry ->
                new FakeCatalogueActivities(registry) {
                  @Override
                  boolean isSkipped(Resolve request, FakeReplica replica) {
                    return false;
                  }
                },
            "aFullSiteFailoverSkipsWhatCannotFailOverAndSaysSo")
        .add(
            "sees no conflict",
            registry ->
                new FakeCatalogueActivities(registry) {
                  @Override
                  List<String> conflicts(Operation operation, List<Member> members) {
                    return List.of();
                  }
                },
            "oneNetworkIsServedInOneWayAtATime")
        .tests(Suite.class, next -> fixture = next);
  }

  private static NetworkPair withRevision(NetworkPair all, ToLongFunction<NetworkPair> revision) {
    FullSiteGateway gateway = all.fullSite();
    return gateway == null
        ? all
        : new NetworkPair(
            all.number(),
            all.revision(),
            all.productionSite(),
            all.productionNetwork(),
            all.recoverySite(),
            all.recoveryNetwork(),
            all.extent(),
            all.atProduction(),
            all.atRecovery(),
            all.members(),
            all.closed(),
            new FullSiteGateway(revision.applyAsLong(all), gateway.settings(), gateway.networks()));
  }

  private static RegistryFixture with(Function<FakeRegistry, Object> adapter) {
    return new FakeRegistryFixture() {
      private final Object mutant = adapter.apply(registry);

      @Override
      public NetworkPairActivities networkPairs() {
        return mutant instanceof NetworkPairActivities pairs ? pairs : super.networkPairs();
      }

      @Override
      public CatalogueActivities catalogue() {
        return mutant instanceof CatalogueActivities catalogue ? catalogue : super.catalogue();
      }
    };
  }
}
