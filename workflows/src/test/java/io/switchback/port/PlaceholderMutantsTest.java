package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.DiskFormat;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Mandate;
import io.switchback.model.Placement;
import io.switchback.model.Seed;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import io.switchback.port.PlaceholderActivities.ReshapeVm;
import io.switchback.port.PlaceholderActivities.Reshaped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
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
    Mutants<PlacementFixture> mutants = new Mutants<>(PlaceholderContract.class);
    placing(mutants);
    seeding(mutants);
    removing(mutants);
    reshapingDisks(mutants);
    reshaping(mutants);
    fences(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static PlacementFixture with(Function<FakeSite, PlaceholderActivities> adapter) {
    return new FakePlacementFixture(FakeInventoryActivities::new, adapter);
  }

  private static void placing(Mutants<PlacementFixture> mutants) {
    mutants
        .add(
            "makes a VM of the site's own taste",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          FakeVm make(PlaceVm request) {
                            FakeVm vm = super.make(request);
                            vm.hardware = new FakeVm(vm.ref).hardware;
                            return vm;
                          }
                        }),
            "makesAVmOfProductionsShape")
        .add(
            "leaves the VM for anybody to start",
            () -> with(Unmarked::new),
            "marksTheVmSoThatNobodyStartsItByAccident")
        .add(
            "does not look before it acts",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          Optional<FakeVm> known(PlaceVm request) {
                            return Optional.empty();
                          }
                        }),
            "makesOneVmWhenTheAnswerOfTheFirstAttemptWasLost",
            "answersASeedAgainWhenTheFirstAnswerWasLost")
        .add(
            "makes disks thin, whatever is asked",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          FakeVm make(PlaceVm request) {
                            FakeVm vm = super.make(request);
                            vm.format = DiskFormat.THIN;
                            return vm;
                          }
                        }),
            "makesDisksThatTakeRoomAsTheyAreWrittenOrAtOnce")
        .add(
            "makes disks thick, whatever is asked",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          FakeVm make(PlaceVm request) {
                            FakeVm vm = super.make(request);
                            vm.format = DiskFormat.THICK;
                            return vm;
                          }
                        }),
            "makesDisksThatTakeRoomAsTheyAreWrittenOrAtOnce")
        .add(
            "takes any name",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          void refuseTakenName(PlaceVm request) {}
                        }),
            "doesNotTakeANameThatAnotherVmHas");
  }

  private static void seeding(Mutants<PlacementFixture> mutants) {
    mutants
        .add(
            "empties the seed",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          FakeVm takeSeed(PlaceVm request, Seed seed) {
                            FakeVm vm = super.takeSeed(request, seed);
                            vm.disks.replaceAll(
                                (id, disk) -> new FakeDisk(id, disk.capacityBytes()));
                            return vm;
                          }
                        }),
            "beginsFromASeedAndKeepsWhatItHolds")
        .add(
            "pairs a seed's disks in their own order",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          public Placed placeVm(PlaceVm request) {
                            Seed seed = request.seed();
                            return super.placeVm(
                                seed == null
                                    ? request
                                    : seeded(request, new Seed(seed.vm(), Map.of())));
                          }
                        }),
            "pairsASeedsDisksAsAskedFor")
        .add(
            "takes a seed of any shape",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          void refuseOtherCapacities(FakeVm vm, PlaceVm request, Seed seed) {}
                        }),
            "refusesASeedOfAnotherShape")
        .add(
            "takes another replica's VM",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          void refuseManaged(FakeVm vm) {}
                        }),
            "refusesAnotherReplicasVmAsSeed")
        .add(
            "begins empty where there is no seed",
            () ->
                with(
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
                        }),
            "saysThatThereIsNoSeed");
  }

  private static void removing(Mutants<PlacementFixture> mutants) {
    mutants
        .add(
            "knows VMs by their ids alone",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          boolean isCalled(FakeVm vm, String asked) {
                            return vm.ref.id().equals(asked);
                          }
                        }),
            "findsTheVmToRemoveByItsNameAsWell")
        .add(
            "says that it removed what was gone",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          public Done removeVm(ChangeVm request) {
                            return new Done(true, super.removeVm(request).attempt());
                          }
                        }),
            "removesTheVmOnce")
        .add(
            "removes anybody's VM",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          void requireManaged(FakeVm vm, ChangeVm request) {}
                        }),
            "removesNobodysOwnVm")
        .add(
            "says that it has left what it keeps",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          public Done leaveVm(ChangeVm request) {
                            return new Done(true, Attempts.current());
                          }
                        }),
            "leavesTheVmToThePeopleOfTheSite",
            "hasNothingToLeaveWhenTheVmIsGone",
            "saysThatNobodyAnswers");
  }

  private static void reshapingDisks(Mutants<PlacementFixture> mutants) {
    mutants
        .add(
            "pairs a disk that it has not made",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          FakeDisk addDisk(FakeVm vm, DiskShape production) {
                            return vm.disks.size() < 2
                                ? super.addDisk(vm, production)
                                : new FakeDisk("not-there", production.capacityBytes());
                          }
                        }),
            "addsADiskThatProductionHasGained")
        .add(
            "grows a disk by making it anew",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          FakeDisk grown(FakeDisk disk, long capacityBytes) {
                            return new FakeDisk(disk.id(), capacityBytes);
                          }
                        }),
            "growsADiskAndKeepsWhatItHolds")
        .add(
            "keeps what production has lost",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          void takeAway(FakeVm vm, ReshapeVm request, List<DiskPair> kept) {}
                        }),
            "takesAwayADiskThatProductionHasLost")
        .add(
            "leaves a disk that has shrunk as it was",
            () -> with(KeepsLarger::new),
            "givesANewDiskInPlaceOfOneThatHasShrunk");
  }

  private static void reshaping(Mutants<PlacementFixture> mutants) {
    mutants
        .add(
            "carries no hardware over",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          public Reshaped reshapeVm(ReshapeVm request) {
                            return super.reshapeVm(
                                new ReshapeVm(
                                    request.mandate(),
                                    request.recovery(),
                                    request.name(),
                                    site.profile(request.recovery()).hardware(),
                                    request.known(),
                                    request.production(),
                                    request.placement()));
                          }
                        }),
            "carriesNameAndHardwareOver")
        .add(
            "stays where it stands",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          Placement moved(Placement now, @Nullable Placement asked) {
                            return now;
                          }
                        }),
            "movesToAnotherHostAndFolderAndStaysWhereNothingIsSaid")
        .add(
            "says that it changed what was so",
            () ->
                with(
                    site ->
                        reshaping(
                            site,
                            seen -> new Reshaped(seen.vm(), seen.disks(), true, seen.attempt()))),
            "changesNothingWhenTheShapeIsSoAlready",
            "reshapesOnceWhenTheAnswerOfTheFirstAttemptWasLost")
        .add(
            "reshapes what is gone",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          public Reshaped reshapeVm(ReshapeVm request) {
                            try {
                              return super.reshapeVm(request);
                            } catch (FaultException gone) {
                              return new Reshaped(request.recovery(), List.of(), false, 1);
                            }
                          }
                        }),
            "saysThatTheVmToReshapeIsGone");
  }

  private static void fences(Mutants<PlacementFixture> mutants) {
    mutants
        .add(
            "fence ignored",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          void fence(String id, Mandate mandate) {}
                        }),
            "refusesALateAttemptToPlace",
            "refusesALateAttemptToPlaceWhatWasGivenUpBefore",
            "refusesALateAttemptToRemove",
            "refusesALateAttemptToLeave",
            "refusesALateAttemptToReshape")
        .add(
            "changes VMs that run",
            () ->
                with(
                    site ->
                        new FakePlaceholderActivities(site) {
                          @Override
                          void requireOff(FakeVm vm) {}
                        }),
            "refusesASeedThatRuns",
            "removesNoVmThatRuns",
            "reshapesNoVmThatRuns");
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

  private static FakePlaceholderActivities reshaping(FakeSite site, UnaryOperator<Reshaped> wrong) {
    return new FakePlaceholderActivities(site) {
      @Override
      public Reshaped reshapeVm(ReshapeVm request) {
        return wrong.apply(super.reshapeVm(request));
      }
    };
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

  private static final class KeepsLarger extends FakePlaceholderActivities {
    KeepsLarger(FakeSite site) {
      super(site);
    }

    @Override
    DiskPair follow(FakeVm vm, DiskShape production, ReshapeVm request) {
      Optional<DiskPair> larger =
          request.known().stream()
              .filter(pair -> pair.productionDisk().equals(production.id()))
              .filter(pair -> pair.capacityBytes() > production.capacityBytes())
              .findFirst();
      return larger.isPresent() ? larger.get() : super.follow(vm, production, request);
    }
  }
}
