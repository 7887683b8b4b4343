package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Pace;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmSelection;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.Resolution;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about the catalogue; the suite notices. */
final class CatalogueMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeCatalogueActivities::new);

  static final class Suite extends CatalogueContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, CatalogueActivities, RegistryFixture> mutants =
        new AdapterMutants<>(CatalogueContract.class, CatalogueMutantsTest::with);
    resolving(mutants);
    choosing(mutants);
    refusing(mutants);
    recording(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, CatalogueActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public CatalogueActivities catalogue() {
        return adapter.apply(registry);
      }
    };
  }

  private static void resolving(
      AdapterMutants<FakeRegistry, CatalogueActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "in the order of the registry",
            registry ->
                answering(
                    registry,
                    seen ->
                        new Resolution(seen.members().reversed(), seen.pace(), seen.mistakes())),
            "findsTheReplicasInTheOrderTheyAreNamed")
        .add(
            "claims what it resolves",
            registry ->
                answering(
                    registry,
                    seen -> {
                      seen.members()
                          .forEach(
                              member ->
                                  registry.state(member.replica().id(), ReplicaState.PERMANENT));
                      return seen;
                    }),
            "changesNothingByResolving")
        .add(
            "stale read",
            registry ->
                answering(
                    registry,
                    seen ->
                        new Resolution(
                            seen.members().stream().map(CatalogueMutantsTest::asItOnceWas).toList(),
                            seen.pace(),
                            seen.mistakes())),
            "answersTheStateThatTheReplicaIsInNow")
        .add("works from memory", WorksFromMemory::new, "saysThatTheRegistryDoesNotAnswer");
  }

  private static Member asItOnceWas(Member now) {
    return new Member(
        now.replica(),
        ReplicaState.READY,
        now.restorePoint(),
        now.newest(),
        now.checks(),
        now.points(),
        now.asked());
  }

  private static void choosing(
      AdapterMutants<FakeRegistry, CatalogueActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "always the oldest",
            registry -> choosing(registry, points -> points.getFirst()),
            "findsTheNewestRestorePointWhenNoneIsNamed",
            "namesARestorePointThatIsUnknown")
        .add(
            "always the newest",
            registry -> choosing(registry, points -> points.getLast()),
            "findsARestorePointByItsId",
            "findsTheNewestRestorePointNotLaterThanATime");
  }

  private static void refusing(
      AdapterMutants<FakeRegistry, CatalogueActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "takes everything for right",
            registry ->
                new FakeCatalogueActivities(registry) {
                  @Override
                  List<String> mistakes(Resolve request, VmSelection vm, FakeReplica replica) {
                    return List.of();
                  }
                },
            "namesAStateThatForbidsTheOperation",
            "namesAReplicaThatAnotherOperationHolds")
        .add(
            "counts no networks",
            registry ->
                new FakeCatalogueActivities(registry) {
                  @Override
                  List<String> tooManyNetworks(Operation operation, List<Member> members) {
                    return List.of();
                  }
                },
            "namesASiteWithMoreNetworksThanItsApplianceCanServe")
        .add(
            "counts networks for everybody",
            registry ->
                new FakeCatalogueActivities(registry) {
                  @Override
                  List<String> tooManyNetworks(Operation operation, List<Member> members) {
                    return registry.networks.of("paris").names().size() > 9
                        ? List.of("site 'paris' has too many networks")
                        : List.of();
                  }
                },
            "theNumberOfNetworksDoesNotMatterWhereNoApplianceStarts")
        .add(
            "takes its own claim for another's",
            registry ->
                new FakeCatalogueActivities(registry) {
                  @Override
                  List<String> mistakes(Resolve request, VmSelection vm, FakeReplica replica) {
                    return super.mistakes(
                        new Resolve(request.operation(), "nobody", request.vms()), vm, replica);
                  }
                },
            "doesNotTakeAClaimOfTheOperationItselfForAnothers")
        .add(
            "stops at the first mistake",
            registry ->
                answering(
                    registry,
                    seen ->
                        new Resolution(
                            seen.members(),
                            seen.pace(),
                            seen.mistakes().stream().limit(1).toList())),
            "namesEveryMistakeAtOnceAndKeepsTheMembersWithoutAny")
        .add(
            "overlooks what it does not know, and takes what is named twice once",
            registry ->
                answering(registry, seen -> new Resolution(seen.members(), seen.pace(), List.of())),
            "namesAVmThatIsUnknown",
            "namesAVmThatIsNamedTwice");
  }

  private static void recording(
      AdapterMutants<FakeRegistry, CatalogueActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "keeps the first answer of a worker, whatever the queue",
            registry ->
                new FakeCatalogueActivities(registry) {
                  @Override
                  public Done recordGreetings(RecordGreetings request) {
                    request
                        .greetings()
                        .forEach(
                            greeting ->
                                registry.greetings.putIfAbsent(greeting.worker(), greeting));
                    return new Done(true, Attempts.current());
                  }
                },
            "keepsTheNewestAnswerOfAWorkerOnAQueue")
        .add(
            "takes every platform for the site",
            registry ->
                new FakeCatalogueActivities(registry) {
                  @Override
                  public Done recordGreetings(RecordGreetings request) {
                    registry.platforms.clear();
                    return super.recordGreetings(request);
                  }
                },
            "knowsASiteByThePlatformThatAnsweredFirst")
        .add(
            "effect lost", registry -> appending(registry, entry -> List.of()), "appendsToTheAudit")
        .add(
            "effect twice",
            registry ->
                appending(
                    registry, entry -> List.of(entry, atStep(entry, entry.stepNumber() + 1000))),
            "writesAnAuditEntryOnce")
        .add(
            "tells entries apart by their step alone",
            registry -> new ByStepAlone(registry),
            "tellsAuditEntriesApartByStepAttemptAndOutcome");
  }

  private static AuditEntry atStep(AuditEntry entry, long stepNumber) {
    return new AuditEntry(
        entry.operationId(),
        entry.operation(),
        entry.replicaId(),
        entry.step(),
        stepNumber,
        entry.attempt(),
        entry.outcome(),
        entry.by(),
        entry.detail(),
        entry.at());
  }

  private static FakeCatalogueActivities answering(
      FakeRegistry registry, UnaryOperator<Resolution> wrong) {
    return new FakeCatalogueActivities(registry) {
      @Override
      public Resolution resolve(Resolve request) {
        return wrong.apply(super.resolve(request));
      }
    };
  }

  private static FakeCatalogueActivities choosing(
      FakeRegistry registry, Function<List<RestorePoint>, RestorePoint> wrong) {
    return new FakeCatalogueActivities(registry) {
      @Override
      Optional<RestorePoint> point(FakeReplica replica, VmSelection vm) {
        return Optional.of(wrong.apply(replica.points));
      }
    };
  }

  private static FakeCatalogueActivities appending(
      FakeRegistry registry, Function<AuditEntry, List<AuditEntry>> wrong) {
    return new FakeCatalogueActivities(registry) {
      @Override
      boolean append(AuditEntry entry) {
        wrong.apply(entry).forEach(super::append);
        return true;
      }
    };
  }

  private static final class ByStepAlone extends FakeCatalogueActivities {
    private final Map<Long, Instant> steps = new LinkedHashMap<>();

    ByStepAlone(FakeRegistry registry) {
      super(registry);
    }

    @Override
    boolean append(AuditEntry entry) {
      return steps.putIfAbsent(entry.stepNumber(), entry.at()) == null && super.append(entry);
    }
  }

  private static final class WorksFromMemory extends FakeCatalogueActivities {
    WorksFromMemory(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Resolution resolve(Resolve request) {
      try {
        return super.resolve(request);
      } catch (FaultException nobodyAnswers) {
        return new Resolution(List.of(), Pace.DEFAULT, List.of());
      }
    }
  }
}
