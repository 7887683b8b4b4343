package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Check;
import io.switchback.model.HttpCheck;
import io.switchback.model.TcpCheck;
import io.switchback.port.VerifyActivities.CheckResult;
import io.switchback.port.VerifyActivities.Verification;
import io.switchback.port.VerifyActivities.VerifyGuest;
import io.switchback.port.VerifyFixture.Guest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link VerifyActivities} promises. */
public abstract class VerifyContract {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(700);
  private static final Check HTTP = new HttpCheck("http://{address}/", 200, LONG);

  private VerifyFixture guests;
  private PortCaller<VerifyActivities> verify;

  /** Guests of their own for one test. */
  protected abstract VerifyFixture open() throws Exception;

  @BeforeEach
  final void openGuests() throws Exception {
    guests = open();
    verify = new PortCaller<>(VerifyActivities.class, guests.verify());
  }

  @AfterEach
  final void closeGuests() {
    verify.close();
    guests.close();
  }

  @Test
  void passesWhatAnswersAsWanted() {
    Verification done = verify(1, guests.ready(), HTTP);

    assertThat(done.passed()).isTrue();
    assertThat(done.results())
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.detail()).isNotBlank();
              assertThat(result.took()).isLessThan(LONG);
            });
  }

  @Test
  void triesUntilItPasses() {
    assertThat(verify(1, guests.slow(), HTTP).passed()).isTrue();
  }

  @Test
  void givesUpWhenTheLimitEndsAndAnswersThat() {
    Verification done = verify(1, guests.silent(), new TcpCheck("{address}", SHORT));

    assertThat(done.passed()).isFalse();
    assertThat(done.results())
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.passed()).isFalse();
              assertThat(result.detail()).isNotBlank();
              assertThat(result.took()).isGreaterThanOrEqualTo(SHORT).isLessThan(LONG);
            });
  }

  @Test
  void putsTheServiceAddressIntoTheCheck() {
    Guest guest = guests.ready();

    assertThat(verify(1, guest, HTTP).results().getFirst().check())
        .contains(guest.serviceAddress())
        .doesNotContain("{address}");
  }

  @Test
  void answersEveryCheckInTheOrderAsked() {
    Verification done =
        verify(
            1,
            guests.ready(),
            HTTP,
            new HttpCheck("http://{address}/", 418, Duration.ofMillis(50)),
            new TcpCheck("{address}", LONG));

    assertThat(done.results()).extracting(CheckResult::passed).containsExactly(true, false, true);
    assertThat(done.passed()).isFalse();
  }

  @Test
  void hasNotPassedWithoutACheck() {
    assertThat(verify(1, guests.ready()).passed()).isFalse();
    assertThat(verify(1, guests.ready()).results()).isEmpty();
  }

  @Test
  void heartbeatsWhileTheGuestTakesItsTime() {
    verify(1, guests.silent(), new TcpCheck("{address}", SHORT));

    assertThat(verify.heartbeats()).isPositive();
  }

  @Test
  void saysWhichAttemptAnswers() {
    assertThat(verify(3, guests.ready(), HTTP).attempt()).isEqualTo(3);
  }

  private Verification verify(int attempt, Guest guest, Check... checks) {
    return verify
        .attempt(attempt)
        .verifyGuest(new VerifyGuest(guest.vm(), guest.serviceAddress(), List.of(checks)));
  }
}
