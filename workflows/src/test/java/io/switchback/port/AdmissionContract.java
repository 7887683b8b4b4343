package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.AdmissionActivities.Dismiss;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link AdmissionActivities} promises. */
public abstract class AdmissionContract extends RegistryContract {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String SITE = "berlin";

  private PortCaller<AdmissionActivities> admission;

  @BeforeEach
  final void openPort() {
    admission = new PortCaller<>(AdmissionActivities.class, registry.admission());
    registry.cap(SITE, Cap.STARTING, 2);
  }

  @AfterEach
  final void closePort() {
    admission.close();
  }

  @Test
  void admitsAsManyAsTheCapAllows() {
    assertThat(admit("one")).isEqualTo(new Done(true, 1));
    assertThat(admit("two")).isEqualTo(new Done(true, 1));

    FaultException full = assertFault(Fault.NO_ADMISSION, () -> admit("three"));

    assertThat(full.sentence()).contains(SITE);
  }

  @Test
  void capsEachSiteByItself() {
    registry.cap("paris", Cap.STARTING, 1);
    admit("one");
    admit("two");

    Done elsewhere = admission.call().admit(new Admit("paris", Cap.STARTING, "three", LIMIT));

    assertThat(elsewhere.changed()).isTrue();
  }

  @Test
  void capsTransfersBesideStartsWhoeverHoldsBoth() {
    registry.cap(SITE, Cap.TRANSFERRING, 1);
    admit("one");
    admit("two");

    Done sent = admission.call().admit(new Admit(SITE, Cap.TRANSFERRING, "one", LIMIT));

    assertThat(sent.changed()).isTrue();
    assertFault(
        Fault.NO_ADMISSION,
        () -> admission.call().admit(new Admit(SITE, Cap.TRANSFERRING, "two", LIMIT)));
    assertThat(admission.call().dismiss(new Dismiss(SITE, Cap.TRANSFERRING, "one")).changed())
        .isTrue();
    assertFault(Fault.NO_ADMISSION, () -> admit("three"));
  }

  @Test
  void admitsAHolderOnceHoweverOftenItAsks() {
    admit("one");

    Done second = admission.attempt(2).admit(new Admit(SITE, Cap.STARTING, "one", LIMIT));

    assertThat(second).isEqualTo(new Done(false, 2));
    assertThat(admit("two").changed()).isTrue();
  }

  @Test
  void prolongsTheLeaseOfAHolderThatAsksAgain() {
    admit("one");
    admit("two");
    registry.letPass(LIMIT.dividedBy(2));
    admit("one");
    registry.letPass(LIMIT.dividedBy(2).plusSeconds(1));

    assertThat(admit("three").changed()).as("two's lease is over").isTrue();
    assertFault(Fault.NO_ADMISSION, () -> admit("four"));
  }

  @Test
  void endsALeaseThatIsNotGivenBack() {
    admit("one");
    admit("two");

    registry.letPass(LIMIT.plusSeconds(1));

    assertThat(admit("three").changed()).isTrue();
    assertThat(admit("four").changed()).isTrue();
  }

  @Test
  void makesRoomWhenALeaseIsGivenBack() {
    admit("one");
    admit("two");

    assertThat(dismiss("one").changed()).isTrue();

    assertThat(admit("three").changed()).isTrue();
  }

  @Test
  void answersUnchangedWhenThereIsNoLeaseToGiveBack() {
    admit("one");

    assertThat(dismiss("two").changed()).isFalse();
    assertThat(dismiss("one").changed()).isTrue();
    assertThat(dismiss("one").changed()).isFalse();
  }

  @Test
  void admitsOneOfTwoThatAskForTheLastPlaceAtOnce() throws Exception {
    try (PortCaller<AdmissionActivities> others =
        new PortCaller<>(AdmissionActivities.class, registry.admission())) {
      for (int round = 0; round < 20; round++) {
        String site = "site-" + round;
        registry.cap(site, Cap.STARTING, 1);

        List<Object> outcomes =
            atOnce(
                () -> admission.call().admit(new Admit(site, Cap.STARTING, "one", LIMIT)),
                () -> others.call().admit(new Admit(site, Cap.STARTING, "two", LIMIT)));

        assertThat(outcomes).filteredOn(Done.class::isInstance).hasSize(1);
        assertThat(outcomes)
            .filteredOn(FaultException.class::isInstance)
            .singleElement()
            .returns(Fault.NO_ADMISSION, refused -> ((FaultException) refused).fault());
      }
    }
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> admit("one"));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> dismiss("one"));
  }

  private Done admit(String holder) {
    return admission.call().admit(new Admit(SITE, Cap.STARTING, holder, LIMIT));
  }

  private Done dismiss(String holder) {
    return admission.call().dismiss(new Dismiss(SITE, Cap.STARTING, holder));
  }
}
