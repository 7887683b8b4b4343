package io.switchback.port;

import io.switchback.model.NetworkMode;
import io.switchback.model.NetworkPair;
import io.switchback.model.NetworkPair.Member;
import io.switchback.model.Replica;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about pairs of networks; the suite notices. */
final class NetworkPairMutantsTest {
  private static Supplier<RegistryFixture> fixture = FakeRegistryFixture::new;

  static final class Suite extends NetworkPairContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new AdapterMutants<FakeRegistry, NetworkPairActivities, RegistryFixture>(
            NetworkPairContract.class, NetworkPairMutantsTest::with)
        .add(
            "opens whatever it is told",
            OpensAll::new,
            "countsAReplicaInWithTheAddressesThatAreInTheNetwork")
        .add(
            "extends every network",
            ExtendsAll::new,
            "aReplicaWhoseNetworksAreNotExtendedHasNoPairs")
        .add(
            "asks not how the site is connected",
            ExtendsWhateverConnects::new,
            "whoIsConnectedBySomethingElseJoinsNoPairAndIsToldSo")
        .add("counts no networks", CountsNoNetworks::new, "refusesWhatNoApplianceCanServe")
        .add(
            "gives out one mandate",
            GivesOutOneMandate::new,
            "eachMandateToStartAnApplianceOutranksAllThatWereGivenOutBefore")
        .add(
            "lets anybody start appliances",
            LetsAnybodyStart::new,
            "nobodyStartsAnApplianceForAPairThatIsNotNeededOrHasChanged")
        .add("forgets VMs of appliances", ForgetsVms::new, "saysWhichVmIsTheAppliance")
        .add("counts each call", CountsEachCall::new, "countsAReplicaInOnceHoweverOftenItIsAsked")
        .add(
            "keeps the first addresses",
            KeepsTheFirst::new,
            "otherAddressesTakeThePlaceOfTheFirstAndRaiseTheRevision")
        .add(
            "loses the others",
            LosesTheOthers::new,
            "replicasOfTheSameNetworksShareAPairUntilTheLastOneLeaves",
            "twoWhoComeAtOnceShareAPair")
        .add("always says that it left", AlwaysLeft::new, "leavingTwiceComesToTheSame")
        .add(
            "closes whatever has come",
            ClosesAlways::new,
            "whoComesDuringATeardownOpensThePairAgain")
        .add(
            "begins anew after a teardown",
            BeginsAnew::new,
            "aClosedPairKeepsItsNumberAndItsRevisionAndIsOpenedByTheNextOne")
        .add("records nothing", RecordsNothing::new, "saysHowThePairIsOnceItHasBeenLookedAt")
        .add(
            "shows what was seen before",
            ShowsTheOld::new,
            "whatWasSeenBeforeTheLastChangeDoesNotCount")
        .add("is always settled", AlwaysSettled::new, "showsPairsThatTheReplicaHasLeft")
        .add(
            "shows everybody's owners", ShowsEverybodys::new, "saysWhoElseHasAnAddressOfTheReplica")
        .add("takes no word", TakesNoWord::new, "keepsWhatAPersonWantsOpenAndRaisesTheRevision")
        .add("finds closed pairs", FindsClosed::new, "findsPairsThatAreExtendedForAnybody")
        .add("invents pairs", InventsPairs::new, "knowsNoPairThatNobodyHasNeeded")
        .add(
            "asks nobody",
            AsksNobody::new,
            "refusesWhoeverDoesNotHoldTheReplica",
            "saysThatTheRegistryDoesNotAnswer")
        .tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, NetworkPairActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public NetworkPairActivities networkPairs() {
        return adapter.apply(registry);
      }
    };
  }

  private static class Mutant extends FakeNetworkPairActivities {
    Mutant(FakeRegistry registry) {
      super(registry);
    }
  }

  private static final class OpensAll extends Mutant {
    OpensAll(FakeRegistry registry) {
      super(registry);
    }

    @Override
    List<String> within(FakePair pair, List<String> addresses) {
      return addresses;
    }
  }

  private static final class ExtendsAll extends Mutant {
    ExtendsAll(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Joined joinNetworks(JoinNetworks request) {
      Joined joined = super.joinNetworks(request);
      return new Joined(List.of(1), joined.changed(), joined.attempt());
    }
  }

  private static final class ExtendsWhateverConnects extends Mutant {
    ExtendsWhateverConnects(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Joined joinNetworks(JoinNetworks request) {
      registry.networks.sites.clear();
      return super.joinNetworks(request);
    }
  }

  private static final class CountsNoNetworks extends Mutant {
    CountsNoNetworks(FakeRegistry registry) {
      super(registry);
    }

    @Override
    void refuse(Replica replica, NetworkMode mode) {}
  }

  private static final class GivesOutOneMandate extends Mutant {
    GivesOutOneMandate(FakeRegistry registry) {
      super(registry);
    }

    @Override
    long epoch() {
      return 7;
    }
  }

  private static final class LetsAnybodyStart extends Mutant {
    LetsAnybodyStart(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean isNeeded(FakePair pair, long revision) {
      return true;
    }
  }

  private static final class ForgetsVms extends Mutant {
    ForgetsVms(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Described describeNetworkPair(DescribeNetworkPair request) {
      registry.appliance("paris", "");
      return super.describeNetworkPair(request);
    }
  }

  private static final class CountsEachCall extends Mutant {
    CountsEachCall(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean join(FakePair pair, Member member) {
      pair.members.clear();
      return super.join(pair, member);
    }
  }

  private static final class KeepsTheFirst extends Mutant {
    KeepsTheFirst(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean join(FakePair pair, Member member) {
      return super.join(pair, pair.members.getOrDefault(member.replicaId(), member));
    }
  }

  private static final class LosesTheOthers extends Mutant {
    LosesTheOthers(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean join(FakePair pair, Member member) {
      pair.members.keySet().removeIf(id -> !id.equals(member.replicaId()));
      return super.join(pair, member);
    }
  }

  private static final class AlwaysLeft extends Mutant {
    AlwaysLeft(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean leave(FakePair pair, String replicaId) {
      super.leave(pair, replicaId);
      return true;
    }
  }

  private static final class ClosesAlways extends Mutant {
    ClosesAlways(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean close(FakePair pair, long revision) {
      boolean wasOpen = !pair.closed;
      pair.closed = true;
      return wasOpen;
    }
  }

  private static final class BeginsAnew extends Mutant {
    BeginsAnew(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean join(FakePair pair, Member member) {
      if (pair.closed) {
        pair.revision = 0;
      }
      return super.join(pair, member);
    }
  }

  private static final class RecordsNothing extends Mutant {
    RecordsNothing(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean record(FakePair pair, RecordNetworkPair request) {
      return true;
    }
  }

  private static final class ShowsTheOld extends Mutant {
    ShowsTheOld(FakeRegistry registry) {
      super(registry);
    }

    @Override
    PairView view(FakePair pair, String replicaId) {
      PairView view = super.view(pair, replicaId);
      return new PairView(
          pair.number,
          view.words(),
          view.counted(),
          pair.recovery != null,
          pair.recovery,
          pair.production,
          pair.owners);
    }
  }

  private static final class AlwaysSettled extends Mutant {
    AlwaysSettled(FakeRegistry registry) {
      super(registry);
    }

    @Override
    PairView view(FakePair pair, String replicaId) {
      PairView view = super.view(pair, replicaId);
      return new PairView(
          pair.number,
          view.words(),
          view.counted(),
          true,
          view.recovery(),
          view.production(),
          view.owners());
    }
  }

  private static final class ShowsEverybodys extends Mutant {
    ShowsEverybodys(FakeRegistry registry) {
      super(registry);
    }

    @Override
    PairView view(FakePair pair, String replicaId) {
      PairView view = super.view(pair, replicaId);
      return new PairView(
          pair.number,
          view.words(),
          view.counted(),
          view.settled(),
          view.recovery(),
          view.production(),
          pair.owners);
    }
  }

  private static final class TakesNoWord extends Mutant {
    TakesNoWord(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean join(FakePair pair, Member member) {
      return super.join(
          pair, new Member(member.replicaId(), member.vm(), member.addresses(), member.epoch()));
    }
  }

  private static final class FindsClosed extends Mutant {
    FindsClosed(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean isExtended(FakePair pair) {
      return true;
    }
  }

  private static final class InventsPairs extends Mutant {
    InventsPairs(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Described describeNetworkPair(DescribeNetworkPair request) {
      NetworkPair pair = super.describeNetworkPair(request).pair();
      return new Described(
          pair != null
              ? pair
              : new NetworkPair(
                  request.number(),
                  1,
                  "berlin",
                  "lan",
                  "paris",
                  "lan",
                  new io.switchback.model.NetworkExtent(
                      "192.168.10.0/24", "", "a", "b", "127.0.0.1:1", 1),
                  null,
                  null,
                  List.of(),
                  true));
    }
  }

  /** Asks neither who holds the replica nor whether anybody answers. */
  private static final class AsksNobody extends Mutant {
    AsksNobody(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Joined joinNetworks(JoinNetworks request) {
      FakeReplica replica = registry.replicas.get(request.replicaId());
      for (FakePair pair : registry.networks.pairsOf(replica.replica)) {
        join(pair, new Member(request.replicaId(), replica.replica.name(), request.addresses(), 1));
      }
      return new Joined(List.of(1), true, Attempts.current());
    }
  }
}
