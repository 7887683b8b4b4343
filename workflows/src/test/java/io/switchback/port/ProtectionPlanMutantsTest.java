package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.VmRef;
import io.switchback.port.ProtectionPlanActivities.Pairing;
import io.switchback.port.ProtectionPlanActivities.Standing;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about what a protection must fit into; the suite notices. */
final class ProtectionPlanMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeProtectionPlanActivities::new);

  static final class Suite extends ProtectionPlanContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, ProtectionPlanActivities, RegistryFixture> mutants =
        new AdapterMutants<>(ProtectionPlanContract.class, ProtectionPlanMutantsTest::with);
    pairing(mutants);
    naming(mutants);
    standing(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, ProtectionPlanActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public ProtectionFixture protecting() {
        return new FakeProtectionFixture(registry) {
          @Override
          public ProtectionPlanActivities plan() {
            return adapter.apply(registry);
          }
        };
      }
    };
  }

  private static void pairing(
      AdapterMutants<FakeRegistry, ProtectionPlanActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "leaves the placement to the site",
            registry ->
                pairing(
                    registry,
                    pair ->
                        new Pairing(
                            pair.networks(),
                            Placement.ANYWHERE,
                            pair.pace(),
                            pair.policy(),
                            pair.mistakes())),
            "saysHowTwoSitesGoTogether")
        .add(
            "knows no policies",
            registry ->
                pairing(
                    registry,
                    pair ->
                        new Pairing(
                            pair.networks(), pair.placement(), pair.pace(), null, pair.mistakes())),
            "answersThePolicyThatIsNamed",
            "answersTheDefaultPolicyWhenNoneIsNamed")
        .add(
            "stops at the first mistake",
            registry ->
                pairing(
                    registry,
                    pair ->
                        new Pairing(
                            pair.networks(),
                            pair.placement(),
                            pair.pace(),
                            pair.policy(),
                            pair.mistakes().stream().limit(1).toList())),
            "namesEveryMistakeAtOnce")
        .add(
            "works from memory",
            registry ->
                new FakeProtectionPlanActivities(registry) {
                  @Override
                  public Pairing describePair(DescribePair request) {
                    try {
                      return super.describePair(request);
                    } catch (FaultException nobodyAnswers) {
                      return new Pairing(
                          List.of(), Placement.ANYWHERE, Pace.DEFAULT, null, List.of());
                    }
                  }
                },
            "saysThatTheRegistryDoesNotAnswer");
  }

  private static void naming(
      AdapterMutants<FakeRegistry, ProtectionPlanActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "in the order of the registry",
            registry ->
                new FakeProtectionPlanActivities(registry) {
                  @Override
                  public Standings findStandings(FindStandings request) {
                    return new Standings(super.findStandings(request).vms().reversed());
                  }
                },
            "answersInTheOrderAsked")
        .add(
            "calls replicas by their VMs",
            registry ->
                new FakeProtectionPlanActivities(registry) {
                  @Override
                  String nextId(VmRef vm) {
                    return vm.name();
                  }
                },
            "givesOutNoIdTwice",
            "givesOutNoIdOfAReplicaThatIsGone");
  }

  private static void standing(
      AdapterMutants<FakeRegistry, ProtectionPlanActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "sees no protection",
            registry ->
                standing(
                    registry,
                    vm ->
                        new Standing(
                            vm.vm(),
                            vm.replicaId(),
                            null,
                            vm.reserved(),
                            vm.replicaOf(),
                            vm.excluded())),
            "saysHowAVmIsProtected")
        .add(
            "sees no reservation",
            registry ->
                standing(
                    registry,
                    vm ->
                        new Standing(
                            vm.vm(),
                            vm.replicaId(),
                            vm.protectedBy(),
                            false,
                            vm.replicaOf(),
                            vm.excluded())),
            "saysThatAVmIsBeingProtectedAndAsWhat")
        .add(
            "takes replicas for production, and whoever was taken out for new",
            registry ->
                standing(
                    registry,
                    vm ->
                        new Standing(
                            vm.vm(), vm.replicaId(), vm.protectedBy(), vm.reserved(), "", "")),
            "saysWhoseReplicaAVmIs",
            "saysWhyNoRuleMayProtectAVm");
  }

  private static FakeProtectionPlanActivities pairing(
      FakeRegistry registry, UnaryOperator<Pairing> wrong) {
    return new FakeProtectionPlanActivities(registry) {
      @Override
      Pairing pairing(DescribePair request) {
        return wrong.apply(super.pairing(request));
      }
    };
  }

  private static FakeProtectionPlanActivities standing(
      FakeRegistry registry, UnaryOperator<Standing> wrong) {
    return new FakeProtectionPlanActivities(registry) {
      @Override
      Standing standing(VmRef vm) {
        return wrong.apply(super.standing(vm));
      }
    };
  }
}
