package io.switchback.port;

import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.VmRef;
import io.switchback.port.GuestActivities.AwaitGuest;
import io.switchback.port.GuestActivities.GuestReadiness;
import io.switchback.port.GuestActivities.GuestShutDown;
import io.switchback.port.GuestActivities.ShutDownEnd;
import io.switchback.port.GuestActivities.ShutDownGuest;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.port.VmActivities.LookAtVm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link GuestActivities} promises. */
public abstract class GuestContract extends SiteContract {
  private PortCaller<GuestActivities> guests;
  private PortCaller<VmActivities> vms;

  @BeforeEach
  final void openPorts() {
    guests = new PortCaller<>(GuestActivities.class, site.guests());
    vms = new PortCaller<>(VmActivities.class, site.vms());
  }

  @AfterEach
  final void closePorts() {
    guests.close();
    vms.close();
  }

  @Test
  void shutsDownTheGuestOfAVmThatRuns() {
    start();

    GuestShutDown ended = shutDown(1, 1, Duration.ofSeconds(30));

    assertThat(ended.end()).as(ended.detail()).isEqualTo(ShutDownEnd.SHUT_DOWN);
    assertThat(ended.changed()).isTrue();
    assertThat(ended.off()).isTrue();
    assertThat(site.power(vm)).isEqualTo(OFF);
    assertThat(site.effects(SiteEffect.SHUT_DOWN, vm)).isEqualTo(1);
    assertThat(site.effects(SiteEffect.POWER_OFF, vm)).isZero();
  }

  @Test
  void shutsNothingDownWhenTheVmIsOffAlready() {
    Map<SiteEffect, Long> before = effects();

    GuestShutDown ended = shutDown(1, 1, Duration.ofSeconds(30));

    assertThat(ended.end()).isEqualTo(ShutDownEnd.OFF_ALREADY);
    assertThat(ended.changed()).isFalse();
    assertThat(ended.off()).isTrue();
    assertThat(effects()).isEqualTo(before);
  }

  @Test
  void shutsDownOnceWhenTheAnswerOfTheFirstAttemptWasLost() {
    start();
    shutDown(1, 1, Duration.ofSeconds(30));

    GuestShutDown second = shutDown(2, 1, Duration.ofSeconds(30));

    assertThat(second.end()).isEqualTo(ShutDownEnd.OFF_ALREADY);
    assertThat(site.effects(SiteEffect.SHUT_DOWN, vm)).isEqualTo(1);
  }

  @Test
  void answersThatAGuestWithoutToolsCannotBeAskedToShutDown() {
    site.silenceGuest(vm);
    site.power(vm, ON);

    GuestShutDown ended = shutDown(1, 1, Duration.ofSeconds(30));

    assertThat(ended.end()).isEqualTo(ShutDownEnd.NO_TOOLS);
    assertThat(ended.off()).isFalse();
    assertThat(ended.detail()).isNotBlank();
    assertThat(site.power(vm)).isEqualTo(ON);
  }

  @Test
  void answersThatTheGuestDidNotShutDownWithinTheLimit() {
    site.stubbornGuest(vm);
    start();

    GuestShutDown ended = shutDown(1, 1, Duration.ofMillis(300));

    assertThat(ended.end()).isEqualTo(ShutDownEnd.LIMIT_PASSED);
    assertThat(ended.off()).isFalse();
    assertThat(ended.detail()).isNotBlank();
    assertThat(site.power(vm)).isEqualTo(ON);
    assertThat(vms.call().powerOffVm(new ChangePower(step(2), vm)).changed())
        .as("the plug is left")
        .isTrue();
  }

  @Test
  void heartbeatsWhileItWaitsForTheGuestToEnd() {
    start();
    int before = guests.heartbeats();

    shutDown(1, 1, Duration.ofSeconds(30));

    assertThat(guests.heartbeats()).isGreaterThan(before);
  }

  @Test
  void refusesToShutDownUnderALowerFence() {
    start();
    vms.call().powerOnVm(new ChangePower(step(5), vm));

    assertFault(Fault.FENCED, () -> shutDown(1, 4, Duration.ofSeconds(30)));

    assertThat(site.power(vm)).isEqualTo(ON);
    assertThat(site.effects(SiteEffect.SHUT_DOWN, vm)).isZero();
  }

  @Test
  void waitsUntilTheGuestIsReady() {
    site.slowGuest(vm);
    site.power(vm, ON);

    GuestReadiness readiness = await(1, Duration.ofSeconds(30));

    assertThat(readiness.ready()).as(readiness.detail()).isTrue();
    assertThat(readiness.serviceAddress()).isNotBlank();
    assertThat(vms.call().lookAtVm(new LookAtVm(vm)).toolsReady()).isTrue();
  }

  @Test
  void answersThatTheGuestIsNotReadyWithinTheLimit() {
    site.silenceGuest(vm);
    site.power(vm, ON);

    GuestReadiness readiness = await(1, Duration.ofMillis(300));

    assertThat(readiness.ready()).isFalse();
    assertThat(readiness.detail()).isNotBlank();
  }

  @Test
  void heartbeatsWhileItWaitsForTheGuest() {
    site.silenceGuest(vm);
    site.power(vm, ON);

    await(1, Duration.ofMillis(300));

    assertThat(guests.heartbeats()).isPositive();
  }

  @Test
  void refusesToWaitForTheGuestOfAVmThatIsOff() {
    assertFault(Fault.WRONG_POWER_STATE, () -> await(1, Duration.ofSeconds(30)));
  }

  @Test
  void hasSeenAFenceAlsoWhenThereWasNothingToShutDown() {
    shutDown(1, 5, Duration.ofSeconds(30));
    start();

    assertFault(Fault.FENCED, () -> shutDown(1, 4, Duration.ofSeconds(30)));

    assertThat(site.power(vm)).isEqualTo(ON);
  }

  @Test
  void refusesAnEarlierAttemptThatWakesUpLate() {
    start();
    shutDown(2, 1, Duration.ofSeconds(30));
    start();

    assertFault(Fault.FENCED, () -> shutDown(1, 1, Duration.ofSeconds(30)));

    assertThat(site.power(vm)).isEqualTo(ON);
    assertThat(site.effects(SiteEffect.SHUT_DOWN, vm)).isEqualTo(1);
  }

  @Test
  void saysWhichAttemptAnswers() {
    site.power(vm, ON);
    assertThat(await(4, Duration.ofSeconds(30)).attempt()).isEqualTo(4);
    assertThat(shutDown(5, 1, Duration.ofSeconds(30)).attempt()).isEqualTo(5);
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

  private GuestReadiness await(int attempt, Duration limit) {
    return guests.attempt(attempt).awaitGuest(new AwaitGuest(vm, limit));
  }

  /** Powers the VM on past the adapter, and waits until its guest's tools answer. */
  private void start() {
    site.power(vm, ON);
    assertThat(await(1, Duration.ofSeconds(30)).ready()).isTrue();
  }

  private GuestShutDown shutDown(int attempt, long step, Duration limit) {
    return guests.attempt(attempt).shutDownGuest(new ShutDownGuest(step(step), vm, limit));
  }

  private List<ThrowingCallable> everyMethod(VmRef any) {
    return List.of(
        () -> guests.call().awaitGuest(new AwaitGuest(any, Duration.ofSeconds(1))),
        () -> guests.call().shutDownGuest(new ShutDownGuest(step(1), any, Duration.ofSeconds(1))));
  }
}
