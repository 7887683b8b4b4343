package io.switchback.port;

import io.switchback.model.Mandate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sites that break a promise about copies; the suite notices. */
final class CopyMutantsTest {
  private static Supplier<CopyFixture> fixture = () -> with(FakeCopyActivities::new);

  static final class Suite extends CopyContract {
    @Override
    protected CopyFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, CopyActivities, CopyFixture> mutants =
        new AdapterMutants<>(CopyContract.class, CopyMutantsTest::with);
    content(mutants);
    marks(mutants);
    refusals(mutants);
    removing(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static CopyFixture with(Function<FakeSite, CopyActivities> adapter) {
    return new FakeCopyFixture(adapter, FakeDrillNetworkActivities::new);
  }

  private static void content(AdapterMutants<FakeSite, CopyActivities, CopyFixture> mutants) {
    mutants
        .add(
            "copies what the disks hold now",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void fill(FakeDisk disk, FakeDisk source, FakeDisk.Image image) {
                    disk.write(source.image().allocated());
                  }
                },
            "beginsWithWhatTheSnapshotHolds",
            "copiesWholeDisksAsWell")
        .add(
            "copies back what the replica has written since",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void fill(FakeDisk disk, FakeDisk source, FakeDisk.Image image) {
                    super.fill(disk, source, image);
                    source.revertTo(image);
                  }
                },
            "leavesTheReplicaAsItIs")
        .add(
            "keeps its own hardware",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  public Copied copyVm(CopyVm request) {
                    Copied copied = super.copyVm(request);
                    FakeVm copy = known(request.copyId()).orElseThrow();
                    copy.hardware = new FakeVm(copy.ref).hardware;
                    return copied;
                  }
                },
            "hasTheHardwareOfTheReplicaAndTheCardsOfTheDrill");
  }

  private static void marks(AdapterMutants<FakeSite, CopyActivities, CopyFixture> mutants) {
    mutants
        .add(
            "marks the copy as the replica",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void mark(FakeVm copy, CopyVm request) {
                    super.mark(copy, request);
                    copy.managedBy = site.vm(request.of()).managedBy;
                  }
                },
            "isNobodysReplica")
        .add(
            "lets a rule protect the copy",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void mark(FakeVm copy, CopyVm request) {}
                },
            "isFoundByNoRule")
        .add(
            "does not look before it acts",
            site ->
                new FakeCopyActivities(site) {
                  private boolean isFirst = true;

                  @Override
                  Optional<FakeVm> known(String copyId) {
                    return Optional.empty();
                  }

                  @Override
                  String idOf(String copyId) {
                    String id = super.idOf(copyId) + (isFirst ? "" : "-again");
                    isFirst = false;
                    return id;
                  }
                },
            "makesOneWhenTheAnswerOfTheFirstAttemptWasLost")
        .add(
            "knows one copy alone",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  List<Copy> all() {
                    return super.all().stream().limit(1).toList();
                  }
                },
            "makesSeveralOfOneSnapshot")
        .add(
            "holds the newest snapshot",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void mark(FakeVm copy, CopyVm request) {
                    super.mark(copy, request);
                    copy.sharesSnapshot = site.vm(request.of()).current;
                  }
                },
            "letsTheSnapshotsAboveItsOwnGo")
        .add(
            "shares files and does not say so",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  public Copied copyVm(CopyVm request) {
                    Copied copied = super.copyVm(request);
                    return new Copied(copied.vm(), false, copied.changed(), copied.attempt());
                  }
                },
            "outlivesItsSnapshotOrHoldsIt",
            "outlivesTheSnapshotsBelowItsOwnOrHoldsThem",
            "keepsTheReplicaThatItSharesFilesWith");
  }

  private static void refusals(AdapterMutants<FakeSite, CopyActivities, CopyFixture> mutants) {
    mutants
        .add(
            "takes another snapshot",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  FakeVm.SnapshotOfAll snapshot(FakeVm of, String name) {
                    return of.snapshots.values().iterator().next();
                  }
                },
            "knowsNoSuchSnapshot")
        .add(
            "makes another VM's copy",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  public Copied copyVm(CopyVm request) {
                    return super.copyVm(
                        new CopyVm(
                            request.mandate(),
                            site.vms().getFirst(),
                            request.snapshot(),
                            request.copyId(),
                            request.name(),
                            request.linked(),
                            request.placement(),
                            request.nics()));
                  }
                },
            "knowsNoSuchVm")
        .add(
            "takes any name",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void refuseTakenName(CopyVm request) {}
                },
            "doesNotTakeANameThatAnotherVmHas")
        .add(
            "takes any network",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void refuseOutside(String network) {}
                },
            "isPluggedIntoNothingButADrillsNetworks",
            "isNotPluggedIntoADrillsNetworkThatReachesSomething")
        .add(
            "takes any host",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void requireHost(CopyVm request) {}
                },
            "knowsNoSuchHost")
        .add(
            "has no fences",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void fence(String copyId, Mandate mandate) {}
                },
            "refusesALateAttemptToCopy",
            "refusesALateAttemptToCopyWhatWasGivenUpBefore",
            "refusesALateAttemptToRemove")
        .add("answers for nobody", DeadCopies::new, "saysThatNobodyAnswers");
  }

  private static void removing(AdapterMutants<FakeSite, CopyActivities, CopyFixture> mutants) {
    mutants
        .add(
            "removes nothing",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  public Done removeCopy(RemoveCopy request) {
                    return new Done(true, Attempts.current());
                  }
                },
            "isRemovedOnce")
        .add(
            "removes copies that run",
            site ->
                new FakeCopyActivities(site) {
                  @Override
                  void requireOff(FakeVm copy) {}
                },
            "isNotRemovedWhileItRuns");
  }

  /** Answers although its site does not. */
  private static final class DeadCopies extends FakeCopyActivities {
    DeadCopies(FakeSite site) {
      super(site);
    }

    @Override
    public Copies listCopies(ListCopies request) {
      site.reachable(true);
      return super.listCopies(request);
    }
  }
}
