package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.DatastoreOutlook;
import io.switchback.model.Drift;
import io.switchback.model.Sheet;
import io.switchback.port.WatchActivities.Expectation;
import io.switchback.port.WatchActivities.Expected;
import io.switchback.port.WatchActivities.Outlook;
import io.switchback.port.WatchActivities.RecordRoom;
import io.switchback.port.WatchActivities.RecordSighting;
import io.switchback.port.WatchActivities.Sighted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about how the estate is found; the suite notices. */
final class WatchMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeWatchActivities::new);

  static final class Suite extends WatchContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, WatchActivities, RegistryFixture> mutants =
        new AdapterMutants<>(WatchContract.class, WatchMutantsTest::with);
    expecting(mutants);
    sighting(mutants);
    losing(mutants);
    measuring(mutants);
    telling(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, WatchActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public WatchActivities watch() {
        return adapter.apply(registry);
      }
    };
  }

  private static void expecting(
      AdapterMutants<FakeRegistry, WatchActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "points are newest first",
            () -> expecting(e -> copy(e, e.cycleOpen(), e.productionMayRun(), e.roomDue(), true)),
            "saysHowTheReplicaShouldBeFound")
        .add(
            "looks while an operation works",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  public Expectation expect(Expect request) {
                    return new Expectation(
                        expected(registry.protectedReplica(request.replicaId())), "", 1);
                  }
                },
            "saysNothingWhileAnOperationHoldsTheReplica")
        .add(
            "every cycle has come to its end",
            () -> expecting(e -> copy(e, false, e.productionMayRun(), e.roomDue(), false)),
            "knowsThatACycleMayHaveLeftItsWorkHalfDone")
        .add(
            "an agreement is for ever",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  public Sighted recordSighting(RecordSighting request) {
                    return super.recordSighting(
                        new RecordSighting(
                            request.id(),
                            request.replicaId(),
                            request.epoch(),
                            request.cycle(),
                            request.drift(),
                            false,
                            request.at()));
                  }
                },
            "productionMayRunWhereSomebodyHasAgreedUntilItWasOff")
        .add(
            "room is never due",
            () -> expecting(e -> copy(e, e.cycleOpen(), e.productionMayRun(), false, false)),
            "roomIsDueUntilItWasMeasured");
  }

  private static void sighting(
      AdapterMutants<FakeRegistry, WatchActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "tells every time",
            () -> keeping((watch, replica, request) -> new Sighted(request.drift(), 0, 1)),
            "tellsOfDriftOnce",
            "tellsAgainOfDriftThatHadGone")
        .add(
            "drift is known by its sentence",
            () ->
                keeping(
                    (watch, replica, request) -> {
                      List<Drift> open = watch.registry.watch.open(request.replicaId());
                      List<Drift> fresh =
                          request.drift().stream().filter(seen -> !open.contains(seen)).toList();
                      open.addAll(fresh);
                      return new Sighted(fresh, 0, 1);
                    }),
            "driftIsTheSameWhateverItsSentenceSays")
        .add(
            "keeps a sighting twice",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  public Sighted recordSighting(RecordSighting request) {
                    registry.watch.sighted.clear();
                    return super.recordSighting(request);
                  }
                },
            "answersTheSameWhenTheAnswerToASightingWasLost")
        .add(
            "keeps what was seen before a claim",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  boolean isLate(FakeReplica replica, RecordSighting request) {
                    return false;
                  }
                },
            "keepsNothingThatWasSeenBeforeAClaim",
            "keepsNothingThatWasSeenBeforeACycle");
  }

  private static void losing(
      AdapterMutants<FakeRegistry, WatchActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "offers what is gone",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  void lose(FakeReplica replica, String point) {
                    replica.gone.add(point);
                  }
                },
            "offersNoRestorePointThatIsGone")
        .add(
            "lets a cycle overwrite what somebody did",
            () ->
                new FakeRegistryFixture() {
                  @Override
                  public CycleActivities cycles() {
                    return new FakeCycleActivities(registry) {
                      @Override
                      String waitingFor(FakeReplica replica, boolean isOwn) {
                        registry.watch.open(replica.replica.id()).clear();
                        return super.waitingFor(replica, isOwn);
                      }
                    };
                  }
                },
            "beginsNoCycleThatWouldOverwriteWhatSomebodyDid")
        .add(
            "trusts change ids all the same",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  void lose(FakeReplica replica, String point) {
                    Map<String, String> ids = replica.changeIds;
                    super.lose(replica, point);
                    replica.changeIds = ids;
                  }
                },
            "beginsWithoutChangeIdsWhenTheNewestRestorePointIsGone")
        .add(
            "forgets that a point is gone",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  void lose(FakeReplica replica, String point) {
                    super.lose(replica, point);
                    replica.gone.clear();
                  }
                },
            "aRestorePointStaysGoneUntilItIsForgotten");
  }

  private static void measuring(
      AdapterMutants<FakeRegistry, WatchActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "foretells nothing",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  public Outlook recordRoom(RecordRoom request) {
                    registry.watch.samples.clear();
                    return super.recordRoom(request);
                  }
                },
            "foretellsWhenADatastoreWillBeFull")
        .add(
            "tells at every measurement",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  boolean isNews(String key, DatastoreOutlook outlook) {
                    Duration left = outlook.fullIn();
                    return left != null && left.compareTo(Duration.ofHours(24)) < 0;
                  }
                },
            "tellsOnceThatLessThanADayIsLeftAndOnceThatItIsLessThanAnHour")
        .add(
            "keeps a measurement twice",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  public Outlook recordRoom(RecordRoom request) {
                    registry.watch.outlooks.clear();
                    return super.recordRoom(request);
                  }
                },
            "answersTheSameWhenTheAnswerToAMeasurementWasLost")
        .add(
            "mixes the sites up",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  public Outlook recordRoom(RecordRoom request) {
                    var room = request.room();
                    return super.recordRoom(
                        new RecordRoom(
                            request.id(),
                            new RoomActivities.Room(
                                "everywhere",
                                room.hosts(),
                                room.datastores(),
                                room.needs(),
                                room.at())));
                  }
                },
            "foretellsOneSiteWithoutTheOther");
  }

  private static void telling(
      AdapterMutants<FakeRegistry, WatchActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "counts the first copy as writing",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  Optional<WriteRate> rate(String replicaId) {
                    return super.rate(replicaId)
                        .map(one -> new WriteRate(replicaId, one.bytesPerHour() * 3 / 2));
                  }
                },
            "tellsHowFastProductionWrites")
        .add(
            "describes the oldest point first",
            registry ->
                new FakeWatchActivities(registry) {
                  @Override
                  public Sheet describeSheet(DescribeSheet request) {
                    Sheet sheet = super.describeSheet(request);
                    return new Sheet(sheet.replica(), sheet.restorePoints().reversed(), "");
                  }
                },
            "describesTheSheetNewestPointFirst")
        .add(
            "invents what it does not know",
            Inventor::new,
            "refusesAReplicaThatIsNoLongerProtected",
            "saysThatTheRegistryDoesNotAnswer");
  }

  private interface Keep {
    Sighted of(FakeWatchActivities watch, FakeReplica replica, RecordSighting request);
  }

  private static RegistryFixture keeping(Keep keep) {
    return with(
        registry ->
            new FakeWatchActivities(registry) {
              @Override
              Sighted keep(FakeReplica replica, RecordSighting request) {
                return keep.of(this, replica, request);
              }
            });
  }

  private static RegistryFixture expecting(UnaryOperator<Expected> other) {
    return with(
        registry ->
            new FakeWatchActivities(registry) {
              @Override
              Expected expected(FakeReplica replica) {
                return other.apply(super.expected(replica));
              }
            });
  }

  private static Expected copy(
      Expected of, boolean cycleOpen, boolean mayRun, boolean roomDue, boolean reversed) {
    return new Expected(
        of.replica(),
        of.state(),
        of.epoch(),
        of.cycle(),
        reversed ? of.restorePoints().reversed() : of.restorePoints(),
        cycleOpen,
        mayRun,
        roomDue);
  }

  /** Answers something whatever it is asked. */
  private static final class Inventor extends FakeWatchActivities {
    Inventor(FakeRegistry registry) {
      super(registry);
    }

    @Override
    public Expectation expect(Expect request) {
      try {
        return super.expect(request);
      } catch (FaultException unknown) {
        return new Expectation(null, "who knows", 1);
      }
    }
  }
}
