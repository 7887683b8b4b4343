package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.DiskFormat;
import io.switchback.model.Mandate;
import io.switchback.model.Seed;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sites that break a promise about replicas' VMs; the suite notices. */
final class PlaceholderMutantsTest {
  private static Supplier<PlacementFixture> fixture = () -> with(FakePlaceholderActivities::new);

  static final class Suite extends PlaceholderContract {
    @Override
    protected PlacementFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, PlaceholderActivities, PlacementFixture> mutants =
        new AdapterMutants<>(PlaceholderContract.class, PlaceholderMutantsTest::with);
    placing(mutants);
    seeding(mutants);
    removing(mutants);
    fences(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  static PlacementFixture with(Function<FakeSite, PlaceholderActivities> adapter) {
    return new FakePlacementFixture(FakeInventoryActivities::new, adapter);
  }

  private static void placing(
      AdapterMutants<FakeSite, PlaceholderActivities, PlacementFixture> mutants) {
    mutants
        .add(
            "makes a VM of the site's own taste",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  FakeVm make(PlaceVm request) {
                    FakeVm vm = super.make(request);
                    vm.hardware = new FakeVm(vm.ref).hardware;
                    return vm;
                  }
                },
            "makesAVmOfProductionsShape")
        .add(
            "leaves the VM for anybody to start",
            Unmarked::new,
            "marksTheVmSoThatNobodyStartsItByAccident")
        .add(
            "does not look before it acts",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  Optional<FakeVm> known(PlaceVm request) {
                    return Optional.empty();
                  }
                },
            "makesOneVmWhenTheAnswerOfTheFirstAttemptWasLost",
            "answersASeedAgainWhenTheFirstAnswerWasLost")
        .add(
            "makes disks thin, whatever is asked",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  FakeVm make(PlaceVm request) {
                    FakeVm vm = super.make(request);
                    vm.format = DiskFormat.THIN;
                    return vm;
                  }
                },
            "makesDisksThatTakeRoomAsTheyAreWrittenOrAtOnce")
        .add(
            "makes disks thick, whatever is asked",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  FakeVm make(PlaceVm request) {
                    FakeVm vm = super.make(request);
                    vm.format = DiskFormat.THICK;
                    return vm;
                  }
                },
            "makesDisksThatTakeRoomAsTheyAreWrittenOrAtOnce")
        .add(
            "takes any name",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  void refuseTakenName(PlaceVm request) {}
                },
            "doesNotTakeANameThatAnotherVmHas");
  }

  private static void seeding(
      AdapterMutants<FakeSite, PlaceholderActivities, PlacementFixture> mutants) {
    mutants
        .add(
            "empties the seed",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  FakeVm takeSeed(PlaceVm request, Seed seed) {
                    FakeVm vm = super.takeSeed(request, seed);
                    vm.disks.replaceAll((id, disk) -> new FakeDisk(id, disk.capacityBytes()));
                    return vm;
                  }
                },
            "beginsFromASeedAndKeepsWhatItHolds")
        .add(
            "pairs a seed's disks in their own order",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  public Placed placeVm(PlaceVm request) {
                    Seed seed = request.seed();
                    return super.placeVm(
                        seed == null ? request : seeded(request, new Seed(seed.vm(), Map.of())));
                  }
                },
            "pairsASeedsDisksAsAskedFor")
        .add(
            "takes a seed of any shape",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  void refuseOtherCapacities(FakeVm vm, PlaceVm request, Seed seed) {}
                },
            "refusesASeedOfAnotherShape")
        .add(
            "takes another replica's VM",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  void refuseManaged(FakeVm vm) {}
                },
            "refusesAnotherReplicasVmAsSeed")
        .add(
            "begins empty where there is no seed",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  FakeVm takeSeed(PlaceVm request, Seed seed) {
                    try {
                      return super.takeSeed(request, seed);
                    } catch (FaultException none) {
                      return make(seeded(request, null));
                    }
                  }
                },
            "saysThatThereIsNoSeed");
  }

  private static void removing(
      AdapterMutants<FakeSite, PlaceholderActivities, PlacementFixture> mutants) {
    mutants
        .add(
            "knows VMs by their ids alone",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  boolean isCalled(FakeVm vm, String asked) {
                    return vm.ref.id().equals(asked);
                  }
                },
            "findsTheVmToRemoveByItsNameAsWell")
        .add(
            "says that it removed what was gone",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  public Done removeVm(ChangeVm request) {
                    return new Done(true, super.removeVm(request).attempt());
                  }
                },
            "removesTheVmOnce")
        .add(
            "removes anybody's VM",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  void requireManaged(FakeVm vm, ChangeVm request) {}
                },
            "removesNobodysOwnVm")
        .add(
            "says that it has left what it keeps",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  public Done leaveVm(ChangeVm request) {
                    return new Done(true, Attempts.current());
                  }
                },
            "leavesTheVmToThePeopleOfTheSite",
            "hasNothingToLeaveWhenTheVmIsGone",
            "saysThatNobodyAnswers");
  }

  private static void fences(
      AdapterMutants<FakeSite, PlaceholderActivities, PlacementFixture> mutants) {
    mutants
        .add(
            "fence ignored",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  void fence(String id, Mandate mandate) {}
                },
            "refusesALateAttemptToPlace",
            "refusesALateAttemptToPlaceWhatWasGivenUpBefore",
            "refusesALateAttemptToRemove",
            "refusesALateAttemptToLeave")
        .add(
            "changes VMs that run",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  void requireOff(FakeVm vm) {}
                },
            "refusesASeedThatRuns",
            "removesNoVmThatRuns");
  }

  private static PlaceVm seeded(PlaceVm request, @Nullable Seed seed) {
    return new PlaceVm(
        request.mandate(),
        request.site(),
        request.replicaId(),
        request.name(),
        request.hardware(),
        request.production(),
        request.placement(),
        seed);
  }

  private static final class Unmarked extends FakePlaceholderActivities {
    Unmarked(FakeSite site) {
      super(site);
    }

    @Override
    public Placed placeVm(PlaceVm request) {
      Placed placed = super.placeVm(request);
      site.vm(placed.vm()).managedBy = "";
      return placed;
    }
  }
}
