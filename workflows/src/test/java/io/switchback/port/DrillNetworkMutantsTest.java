package io.switchback.port;

import io.switchback.model.Mandate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sites that break a promise about networks of drills; the suite notices. */
final class DrillNetworkMutantsTest {
  private static Supplier<CopyFixture> fixture = () -> with(FakeDrillNetworkActivities::new);

  static final class Suite extends DrillNetworkContract {
    @Override
    protected CopyFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, DrillNetworkActivities, CopyFixture> mutants =
        new AdapterMutants<>(DrillNetworkContract.class, DrillNetworkMutantsTest::with);
    making(mutants);
    removing(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static CopyFixture with(Function<FakeSite, DrillNetworkActivities> adapter) {
    return new FakeCopyFixture(FakeCopyActivities::new, adapter);
  }

  private static void making(
      AdapterMutants<FakeSite, DrillNetworkActivities, CopyFixture> mutants) {
    mutants
        .add(
            "gives a drill the network itself",
            site ->
                new FakeDrillNetworkActivities(site) {
                  @Override
                  String name(String drill, String network) {
                    return network;
                  }
                },
            "makesANetworkForEach",
            "keepsDrillsApart")
        .add(
            "says that it made what was there",
            site ->
                new FakeDrillNetworkActivities(site) {
                  @Override
                  boolean add(Map<String, String> known, String network) {
                    super.add(known, network);
                    return true;
                  }
                },
            "makesThemOnceWhenTheAnswerOfTheFirstAttemptWasLost")
        .add(
            "makes nothing more where something is",
            site ->
                new FakeDrillNetworkActivities(site) {
                  @Override
                  List<String> wanted(MakeDrillNetworks request, Map<String, String> known) {
                    return known.isEmpty() ? request.networks() : request.networks().subList(0, 1);
                  }
                },
            "addsWhatIsMissing")
        .add(
            "does not look at what is there",
            site ->
                new FakeDrillNetworkActivities(site) {
                  @Override
                  void refuseConnected(Map<String, String> known, String network) {}
                },
            "seesThatANetworkReachesSomethingByNow")
        .add(
            "takes any host",
            site ->
                new FakeDrillNetworkActivities(site) {
                  @Override
                  void requireHost(String host) {}
                },
            "knowsNoSuchHost")
        .add("answers for nobody", DeadNetworks::new, "saysThatNobodyAnswers");
  }

  private static void removing(
      AdapterMutants<FakeSite, DrillNetworkActivities, CopyFixture> mutants) {
    mutants
        .add(
            "removes every drill's",
            site ->
                new FakeDrillNetworkActivities(site) {
                  @Override
                  boolean isOf(String drill, String network) {
                    return true;
                  }
                },
            "removesThemOnce")
        .add(
            "pulls the plug of VMs",
            site ->
                new FakeDrillNetworkActivities(site) {
                  @Override
                  void refusePluggedInto(String network) {}
                },
            "removesNoneThatAVmIsPluggedInto")
        .add(
            "has no fences",
            site ->
                new FakeDrillNetworkActivities(site) {
                  @Override
                  void fence(String drill, Mandate mandate) {}
                },
            "refusesALateAttemptToMakeThem",
            "refusesALateAttemptToMakeWhatWasNeverThere",
            "refusesALateAttemptToRemove");
  }

  /** Answers although its site does not. */
  private static final class DeadNetworks implements DrillNetworkActivities {
    private final FakeDrillNetworkActivities alive;

    DeadNetworks(FakeSite site) {
      this.alive = new FakeDrillNetworkActivities(site);
    }

    @Override
    public DrillNetworks makeDrillNetworks(MakeDrillNetworks request) {
      alive.site.reachable(true);
      return alive.makeDrillNetworks(request);
    }

    @Override
    public Done removeDrillNetworks(RemoveDrillNetworks request) {
      alive.site.reachable(true);
      return alive.removeDrillNetworks(request);
    }
  }
}
