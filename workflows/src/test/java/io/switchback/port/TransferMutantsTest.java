package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about transfers; the suite notices. */
final class TransferMutantsTest {
  private static Supplier<TransferFixture> fixture = () -> with(FakeTransferActivities::new);

  static final class Suite extends TransferContract {
    @Override
    protected TransferFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    Mutants<TransferFixture> mutants = new Mutants<>(TransferContract.class);
    fencing(mutants);
    copying(mutants);
    telling(mutants);
    refusing(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static TransferFixture with(
      BiFunction<FakeSite, FakeSite, ? extends TransferActivities> adapter) {
    return new FakeTransferFixture(adapter);
  }

  private static void fencing(Mutants<TransferFixture> mutants) {
    mutants
        .add(
            "effect lost",
            () -> with(FencesNothing::new),
            "refusesATransferUnderALowerFenceOnEachDisk",
            "stopsARunningTransferAtItsNextBatch",
            "saysWhetherTheFenceStoodThereAlready",
            "refusesToFenceOffUnderALowerFence",
            "fencesOffAReplicaThatRuns",
            "needsProductionForACopyAndNotForAFence")
        .add(
            "fences the first disk only",
            () -> with(FencesTheFirstDisk::new),
            "refusesATransferUnderALowerFenceOnEachDisk")
        .add(
            "asks for no fence while it writes",
            () -> with(WritesWithoutAFence::new),
            "stopsARunningTransferAtItsNextBatch",
            "refusesAnEarlierAttemptThatWakesUpLate")
        .add(
            "powers the replica on",
            () ->
                with(
                    (production, recovery) ->
                        new FakeTransferActivities(production, recovery) {
                          @Override
                          boolean raise(FenceOff request) {
                            recovery.power(request.replica().recovery(), PowerState.ON);
                            return super.raise(request);
                          }
                        }),
            "changesNothingElseByFencingOff")
        .add(
            "asks production first",
            () ->
                with(
                    (production, recovery) ->
                        new FakeTransferActivities(production, recovery) {
                          @Override
                          public Done fenceOff(FenceOff request) {
                            production.answer();
                            return super.fenceOff(request);
                          }
                        }),
            "needsProductionForACopyAndNotForAFence");
  }

  private static void copying(Mutants<TransferFixture> mutants) {
    mutants
        .add(
            "copies the disk as it is now",
            () -> with(CopiesThePresent::new),
            "copiesTheSnapshotAndNothingThatCameAfterIt",
            "saysThatTheSnapshotIsGone")
        .add(
            "effect lost",
            () ->
                with(
                    (production, recovery) ->
                        new FakeTransferActivities(production, recovery) {
                          @Override
                          void write(TransferDisk request, NavigableMap<Long, Byte> batch) {}

                          @Override
                          void prove(TransferDisk request, NavigableMap<Long, Byte> sent) {}
                        }),
            "copiesAllWithoutAnEarlierChangeIdAndSaysWhy",
            "copiesOnlyWhatChangedSinceTheEarlierChangeId",
            "writesTheSameBytesWhenItRunsAgain",
            "refusesToWriteUnderAReplicaThatRuns")
        .add(
            "always copies all",
            () ->
                with(
                    (production, recovery) ->
                        new FakeTransferActivities(production, recovery) {
                          @Override
                          public Transferred transferDisk(TransferDisk request) {
                            return super.transferDisk(since(request, null));
                          }
                        }),
            "copiesOnlyWhatChangedSinceTheEarlierChangeId",
            "comparesBothSidesWhenChangeTrackingWasResetAndSaysSo")
        .add(
            "takes an unknown change id for nothing changed",
            () -> with(SilentGap::new),
            "comparesBothSidesWhenChangeTrackingWasResetAndSaysSo")
        .add(
            "believes every list",
            () ->
                with(
                    (production, recovery) ->
                        new FakeTransferActivities(production, recovery) {
                          @Override
                          boolean isComplete(
                              NavigableMap<Long, Byte> listed, NavigableMap<Long, Byte> differing) {
                            return true;
                          }
                        }),
            "doesNotBelieveAChangeListThatLacksSomething")
        .add(
            "forgets what was written to the replica",
            () ->
                with(
                    (production, recovery) ->
                        new FakeTransferActivities(production, recovery) {
                          @Override
                          Set<Long> changedAtReplica(TransferDisk request) {
                            return Set.of();
                          }
                        }),
            "sendsAgainWhatWasWrittenToTheReplicaSinceItsOwnPoint")
        .add(
            "does not read back",
            () ->
                with(
                    (production, recovery) ->
                        new FakeTransferActivities(production, recovery) {
                          @Override
                          void prove(TransferDisk request, NavigableMap<Long, Byte> sent) {}
                        }),
            "saysThatTheSinkDoesNotHoldWhatItWasSent");
  }

  private static void telling(Mutants<TransferFixture> mutants) {
    mutants
        .add(
            "one root for all",
            () ->
                with(
                    (production, recovery) ->
                        new FakeTransferActivities(production, recovery) {
                          @Override
                          String root(NavigableMap<Long, Byte> bytes) {
                            return "0".repeat(64);
                          }
                        }),
            "provesWhatItSentByOneRootForOneContent")
        .add(
            "tells nothing on the way",
            () -> with((production, recovery) -> new Silent(production, recovery)),
            "heartbeatsHowFarItIs");
  }

  private static void refusing(Mutants<TransferFixture> mutants) {
    mutants
        .add(
            "writes to whatever runs",
            () ->
                with(
                    (production, recovery) ->
                        new FakeTransferActivities(production, recovery) {
                          @Override
                          void write(TransferDisk request, NavigableMap<Long, Byte> batch) {
                            recovery.power(request.recovery(), PowerState.OFF);
                            super.write(request, batch);
                          }
                        }),
            "refusesToWriteUnderAReplicaThatRuns")
        .add(
            "calls every fault an outage",
            () -> with(OneFaultForAll::new),
            "refusesDisksOfDifferentCapacity",
            "saysThatTheDatastoreIsFull",
            "namesAVmThatTheHypervisorDoesNotKnow")
        .add(
            "calls an outage a surprise",
            () -> with(Surprised::new),
            "saysThatTheRecoverySiteDoesNotAnswer",
            "needsProductionForACopyAndNotForAFence");
  }

  private static TransferActivities.TransferDisk since(
      TransferActivities.TransferDisk request, @org.jspecify.annotations.Nullable String since) {
    return new TransferActivities.TransferDisk(
        request.mandate(),
        request.production(),
        request.snapshot(),
        request.recovery(),
        request.disk(),
        since);
  }

  private static final class FencesNothing extends FakeTransferActivities {
    FencesNothing(FakeSite production, FakeSite recovery) {
      super(production, recovery);
    }

    @Override
    boolean raise(FenceOff request) {
      return false;
    }
  }

  private static final class FencesTheFirstDisk extends FakeTransferActivities {
    FencesTheFirstDisk(FakeSite production, FakeSite recovery) {
      super(production, recovery);
    }

    @Override
    boolean raise(FenceOff request) {
      Replica all = request.replica();
      List<DiskPair> one = all.disks().subList(0, 1);
      return super.raise(
          new FenceOff(
              request.mandate(),
              new Replica(
                  all.id(), all.name(), all.production(), all.recovery(), one, all.networks())));
    }
  }

  private static final class WritesWithoutAFence extends FakeTransferActivities {
    WritesWithoutAFence(FakeSite production, FakeSite recovery) {
      super(production, recovery);
    }

    @Override
    void write(TransferDisk request, NavigableMap<Long, Byte> batch) {
      recovery.vm(request.recovery()).disks.get(request.disk().recoveryDisk()).write(batch);
    }
  }

  private static final class CopiesThePresent extends FakeTransferActivities {
    CopiesThePresent(FakeSite production, FakeSite recovery) {
      super(production, recovery);
    }

    @Override
    FakeDisk.Image image(TransferDisk request) {
      return production.vm(request.production()).disks.get(request.disk().productionDisk()).image();
    }
  }

  private static final class SilentGap extends FakeTransferActivities {
    SilentGap(FakeSite production, FakeSite recovery) {
      super(production, recovery);
    }

    @Override
    FakeDisk.Image image(TransferDisk request) {
      FakeDisk.Image image = super.image(request);
      boolean isUnknown = request.since() != null && image.changedSince(request.since()).isEmpty();
      return isUnknown ? new FakeDisk.Image(new TreeMap<>(), image.changeId()) : image;
    }
  }

  /** A heartbeat without words says only that the adapter lives. */
  private static final class Silent implements TransferActivities {
    private final FakeTransferActivities quiet;

    Silent(FakeSite production, FakeSite recovery) {
      this.quiet = new FakeTransferActivities(production, recovery);
    }

    @Override
    public Done fenceOff(FenceOff request) {
      return quiet.fenceOff(request);
    }

    @Override
    public Transferred transferDisk(TransferDisk request) {
      // Another thread is in no activity, so the heartbeats go nowhere.
      return java.util.concurrent.CompletableFuture.supplyAsync(() -> quiet.transferDisk(request))
          .join();
    }
  }

  private static final class OneFaultForAll extends FakeTransferActivities {
    OneFaultForAll(FakeSite production, FakeSite recovery) {
      super(production, recovery);
    }

    @Override
    public Done fenceOff(FenceOff request) {
      return outage(() -> super.fenceOff(request));
    }

    @Override
    public Transferred transferDisk(TransferDisk request) {
      return outage(() -> super.transferDisk(request));
    }

    private static <T> T outage(Supplier<T> call) {
      try {
        return call.get();
      } catch (FaultException fault) {
        throw new FaultException(Fault.SITE_UNREACHABLE, fault.sentence());
      }
    }
  }

  private static final class Surprised extends FakeTransferActivities {
    Surprised(FakeSite production, FakeSite recovery) {
      super(production, recovery);
    }

    @Override
    public Transferred transferDisk(TransferDisk request) {
      try {
        return super.transferDisk(request);
      } catch (FaultException fault) {
        throw new FaultException(Fault.UNEXPECTED, fault.sentence());
      }
    }
  }
}
