package io.switchback.port;

import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.VmRef;
import io.switchback.port.VmActivities.ChangeNetworks;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.port.VmActivities.VmStatus;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link VmActivities} promises. */
public abstract class VmContract extends SiteContract {
  private PortCaller<VmActivities> vms;

  @BeforeEach
  final void openPort() {
    vms = new PortCaller<>(VmActivities.class, site.vms());
  }

  @AfterEach
  final void closePort() {
    vms.close();
  }

  @Test
  void answersWhatTheHypervisorSaysNow() {
    assertThat(look().power()).isEqualTo(OFF);

    site.power(vm, ON);

    VmStatus status = look();
    assertThat(status.power()).isEqualTo(ON);
    assertThat(status.vm()).isEqualTo(vm);
    assertThat(status.disks()).containsOnlyKeys(site.disks(vm));
    assertThat(status.disks().values()).allSatisfy(bytes -> assertThat(bytes).isPositive());
    site.power(vm, OFF);
    assertThat(look().power()).isEqualTo(OFF);
  }

  @Test
  void aVmThatIsOffIsNeitherConnectedNorReady() {
    assertThat(look()).returns(false, VmStatus::connected).returns(false, VmStatus::toolsReady);
  }

  @Test
  void changesNothingByLooking() {
    write("before");
    Map<SiteEffect, Long> before = effects();

    look();

    assertThat(effects()).isEqualTo(before);
    assertThat(site.power(vm)).isEqualTo(OFF);
    assertThat(content(6)).containsOnly("before");
  }

  @Test
  void powersOnAVmThatIsOff() {
    Done done = vms.call().powerOnVm(change(1));

    assertThat(done.changed()).isTrue();
    assertThat(site.power(vm)).isEqualTo(ON);
    assertThat(site.effects(SiteEffect.POWER_ON, vm)).isEqualTo(1);
  }

  @Test
  void powersOnFromTheDisksAsTheyAre() {
    write("as it is");

    vms.call().powerOnVm(change(1));

    site.power(vm, OFF);
    assertThat(content(8)).containsOnly("as it is");
  }

  @Test
  void startsNothingWhenTheVmRunsAlready() {
    site.power(vm, ON);
    Map<SiteEffect, Long> before = effects();

    Done done = vms.call().powerOnVm(change(1));

    assertThat(done.changed()).isFalse();
    assertThat(effects()).isEqualTo(before);
    assertThat(site.power(vm)).isEqualTo(ON);
  }

  @Test
  void powersOnOnceWhenTheAnswerOfTheFirstAttemptWasLost() {
    vms.attempt(1).powerOnVm(change(1));

    Done second = vms.attempt(2).powerOnVm(change(1));

    assertThat(second).isEqualTo(new Done(false, 2));
    assertThat(site.effects(SiteEffect.POWER_ON, vm)).isEqualTo(1);
  }

  @Test
  void powersOffAVmThatRuns() {
    site.power(vm, ON);

    Done done = vms.call().powerOffVm(change(1));

    assertThat(done.changed()).isTrue();
    assertThat(site.power(vm)).isEqualTo(OFF);
    assertThat(site.effects(SiteEffect.POWER_OFF, vm)).isEqualTo(1);
  }

  @Test
  void pullsThePlugOfAGuestThatDoesNotAnswer() {
    site.silenceGuest(vm);
    site.power(vm, ON);

    assertThat(vms.call().powerOffVm(change(1)).changed()).isTrue();

    assertThat(site.power(vm)).isEqualTo(OFF);
  }

  @Test
  void changesNothingWhenTheVmIsOffAlready() {
    Map<SiteEffect, Long> before = effects();

    Done done = vms.call().powerOffVm(change(1));

    assertThat(done.changed()).isFalse();
    assertThat(effects()).isEqualTo(before);
  }

  @Test
  void powersOffOnceWhenTheAnswerOfTheFirstAttemptWasLost() {
    site.power(vm, ON);
    vms.attempt(1).powerOffVm(change(1));

    Done second = vms.attempt(2).powerOffVm(change(1));

    assertThat(second).isEqualTo(new Done(false, 2));
    assertThat(site.effects(SiteEffect.POWER_OFF, vm)).isEqualTo(1);
  }

  @Test
  void saysWhichAttemptAnswers() {
    assertThat(vms.attempt(3).powerOnVm(change(1)).attempt()).isEqualTo(3);
    assertThat(vms.attempt(2).powerOffVm(change(2)).attempt()).isEqualTo(2);
  }

  @Test
  void saysThatNoHostHasRoomAndLeavesTheVmOff() {
    site.fillHosts();

    assertFault(Fault.NO_CAPACITY, () -> vms.call().powerOnVm(change(1)));

    assertThat(site.power(vm)).isEqualTo(OFF);
    assertThat(site.effects(SiteEffect.POWER_ON, vm)).isZero();
  }

  @Test
  void namesAVmThatTheHypervisorDoesNotKnow() {
    for (ThrowingCallable call : everyMethod(unknownVm())) {
      assertFault(Fault.VM_NOT_FOUND, call);
    }
  }

  @Test
  void saysThatTheSiteDoesNotAnswer() {
    site.breakSite();

    for (ThrowingCallable call : everyMethod(vm)) {
      assertFault(Fault.SITE_UNREACHABLE, call);
    }
  }

  @Test
  void refusesToPowerOnUnderALowerFence() {
    vms.call().powerOffVm(change(5));

    assertFault(Fault.FENCED, () -> vms.call().powerOnVm(change(4)));

    assertThat(site.power(vm)).isEqualTo(OFF);
    assertThat(site.effects(SiteEffect.POWER_ON, vm)).isZero();
  }

  @Test
  void refusesToPowerOffUnderALowerFence() {
    vms.call().powerOnVm(change(5));

    assertFault(Fault.FENCED, () -> vms.call().powerOffVm(change(4)));

    assertThat(site.power(vm)).isEqualTo(ON);
    assertThat(site.effects(SiteEffect.POWER_OFF, vm)).isZero();
  }

  @Test
  void refusesAnEarlierAttemptThatWakesUpLate() {
    vms.attempt(2).powerOnVm(change(1));
    site.power(vm, OFF);

    assertFault(Fault.FENCED, () -> vms.attempt(1).powerOnVm(change(1)));

    assertThat(site.power(vm)).isEqualTo(OFF);
  }

  @Test
  void hasSeenAFenceAlsoWhenThereWasNothingToChange() {
    site.power(vm, ON);
    vms.call().powerOnVm(change(5));

    assertFault(Fault.FENCED, () -> vms.call().powerOffVm(change(4)));
  }

  @Test
  void fencesOneVmAndNotAnother() {
    vms.call().powerOnVm(change(5));

    Done done = vms.call().powerOnVm(new ChangePower(step(4), site.other()));

    assertThat(done.changed()).isTrue();
  }

  @Test
  void takesAVmThatRunsOffItsNetworks() {
    site.power(vm, ON);

    Done done = vms.call().isolateVm(networks(1));

    assertThat(done.changed()).isTrue();
    assertThat(look())
        .returns(false, VmStatus::connected)
        .returns(true, VmStatus::isolated)
        .returns(ON, VmStatus::power);
  }

  @Test
  void isolatesOnceWhenTheAnswerOfTheFirstAttemptWasLost() {
    site.power(vm, ON);
    vms.attempt(1).isolateVm(networks(1));

    assertThat(vms.attempt(2).isolateVm(networks(1))).isEqualTo(new Done(false, 2));
  }

  @Test
  void putsAVmBackOnTheNetworksThatItWasTakenOff() {
    site.power(vm, ON);
    vms.call().isolateVm(networks(1));

    Done done = vms.call().reconnectVm(networks(2));

    assertThat(done.changed()).isTrue();
    assertThat(look()).returns(true, VmStatus::connected).returns(false, VmStatus::isolated);
    assertThat(vms.call().reconnectVm(networks(3)).changed()).isFalse();
  }

  @Test
  void plugsInNothingThatSomebodyElseUnplugged() {
    site.unplug(vm);
    site.power(vm, ON);
    assertThat(vms.call().isolateVm(networks(1)).changed()).isFalse();

    assertThat(vms.call().reconnectVm(networks(2)).changed()).isFalse();

    assertThat(look()).returns(false, VmStatus::connected).returns(false, VmStatus::isolated);
  }

  @Test
  void refusesToIsolateUnderALowerFence() {
    site.power(vm, ON);
    vms.call().powerOnVm(change(5));

    assertFault(Fault.FENCED, () -> vms.call().isolateVm(networks(4)));

    assertThat(look().connected()).isTrue();
    assertFault(Fault.FENCED, () -> vms.call().reconnectVm(networks(4)));
  }

  private static ChangeNetworks networks(VmRef of, long step) {
    return new ChangeNetworks(step(step), of);
  }

  private ChangeNetworks networks(long step) {
    return networks(vm, step);
  }

  private VmStatus look() {
    return vms.call().lookAtVm(new LookAtVm(vm));
  }

  private ChangePower change(long step) {
    return new ChangePower(step(step), vm);
  }

  private List<ThrowingCallable> everyMethod(VmRef any) {
    return List.of(
        () -> vms.call().lookAtVm(new LookAtVm(any)),
        () -> vms.call().powerOnVm(new ChangePower(step(1), any)),
        () -> vms.call().powerOffVm(new ChangePower(step(2), any)),
        () -> vms.call().isolateVm(networks(any, 3)),
        () -> vms.call().reconnectVm(networks(any, 4)));
  }
}
