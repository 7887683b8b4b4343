package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.Consistency;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about snapshots; the suite notices. */
final class SnapshotMutantsTest {
  private static Supplier<SiteFixture> fixture = () -> with(FakeSnapshotActivities::new);

  static final class Suite extends SnapshotContract {
    @Override
    protected SiteFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, SnapshotActivities, SiteFixture> mutants =
        new AdapterMutants<>(SnapshotContract.class, SnapshotMutantsTest::with);
    creating(mutants);
    listing(mutants);
    reverting(mutants);
    removing(mutants);
    fences(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static SiteFixture with(Function<FakeSite, SnapshotActivities> adapter) {
    return new FakeSiteFixture(FakeVmActivities::new, FakeGuestActivities::new, adapter);
  }

  private static void creating(AdapterMutants<FakeSite, SnapshotActivities, SiteFixture> mutants) {
    mutants
        .add(
            "snapshots the first disk alone",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  FakeVm.SnapshotOfAll create(FakeVm vm, CreateSnapshot request) {
                    FakeVm.SnapshotOfAll all = super.create(vm, request);
                    List<String> others = new ArrayList<>(all.images().keySet());
                    all.images().keySet().removeAll(others.subList(1, others.size()));
                    return all;
                  }
                },
            "snapshotsAllDisksOfTheVm")
        .add(
            "does not look before it acts",
            BlindActor::new,
            "answersTheSnapshotThatHasTheNameAlreadyAndMakesNone",
            "revertsNothingWhenTheDisksAreAtTheSnapshotAlready",
            "revertsOnceWhenTheAnswerOfTheFirstAttemptWasLost",
            "removesNothingWhenThereIsNoSnapshotOfThatName",
            "removesOnceWhenTheAnswerOfTheFirstAttemptWasLost")
        .add(
            "takes names for unique at the site",
            site ->
                new FakeSnapshotActivities(site) {
                  private final Map<String, Snapshot> made =
                      new java.util.concurrent.ConcurrentHashMap<>();

                  @Override
                  public Snapshot createSnapshot(CreateSnapshot request) {
                    return made.computeIfAbsent(
                        request.name(), name -> super.createSnapshot(request));
                  }
                },
            "givesTheSameNameToSnapshotsOfDifferentVms")
        .add(
            "never asks the guest",
            site -> saying(site, Consistency.CRASH),
            "letsTheGuestCompleteWhatIsHalfDoneWhenAskedToBeQuiesced")
        .add(
            "calls every snapshot consistent",
            site -> saying(site, Consistency.APPLICATION),
            "saysCrashConsistentWhereTheGuestsToolsCannotHelp")
        .add(
            "answers the same change id for ever",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  public Snapshot createSnapshot(CreateSnapshot request) {
                    Snapshot made = super.createSnapshot(request);
                    return new Snapshot(
                        made.name(),
                        made.takenAt(),
                        made.consistency(),
                        Map.of(site.disks(request.vm()).getFirst(), "1"),
                        made.attempt());
                  }
                },
            "answersAChangeIdForEachDiskWhereChangesAreTracked")
        .add(
            "counts no attempts",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  public Done removeSnapshot(ChangeSnapshot request) {
                    return new Done(super.removeSnapshot(request).changed(), 1);
                  }
                },
            "saysWhichAttemptAnswers");
  }

  private static void listing(AdapterMutants<FakeSite, SnapshotActivities, SiteFixture> mutants) {
    mutants
        .add(
            "lists by name",
            site ->
                listing(
                    site,
                    seen ->
                        new SnapshotActivities.Snapshots(
                            seen.names().stream().sorted().toList(),
                            seen.current(),
                            seen.unsavedBytes())),
            "listsSnapshotsOldestFirst")
        .add(
            "does not know what was written since",
            site ->
                listing(
                    site,
                    seen -> new SnapshotActivities.Snapshots(seen.names(), seen.current(), 0)),
            "answersWhatARevertWouldDiscard")
        .add(
            "reverts what it lists",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  public Snapshots listSnapshots(ListSnapshots request) {
                    site.vm(request.vm())
                        .snapshots
                        .values()
                        .forEach(
                            snapshot ->
                                snapshot
                                    .images()
                                    .forEach(
                                        (id, image) ->
                                            site.vm(request.vm()).disks.get(id).revertTo(image)));
                    return super.listSnapshots(request);
                  }
                },
            "changesNothingByListing")
        .add(
            "answers from memory",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  public Snapshots listSnapshots(ListSnapshots request) {
                    try {
                      return super.listSnapshots(request);
                    } catch (FaultException nobodyAnswers) {
                      return new Snapshots(List.of(), "", 0);
                    }
                  }
                },
            "namesAVmThatTheHypervisorDoesNotKnow",
            "saysThatTheSiteDoesNotAnswer");
  }

  private static void reverting(AdapterMutants<FakeSite, SnapshotActivities, SiteFixture> mutants) {
    mutants
        .add(
            "effect lost",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  Reverted revert(
                      FakeVm vm, FakeVm.SnapshotOfAll snapshot, ChangeSnapshot request) {
                    return new Reverted(true, vm.unsavedBytes, Attempts.current());
                  }
                },
            "putsTheDisksBackToTheSnapshot")
        .add(
            "forgets the newer snapshots",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  Reverted revert(
                      FakeVm vm, FakeVm.SnapshotOfAll snapshot, ChangeSnapshot request) {
                    vm.snapshots.keySet().retainAll(List.of(request.name()));
                    return super.revert(vm, snapshot, request);
                  }
                },
            "keepsTheOtherSnapshotsWhenItReverts")
        .add(
            "powers a VM off to revert it",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  public Reverted revertToSnapshot(ChangeSnapshot request) {
                    site.power(request.vm(), PowerState.OFF);
                    return super.revertToSnapshot(request);
                  }
                },
            "refusesToRevertAVmThatRuns")
        .add(
            "reverts to the newest when there is none of that name",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  public Reverted revertToSnapshot(ChangeSnapshot request) {
                    return super.revertToSnapshot(
                        new ChangeSnapshot(
                            request.mandate(),
                            request.vm(),
                            site.snapshots(request.vm()).getLast()));
                  }
                },
            "namesASnapshotToRevertToThatIsNotThere");
  }

  private static void removing(AdapterMutants<FakeSite, SnapshotActivities, SiteFixture> mutants) {
    mutants
        .add(
            "throws away what a snapshot holds",
            Discarder::new,
            "keepsTheDisksWhenItRemovesASnapshot",
            "keepsTheOtherSnapshotsWhenItRemovesTheOldest",
            "keepsTheOtherSnapshotsWhenItRemovesOneBetween")
        .add(
            "forgets that a removed snapshot's bytes are still unsaved",
            site ->
                new FakeSnapshotActivities(site) {
                  @Override
                  void remove(FakeVm vm, ChangeSnapshot request) {
                    long unsaved = vm.unsavedBytes;
                    super.remove(vm, request);
                    vm.unsavedBytes = unsaved;
                  }
                },
            "canStillRevertWhenTheSnapshotThatTheDisksStoodOnWasRemoved");
  }

  private static void fences(AdapterMutants<FakeSite, SnapshotActivities, SiteFixture> mutants) {
    mutants.add(
        "fence ignored",
        site ->
            new FakeSnapshotActivities(site) {
              @Override
              FakeVm admit(VmRef vm, Mandate mandate) {
                return site.vm(vm);
              }
            },
        "refusesToSnapshotUnderALowerFence",
        "refusesToRevertUnderALowerFence",
        "refusesToRemoveUnderALowerFence",
        "refusesAnEarlierAttemptThatWakesUpLate");
  }

  private static FakeSnapshotActivities saying(FakeSite site, Consistency consistency) {
    return new FakeSnapshotActivities(site) {
      @Override
      public Snapshot createSnapshot(CreateSnapshot request) {
        Snapshot made = super.createSnapshot(request);
        return new Snapshot(
            made.name(), made.takenAt(), consistency, made.changeIds(), made.attempt());
      }
    };
  }

  private static FakeSnapshotActivities listing(
      FakeSite site, java.util.function.UnaryOperator<SnapshotActivities.Snapshots> wrong) {
    return new FakeSnapshotActivities(site) {
      @Override
      public Snapshots listSnapshots(ListSnapshots request) {
        return wrong.apply(super.listSnapshots(request));
      }
    };
  }

  /** Snapshots again, reverts again and removes what is not there. */
  private static final class BlindActor extends FakeSnapshotActivities {
    BlindActor(FakeSite site) {
      super(site);
    }

    @Override
    public Snapshot createSnapshot(CreateSnapshot request) {
      return create(admit(request.vm(), request.mandate()), request).answer();
    }

    @Override
    public Reverted revertToSnapshot(ChangeSnapshot request) {
      FakeVm vm = admit(request.vm(), request.mandate());
      return revert(vm, vm.snapshots.get(request.name()), request);
    }

    @Override
    public Done removeSnapshot(ChangeSnapshot request) {
      FakeVm vm = admit(request.vm(), request.mandate());
      if (vm.snapshots.containsKey(request.name())) {
        remove(vm, request);
      } else {
        site.note(Effect.by(request.mandate(), "removeSnapshot", vm.ref.id()));
      }
      return new Done(true, Attempts.current());
    }
  }

  /** Puts the disks and the snapshot that follows back to the one that it removes. */
  private static final class Discarder extends FakeSnapshotActivities {
    Discarder(FakeSite site) {
      super(site);
    }

    @Override
    void remove(FakeVm vm, ChangeSnapshot request) {
      FakeVm.SnapshotOfAll gone = vm.snapshots.get(request.name());
      gone.images().forEach((id, image) -> vm.disks.get(id).revertTo(image));
      vm.snapshots.replaceAll(
          (name, snapshot) ->
              snapshot.parent().equals(request.name())
                  ? new FakeVm.SnapshotOfAll(snapshot.answer(), gone.images(), snapshot.parent(), 0)
                  : snapshot);
      super.remove(vm, request);
    }
  }
}
