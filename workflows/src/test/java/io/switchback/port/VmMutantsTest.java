package io.switchback.port;

import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;

import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about power and networks; the suite notices. */
final class VmMutantsTest {
  private static Supplier<SiteFixture> fixture = () -> with(FakeVmActivities::new);

  static final class Suite extends VmContract {
    @Override
    protected SiteFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, VmActivities, SiteFixture> mutants =
        new AdapterMutants<>(VmContract.class, VmMutantsTest::with);
    looking(mutants);
    poweringOn(mutants);
    poweringOff(mutants);
    isolating(mutants);
    fences(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static SiteFixture with(Function<FakeSite, VmActivities> adapter) {
    return new FakeSiteFixture(adapter, FakeGuestActivities::new, FakeSnapshotActivities::new);
  }

  private static void looking(AdapterMutants<FakeSite, VmActivities, SiteFixture> mutants) {
    mutants
        .add(
            "stale read",
            StaleReader::new,
            "answersWhatTheHypervisorSaysNow",
            "saysThatTheSiteDoesNotAnswer",
            "namesAVmThatTheHypervisorDoesNotKnow")
        .add(
            "every VM is connected",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  public VmStatus lookAtVm(LookAtVm request) {
                    VmStatus seen = super.lookAtVm(request);
                    return new VmStatus(
                        seen.vm(),
                        seen.power(),
                        true,
                        seen.addresses(),
                        seen.serviceAddress(),
                        seen.toolsReady(),
                        seen.disks(),
                        seen.at(),
                        seen.fence(),
                        seen.replicaId(),
                        seen.isolated());
                  }
                },
            "aVmThatIsOffIsNeitherConnectedNorReady")
        .add(
            "wakes the VM that it looks at",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  public VmStatus lookAtVm(LookAtVm request) {
                    site.power(request.vm(), ON);
                    return super.lookAtVm(request);
                  }
                },
            "changesNothingByLooking");
  }

  private static void poweringOn(AdapterMutants<FakeSite, VmActivities, SiteFixture> mutants) {
    mutants
        .add(
            "effect lost",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  void powerOn(FakeVm vm, ChangePower request) {}
                },
            "powersOnAVmThatIsOff")
        .add(
            "effect twice",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  void powerOn(FakeVm vm, ChangePower request) {
                    super.powerOn(vm, request);
                    super.powerOn(vm, request);
                  }
                },
            "powersOnAVmThatIsOff")
        .add(
            "starts from empty disks",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  void powerOn(FakeVm vm, ChangePower request) {
                    vm.disks.values().forEach(disk -> disk.write(4096, new byte[16]));
                    super.powerOn(vm, request);
                  }
                },
            "powersOnFromTheDisksAsTheyAre")
        .add(
            "does not look before it acts",
            BlindActor::new,
            "startsNothingWhenTheVmRunsAlready",
            "powersOnOnceWhenTheAnswerOfTheFirstAttemptWasLost",
            "changesNothingWhenTheVmIsOffAlready",
            "powersOffOnceWhenTheAnswerOfTheFirstAttemptWasLost")
        .add(
            "overbooks the hosts",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  void powerOn(FakeVm vm, ChangePower request) {
                    site.full(false);
                    super.powerOn(vm, request);
                  }
                },
            "saysThatNoHostHasRoomAndLeavesTheVmOff");
  }

  private static void poweringOff(AdapterMutants<FakeSite, VmActivities, SiteFixture> mutants) {
    mutants
        .add(
            "effect lost",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  void powerOff(FakeVm vm, ChangePower request) {}
                },
            "powersOffAVmThatRuns")
        .add(
            "asks the guest to shut down",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  void powerOff(FakeVm vm, ChangePower request) {
                    if (vm.isReady()) {
                      super.powerOff(vm, request);
                    }
                  }
                },
            "pullsThePlugOfAGuestThatDoesNotAnswer")
        .add(
            "counts no attempts",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  public Done powerOnVm(ChangePower request) {
                    return new Done(super.powerOnVm(request).changed(), 1);
                  }
                },
            "saysWhichAttemptAnswers");
  }

  private static void isolating(AdapterMutants<FakeSite, VmActivities, SiteFixture> mutants) {
    mutants
        .add(
            "leaves the VM on its networks",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  public Done isolateVm(ChangeNetworks request) {
                    return new Done(true, Attempts.current());
                  }
                },
            "takesAVmThatRunsOffItsNetworks",
            "isolatesOnceWhenTheAnswerOfTheFirstAttemptWasLost",
            "refusesToIsolateUnderALowerFence")
        .add(
            "leaves the VM off its networks",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  public Done reconnectVm(ChangeNetworks request) {
                    return new Done(true, Attempts.current());
                  }
                },
            "putsAVmBackOnTheNetworksThatItWasTakenOff")
        .add(
            "plugs in whatever is unplugged",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  public Done reconnectVm(ChangeNetworks request) {
                    site.connect(request.vm(), true);
                    return new Done(true, Attempts.current());
                  }
                },
            "plugsInNothingThatSomebodyElseUnplugged");
  }

  private static void fences(AdapterMutants<FakeSite, VmActivities, SiteFixture> mutants) {
    mutants
        .add(
            "fence ignored",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  FakeVm admit(VmRef vm, Mandate mandate) {
                    return site.vm(vm);
                  }
                },
            "refusesToPowerOnUnderALowerFence",
            "refusesToPowerOffUnderALowerFence")
        .add(
            "attempt not part of the fence",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  FakeVm admit(VmRef ref, Mandate mandate) {
                    FakeVm vm = site.vm(ref);
                    if (vm.fence != null && vm.fence.atAttempt(0).equals(mandate.fence())) {
                      return vm;
                    }
                    return super.admit(ref, mandate);
                  }
                },
            "refusesAnEarlierAttemptThatWakesUpLate")
        .add(
            "keeps the fence only when it acts",
            site ->
                new FakeVmActivities(site) {
                  @Override
                  public Done powerOnVm(ChangePower request) {
                    return site.power(request.vm()) == ON
                        ? new Done(false, Attempts.current())
                        : super.powerOnVm(request);
                  }
                },
            "hasSeenAFenceAlsoWhenThereWasNothingToChange")
        .add("one fence for the site", SiteWideFence::new, "fencesOneVmAndNotAnother");
  }

  /** Answers as it answered first, whatever became of the VM or its site. */
  private static final class StaleReader extends FakeVmActivities {
    private @Nullable VmStatus first;

    StaleReader(FakeSite site) {
      super(site);
    }

    @Override
    public VmStatus lookAtVm(LookAtVm request) {
      if (first == null) {
        first = made(request);
      }
      return first;
    }

    private VmStatus made(LookAtVm request) {
      try {
        return super.lookAtVm(request);
      } catch (FaultException nobodyAnswers) {
        return new VmStatus(
            request.vm(),
            OFF,
            false,
            List.of(),
            null,
            false,
            Map.of(),
            site.now(),
            null,
            "",
            false);
      }
    }
  }

  /** Powers on what runs and off what is off. */
  private static final class BlindActor extends FakeVmActivities {
    BlindActor(FakeSite site) {
      super(site);
    }

    @Override
    public Done powerOnVm(ChangePower request) {
      powerOn(admit(request.vm(), request.mandate()), request);
      return new Done(true, Attempts.current());
    }

    @Override
    public Done powerOffVm(ChangePower request) {
      powerOff(admit(request.vm(), request.mandate()), request);
      return new Done(true, Attempts.current());
    }
  }

  private static final class SiteWideFence extends FakeVmActivities {
    private @Nullable Fence highest;

    SiteWideFence(FakeSite site) {
      super(site);
    }

    @Override
    FakeVm admit(VmRef vm, Mandate mandate) {
      highest = FakeSite.raise(highest, mandate, "the site");
      return site.vm(vm);
    }
  }
}
