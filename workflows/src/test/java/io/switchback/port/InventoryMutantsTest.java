package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sites that break a promise about what VMs they have; the suite notices. */
final class InventoryMutantsTest {
  private static Supplier<PlacementFixture> fixture = () -> with(FakeInventoryActivities::new);

  static final class Suite extends InventoryContract {
    @Override
    protected PlacementFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, InventoryActivities, PlacementFixture> mutants =
        new AdapterMutants<>(InventoryContract.class, InventoryMutantsTest::with);
    choosing(mutants);
    answering(mutants);
    describing(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static PlacementFixture with(Function<FakeSite, InventoryActivities> adapter) {
    return new FakePlacementFixture(adapter, FakePlaceholderActivities::new);
  }

  private static void choosing(
      AdapterMutants<FakeSite, InventoryActivities, PlacementFixture> mutants) {
    mutants
        .add(
            "knows VMs by their names alone",
            site ->
                new FakeInventoryActivities(site) {
                  @Override
                  boolean isCalled(FakeVm vm, String name) {
                    return vm.ref.name().equals(name);
                  }
                },
            "findsByNameAndById")
        .add(
            "overlooks tags",
            site ->
                asking(
                    site,
                    asked ->
                        new InventoryActivities.FindVms(
                            asked.site(), asked.names(), "", asked.folder())),
            "findsByTag")
        .add(
            "takes the beginning of a folder's name for the folder",
            site ->
                new FakeInventoryActivities(site) {
                  @Override
                  boolean isBelow(String folder, String above) {
                    return folder.startsWith(above);
                  }
                },
            "findsInAFolderAndBelowIt")
        .add(
            "finds only what it is asked for",
            site ->
                new FakeInventoryActivities(site) {
                  @Override
                  boolean matches(FakeVm vm, FindVms request) {
                    return !request.names().isEmpty() && super.matches(vm, request);
                  }
                },
            "findsEverythingWhenNothingIsAskedFor")
        .add(
            "takes replicas for production",
            site ->
                new FakeInventoryActivities(site) {
                  @Override
                  boolean matches(FakeVm vm, FindVms request) {
                    return request.names().isEmpty() || super.matches(vm, request);
                  }
                },
            "leavesReplicasOutUnlessTheyAreNamed");
  }

  private static void answering(
      AdapterMutants<FakeSite, InventoryActivities, PlacementFixture> mutants) {
    mutants
        .add(
            "passes over what is not there",
            site ->
                finding(
                    site,
                    found ->
                        new InventoryActivities.Inventory(found.vms(), List.of(), found.cut())),
            "namesWhatItDoesNotFind")
        .add(
            "does not say that there are more",
            site ->
                finding(
                    site,
                    found ->
                        new InventoryActivities.Inventory(found.vms(), found.missing(), false)),
            "saysThatThereAreMoreThanItAnswers");
  }

  private static void describing(
      AdapterMutants<FakeSite, InventoryActivities, PlacementFixture> mutants) {
    mutants
        .add(
            "does not know where a VM stands",
            site ->
                describing(
                    site,
                    (asked, vm) ->
                        new VmProfile(
                            vm.vm(),
                            vm.power(),
                            vm.hardware(),
                            vm.disks(),
                            Placement.ANYWHERE,
                            vm.tags())),
            "tellsWhatAVmIsMadeOf")
        .add(
            "answers the name by which it was asked",
            site ->
                describing(
                    site,
                    (asked, vm) ->
                        new VmProfile(
                            asked.vm(),
                            vm.power(),
                            vm.hardware(),
                            vm.disks(),
                            vm.placement(),
                            vm.tags())),
            "findsARenamedVmByItsId")
        .add(
            "describes what it does not see",
            site ->
                new FakeInventoryActivities(site) {
                  @Override
                  public VmProfile describeVm(DescribeVm request) {
                    try {
                      return super.describeVm(request);
                    } catch (FaultException gone) {
                      return new VmProfile(
                          request.vm(),
                          PowerState.OFF,
                          new Hardware(1, 1 << 20, Firmware.BIOS, List.of()),
                          List.of(),
                          Placement.ANYWHERE,
                          List.of());
                    }
                  }
                },
            "saysThatAVmIsGone",
            "saysThatNobodyAnswers");
  }

  private static FakeInventoryActivities asking(
      FakeSite site, UnaryOperator<InventoryActivities.FindVms> wrong) {
    return new FakeInventoryActivities(site) {
      @Override
      public Inventory findVms(FindVms request) {
        return super.findVms(wrong.apply(request));
      }
    };
  }

  private static FakeInventoryActivities finding(
      FakeSite site, UnaryOperator<InventoryActivities.Inventory> wrong) {
    return new FakeInventoryActivities(site) {
      @Override
      public Inventory findVms(FindVms request) {
        return wrong.apply(super.findVms(request));
      }
    };
  }

  private static FakeInventoryActivities describing(
      FakeSite site,
      java.util.function.BiFunction<InventoryActivities.DescribeVm, VmProfile, VmProfile> wrong) {
    return new FakeInventoryActivities(site) {
      @Override
      public VmProfile describeVm(DescribeVm request) {
        return wrong.apply(request, super.describeVm(request));
      }
    };
  }
}
