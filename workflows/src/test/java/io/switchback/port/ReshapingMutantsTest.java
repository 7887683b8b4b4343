package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Mandate;
import io.switchback.model.Placement;
import io.switchback.port.PlaceholderActivities.ReshapeVm;
import io.switchback.port.PlaceholderActivities.Reshaped;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sites that break a promise about VMs whose shape changes; the suite notices. */
final class ReshapingMutantsTest {
  private static Supplier<PlacementFixture> fixture =
      () -> PlaceholderMutantsTest.with(FakePlaceholderActivities::new);

  static final class Suite extends ReshapingContract {
    @Override
    protected PlacementFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, PlaceholderActivities, PlacementFixture> mutants =
        new AdapterMutants<>(ReshapingContract.class, PlaceholderMutantsTest::with);
    reshapingDisks(mutants);
    reshaping(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static void reshapingDisks(
      AdapterMutants<FakeSite, PlaceholderActivities, PlacementFixture> mutants) {
    mutants
        .add(
            "pairs a disk that it has not made",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  FakeDisk addDisk(FakeVm vm, DiskShape production) {
                    return vm.disks.size() < 2
                        ? super.addDisk(vm, production)
                        : new FakeDisk("not-there", production.capacityBytes());
                  }
                },
            "addsADiskThatProductionHasGained")
        .add(
            "grows a disk by making it anew",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  FakeDisk grown(FakeDisk disk, long capacityBytes) {
                    return new FakeDisk(disk.id(), capacityBytes);
                  }
                },
            "growsADiskAndKeepsWhatItHolds")
        .add(
            "keeps what production has lost",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  void takeAway(FakeVm vm, ReshapeVm request, List<DiskPair> kept) {}
                },
            "takesAwayADiskThatProductionHasLost")
        .add(
            "leaves a disk that has shrunk as it was",
            KeepsLarger::new,
            "givesANewDiskInPlaceOfOneThatHasShrunk");
  }

  private static void reshaping(
      AdapterMutants<FakeSite, PlaceholderActivities, PlacementFixture> mutants) {
    mutants
        .add(
            "carries no hardware over",
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
                },
            "carriesNameAndHardwareOver")
        .add(
            "stays where it stands",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  Placement moved(Placement now, @Nullable Placement asked) {
                    return now;
                  }
                },
            "movesToAnotherHostAndFolderAndStaysWhereNothingIsSaid")
        .add(
            "says that it changed what was so",
            site ->
                reshaping(
                    site, seen -> new Reshaped(seen.vm(), seen.disks(), true, seen.attempt())),
            "changesNothingWhenTheShapeIsSoAlready",
            "reshapesOnceWhenTheAnswerOfTheFirstAttemptWasLost")
        .add(
            "reshapes what is gone",
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
                },
            "saysThatTheVmToReshapeIsGone",
            "saysThatNobodyAnswersWhoeverReshapes")
        .add(
            "fence ignored",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  void fence(String id, Mandate mandate) {}
                },
            "refusesALateAttemptToReshape")
        .add(
            "changes VMs that run",
            site ->
                new FakePlaceholderActivities(site) {
                  @Override
                  void requireOff(FakeVm vm) {}
                },
            "reshapesNoVmThatRuns");
  }

  private static FakePlaceholderActivities reshaping(FakeSite site, UnaryOperator<Reshaped> wrong) {
    return new FakePlaceholderActivities(site) {
      @Override
      public Reshaped reshapeVm(ReshapeVm request) {
        return wrong.apply(super.reshapeVm(request));
      }
    };
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
