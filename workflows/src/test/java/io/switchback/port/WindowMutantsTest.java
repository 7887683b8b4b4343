package io.switchback.port;

import io.switchback.model.CommitWindow;
import io.switchback.port.ClaimActivities.Claim;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about windows; the suite notices. */
final class WindowMutantsTest {
  private static Supplier<RegistryFixture> fixture = FakeRegistryFixture::new;

  static final class Suite extends WindowContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, WindowActivities, RegistryFixture> mutants =
        new AdapterMutants<>(WindowContract.class, WindowMutantsTest::with);
    breakTheBegin(mutants);
    breakTheEnd(mutants);
    breakTheClaims(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static void breakTheBegin(
      AdapterMutants<FakeRegistry, WindowActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "keeps the first word",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  boolean plan(FakeReplica replica, CommitWindow window) {
                    return replica.windows.putIfAbsent(window.of(), window) == null;
                  }
                },
            "aLaterWordTakesThePlaceOfAnEarlierOne")
        .add(
            "closes what counts",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  boolean plan(FakeReplica replica, CommitWindow window) {
                    replica.windows.put(window.of(), window);
                    return true;
                  }
                },
            "keepsTheSameWindowOnceEvenWhenItCountsAlready")
        .add(
            "counts anew each time",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  boolean open(FakeReplica replica, OpenWindow request) {
                    CommitWindow known = replica.windows.get(request.of());
                    if (known != null) {
                      replica.windows.put(request.of(), known.until(request.now(), 0));
                      replica.windows.put(
                          request.of(), known.until(request.now().plus(known.terms().length()), 0));
                    }
                    return known != null;
                  }
                },
            "isOpenedOnce")
        .add(
            "ends when it begins",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  boolean open(FakeReplica replica, OpenWindow request) {
                    boolean changes = super.open(replica, request);
                    if (changes) {
                      CommitWindow opened = replica.windows.get(request.of());
                      replica.windows.put(request.of(), opened.until(request.now(), 0));
                    }
                    return changes;
                  }
                },
            "countsFromTheMomentThatItIsOpened")
        .add(
            "refuses to look at nobody",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  public WindowView describeWindow(DescribeWindow request) {
                    var _ = registry.protectedReplica(request.replicaId());
                    return super.describeWindow(request);
                  }
                },
            "answersNoneForWhoIsNotProtected",
            "isGoneWithItsReplica")
        .add(
            "opens any",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  public Opened openWindow(OpenWindow request) {
                    Opened opened = super.openWindow(request);
                    return opened.window() == null
                        ? new Opened(
                            registry
                                .protectedReplica(request.replicaId())
                                .windows
                                .values()
                                .iterator()
                                .next(),
                            false,
                            opened.attempt())
                        : opened;
                  }
                },
            "opensNoneWhereNoneIsKept")
        .add(
            "shows what does not count",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  @Nullable CommitWindow seen(FakeReplica replica) {
                    return replica.windows.values().stream().findFirst().orElse(null);
                  }
                },
            "keepsAWindowThatDoesNotCountYet",
            "countsOnlyInTheStateThatItIsAbout");
  }

  private static void breakTheEnd(
      AdapterMutants<FakeRegistry, WindowActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "moves whatever is there",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  boolean move(FakeReplica replica, MoveWindow request) {
                    CommitWindow known = replica.windows.get(request.of());
                    return known != null
                        && super.move(
                            replica,
                            new MoveWindow(
                                request.replicaId(),
                                known.id(),
                                request.of(),
                                java.util.Objects.requireNonNull(known.endsAt()),
                                request.to(),
                                request.byProbes()));
                  }
                },
            "movesNothingThatIsNotAsItWasSeen")
        .add(
            "takes everybody for probes",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  boolean move(FakeReplica replica, MoveWindow request) {
                    return super.move(
                        replica,
                        new MoveWindow(
                            request.replicaId(),
                            request.windowId(),
                            request.of(),
                            request.seen(),
                            request.to(),
                            true));
                  }
                },
            "movesItsEnd",
            "countsHowOftenTheProbesHaveMovedItSinceAPersonHas")
        .add(
            "ends any",
            registry ->
                new FakeWindowActivities(registry) {
                  @Override
                  boolean end(FakeReplica replica, EndWindow request) {
                    return replica.windows.remove(request.of()) != null;
                  }
                },
            "forgetsItWhenItIsEnded")
        .add(
            "works from memory",
            Forgetful::new,
            "refusesWhoeverDoesNotHoldTheReplicaAndLateSteps",
            "saysThatTheRegistryDoesNotAnswer");
  }

  private static void breakTheClaims(
      AdapterMutants<FakeRegistry, WindowActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "leaves nothing behind",
            claiming(
                registry ->
                    new FakeClaimActivities(registry) {
                      @Override
                      void endWindows(FakeReplica replica) {}
                    }),
            "aReplicaThatIsReleasedHasLeftBehindWhatIsNotAboutItsState",
            "whatNeverCountedIsGoneWithItsOperation",
            "aFailbackThatIsGivenUpLeavesTheWindowOfTheFailover")
        .add(
            "leaves all behind",
            claiming(
                registry ->
                    new FakeClaimActivities(registry) {
                      @Override
                      void endWindows(FakeReplica replica) {
                        replica.windows.clear();
                      }
                    }),
            "aReplicaThatIsReleasedAsItWasKeepsItsWindow",
            "aFailbackThatWaitsForItsSwitchKeepsItsWindow",
            "aFailbackThatIsGivenUpLeavesTheWindowOfTheFailover")
        .add(
            "says nothing of windows",
            claiming(
                registry ->
                    new FakeClaimActivities(registry) {
                      @Override
                      public Claim claimReplica(ClaimReplica request) {
                        Claim claim = super.claimReplica(request);
                        return new Claim(claim.fence(), claim.from(), claim.attempt());
                      }
                    }),
            "keepsAWindowThatDoesNotCountYet")
        .add(
            "says nothing of windows to who takes over",
            () ->
                new FakeRegistryFixture() {
                  @Override
                  public ReconcileActivities reconcile() {
                    return new FakeReconcileActivities(registry) {
                      @Override
                      public Claim takeOverReplica(TakeOverReplica request) {
                        Claim claim = super.takeOverReplica(request);
                        return new Claim(claim.fence(), claim.from(), claim.attempt());
                      }
                    };
                  }
                },
            "whoTakesAReplicaOverIsToldOfItsWindows");
  }

  private static RegistryFixture with(Function<FakeRegistry, WindowActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public WindowActivities windows() {
        return adapter.apply(registry);
      }
    };
  }

  private static Supplier<RegistryFixture> claiming(
      Function<FakeRegistry, ClaimActivities> adapter) {
    return () ->
        new FakeRegistryFixture() {
          @Override
          public ClaimActivities claims() {
            return adapter.apply(registry);
          }
        };
  }

  /** Asks neither who holds the replica nor whether anybody answers. */
  private static final class Forgetful extends FakeWindowActivities {
    Forgetful(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Done planWindow(PlanWindow request) {
      FakeReplica replica = registry.replicas.get(request.replicaId());
      return new Done(plan(replica, request.window()), Attempts.current());
    }

    @Override
    public Opened openWindow(OpenWindow request) {
      FakeReplica replica = registry.replicas.get(request.replicaId());
      boolean changes = open(replica, request);
      return new Opened(replica.windows.get(request.of()), changes, Attempts.current());
    }
  }
}
