package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.NotifyActivities.Paged;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link NotifyActivities} promises. */
public abstract class NotifyContract {
  private static final Notice NOTICE =
      new Notice(
          "op-1/powerOn/4",
          "fail over",
          "replica/web-01.1",
          "run-1",
          "web-01",
          "powerOn",
          "NO_CAPACITY",
          "Could not power on vm 'web-01': no host has room.",
          List.of("{\"vm\":\"web-01\",\"step\":\"powerOn\",\"answer\":\"retry\"}"));

  private NotifyFixture people;
  private PortCaller<NotifyActivities> notify;

  /** People of their own for one test. */
  protected abstract NotifyFixture open() throws Exception;

  @BeforeEach
  final void openPeople() throws Exception {
    people = open();
    notify = new PortCaller<>(NotifyActivities.class, people.notifications());
  }

  @AfterEach
  final void closePeople() {
    notify.close();
    people.close();
  }

  @Test
  void callsOncePerAttempt() {
    Paged paged = notify.call().page(NOTICE);

    assertThat(paged.called()).isTrue();
    assertThat(paged.detail()).isNotBlank();
    assertThat(people.received()).containsExactly(NOTICE.id());
  }

  @Test
  void givesARepetitionTheSameIdSoThatTheReceiverCanTell() {
    notify.attempt(1).page(NOTICE);

    Paged again = notify.attempt(2).page(NOTICE);

    assertThat(again.attempt()).isEqualTo(2);
    assertThat(people.received()).containsExactly(NOTICE.id(), NOTICE.id());
  }

  @Test
  void writesALineToTheLogAlsoWhenNobodyCanBeCalled() {
    people.breakLine();

    notify.call().page(NOTICE);

    assertThat(people.logged())
        .singleElement()
        .asString()
        .contains(NOTICE.vm(), NOTICE.step(), NOTICE.fault(), NOTICE.workflowId());
  }

  @Test
  void answersThatNobodyWasCalledWhenTheLineIsDead() {
    people.breakLine();

    assertThat(notify.call().page(NOTICE))
        .satisfies(
            paged -> {
              assertThat(paged.called()).isFalse();
              assertThat(paged.detail()).isNotBlank();
            });
  }

  @Test
  void answersThatNobodyWasCalledWhenTheCallIsRefused() {
    people.refuse();

    assertThat(notify.call().page(NOTICE).called()).isFalse();
    assertThat(people.received()).hasSize(1);
  }

  @Test
  void answersThatNobodyWasCalledWhenNothingIsConfigured() {
    try (PortCaller<NotifyActivities> none =
        new PortCaller<>(NotifyActivities.class, people.unconfigured())) {
      Paged paged = none.call().page(NOTICE);

      assertThat(paged.called()).isFalse();
      assertThat(paged.detail()).isNotBlank();
    }
    assertThat(people.received()).isEmpty();
    assertThat(people.logged()).hasSize(1);
  }
}
