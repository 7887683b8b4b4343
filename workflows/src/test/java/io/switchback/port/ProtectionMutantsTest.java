package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import io.switchback.port.ProtectionActivities.WriteReplica;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about how VMs come under protection; the suite notices. */
final class ProtectionMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeProtectionActivities::new);

  static final class Suite extends ProtectionContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, ProtectionActivities, RegistryFixture> mutants =
        new AdapterMutants<>(ProtectionContract.class, ProtectionMutantsTest::with);
    reserving(mutants);
    writing(mutants);
    fences(mutants);
    takingBack(mutants);
    rules(mutants);
    reconfiguring(mutants);
    ending(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, ProtectionActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public ProtectionFixture protecting() {
        return new FakeProtectionFixture(registry) {
          @Override
          public ProtectionActivities protection() {
            return adapter.apply(registry);
          }
        };
      }
    };
  }

  private static void reserving(
      AdapterMutants<FakeRegistry, ProtectionActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "begins at the first epoch",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  Fence fence() {
                    return new Fence(registry.generation(), 0, 0, 0);
                  }
                },
            "reservesTheVmUnderAFenceThatOutranksEveryEarlierOne")
        .add(
            "reserves anew each time",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Reservation reserveReplica(ReserveReplica request) {
                    kept.reservations.remove(request.replicaId());
                    return super.reserveReplica(request);
                  }
                },
            "answersTheSameReservationWhenTheFirstAnswerWasLost")
        .add(
            "does not look for a replica",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Reservation reserveReplica(ReserveReplica request) {
                    Reservation held = super.reserveReplica(request);
                    return new Reservation(held.fence(), null, held.attempt());
                  }
                },
            "answersTheReplicaThatIsWrittenAlready")
        .add(
            "protects replicas",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void refuseReplicasOwn(VmRef vm) {}
                },
            "reservesNoReplicasOwnVm")
        .add(
            "protects a VM as often as it is asked",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void refuseAnotherId(ReserveReplica request, Optional<Replica> known) {}
                },
            "reservesNoVmThatIsProtectedUnderAnotherId",
            "ofTwoRunsThatProtectAVmAtOnceOneHasItAndTheOtherSaysWho");
  }

  private static void writing(
      AdapterMutants<FakeRegistry, ProtectionActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "takes every replica for seeded",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Replica writeReplica(WriteReplica request) {
                    Replica replica = super.writeReplica(request);
                    registry.state(replica.id(), ReplicaState.READY);
                    return replica;
                  }
                },
            "writesTheReplicaUnderItsPolicy")
        .add(
            "writes without looking",
            registry ->
                new FakeProtectionActivities(registry) {
                  private boolean wrote;

                  @Override
                  public Replica writeReplica(WriteReplica request) {
                    if (wrote) {
                      refuseTaken(request);
                    }
                    wrote = true;
                    return super.writeReplica(request);
                  }
                },
            "writesTheReplicaOnceWhenTheFirstAnswerWasLost")
        .add(
            "takes what belongs to others",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void refuseTaken(WriteReplica request) {}
                },
            "writesNoVmAndNoDiskOfAnotherReplica")
        .add(
            "changes others' policy",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void keepPolicy(Policy policy, String replicaId) {
                    kept.policies.put(policy.name(), policy);
                  }
                },
            "writesNoPolicyOverAnotherOfTheNameThatVmsRelyOn",
            "reconfiguresToNoPolicyThatIsUnknownOrThatOthersRelyOnOtherwise");
  }

  private static void fences(
      AdapterMutants<FakeRegistry, ProtectionActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "fence ignored",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void require(Mandate mandate, String replicaId) {}
                },
            "takesAReservationOverAndFencesOffWhoeverHadIt",
            "writesNothingWithoutAReservation",
            "takesBackNothingOfAnotherOperation")
        .add(
            "asks for no order of steps",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void require(Mandate mandate, String replicaId) {
                    kept.reservations.get(replicaId).highestStep = 0;
                    super.require(mandate, replicaId);
                  }
                },
            "writesNothingInAStepThatComesTooLate");
  }

  private static void takingBack(
      AdapterMutants<FakeRegistry, ProtectionActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "says that it took back what was gone",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Done eraseReplica(EraseReplica request) {
                    return new Done(true, super.eraseReplica(request).attempt());
                  }
                },
            "takesBackWhatItWroteOnce")
        .add(
            "takes back what replicates",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void refuseReplicating(FakeReplica replica) {}
                },
            "takesBackNoReplicaThatReplicates")
        .add(
            "says that it ended what was over",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Done endReservation(EndReservation request) {
                    return new Done(true, super.endReservation(request).attempt());
                  }
                },
            "endsTheReservationOnce");
  }

  private static void rules(
      AdapterMutants<FakeRegistry, ProtectionActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "keeps a VM from rules for ever",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void lift(String replicaId) {}
                },
            "letsRulesHaveAVmAgainThatSomebodyProtects")
        .add(
            "lets rules have a VM as soon as it is written",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Replica writeReplica(WriteReplica request) {
                    Replica replica = super.writeReplica(request);
                    lift(replica.id());
                    return replica;
                  }
                },
            "letsRulesNotHaveAVmWhoseProtectionWasTakenBack")
        .add(
            "lets rules have what somebody has unprotected",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void exclude(FakeReplica replica) {}
                },
            "letsNoRuleHaveAVmWhoseProtectionHasEnded");
  }

  private static void reconfiguring(
      AdapterMutants<FakeRegistry, ProtectionActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "effect lost",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Done reconfigureReplica(ReconfigureReplica request) {
                    registry.protectedReplica(request.replicaId());
                    return new Done(true, Attempts.current());
                  }
                },
            "reconfiguresFromTheNextCycleOn",
            "changesNothingWhenItIsSoAlready",
            "movesAReplicaToAPolicyThatIsKnown")
        .add(
            "takes what is not named for nothing",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Done reconfigureReplica(ReconfigureReplica request) {
                    List<NetworkMapping> networks = request.networks();
                    return super.reconfigureReplica(
                        new ReconfigureReplica(
                            request.replicaId(),
                            request.policyName(),
                            request.policy(),
                            networks == null ? List.of() : networks,
                            request.placement()));
                  }
                },
            "leavesWhatIsNotNamedAsItIs")
        .add(
            "reconfigures under an operation",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  void refuseClaimed(FakeReplica replica) {}
                },
            "reconfiguresNothingThatAnOperationHolds")
        .add(
            "reconfigures what it does not know",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Done reconfigureReplica(ReconfigureReplica request) {
                    try {
                      return super.reconfigureReplica(request);
                    } catch (FaultException unknown) {
                      return new Done(false, Attempts.current());
                    }
                  }
                },
            "reconfiguresNothingThatIsNotProtected",
            "saysThatTheRegistryDoesNotAnswer");
  }

  private static void ending(
      AdapterMutants<FakeRegistry, ProtectionActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "ends nothing",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Done endProtection(EndProtection request) {
                    return new Done(true, Attempts.current());
                  }
                },
            "endsTheProtectionOnceAndKeepsTheAudit")
        .add(
            "ends what another operation holds",
            registry ->
                new FakeProtectionActivities(registry) {
                  @Override
                  public Done endProtection(EndProtection request) {
                    registry.remove(request.replicaId());
                    return super.endProtection(request);
                  }
                },
            "endsNoProtectionWithoutItsClaim");
  }
}
