package io.switchback.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.HttpCheck;
import io.switchback.model.TcpCheck;
import io.switchback.port.VerifyActivities.CheckResult;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuestChecksIT {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(150);

  private final GuestChecks checks =
      new GuestChecks(
          new VerifySettings(Duration.ofMillis(1), Duration.ofMillis(20), Duration.ofSeconds(2)));

  @AfterEach
  void close() {
    checks.close();
  }

  @Test
  void aGuestThatAnswersAsWantedPasses() throws Exception {
    try (TestGuest guest = TestGuest.readyAtRequest(1)) {
      CheckResult result = checks.run(http("http://{address}/", LONG), guest.address());
      assertThat(result.passed()).isTrue();
      assertThat(result.check()).isEqualTo("GET http://" + guest.address() + "/ answers 200");
      assertThat(result.detail())
          .matches("HTTP 200 from http://" + guest.address() + "/ after \\d+\\.\\d s");
    }
  }

  @Test
  void aGuestThatNeedsTimeIsAskedUntilItAnswersAsWanted() throws Exception {
    try (TestGuest guest = TestGuest.readyAtRequest(4)) {
      CheckResult result = checks.run(http("http://{address}/", LONG), guest.address());
      assertThat(result.passed()).isTrue();
      assertThat(guest.asked()).isEqualTo(4);
    }
  }

  @Test
  void aGuestThatStartsLateIsAskedUntilItListens() throws Exception {
    String address = TestGuest.nobody();
    CompletableFuture<CheckResult> result =
        CompletableFuture.supplyAsync(() -> run(http("http://{address}/", LONG), address));
    try (TestGuest _ = TestGuest.at(address)) {
      assertThat(result.get().passed()).isTrue();
    }
  }

  @Test
  void theLastAnswerIsToldWhenTheLimitEnds() throws Exception {
    try (TestGuest guest = TestGuest.readyAtRequest(Integer.MAX_VALUE)) {
      CheckResult result = checks.run(http("http://{address}/", SHORT), guest.address());
      assertThat(result.passed()).isFalse();
      assertThat(result.detail()).startsWith("Gave up on http://").endsWith("at last: HTTP 503");
      assertThat(result.took()).isGreaterThanOrEqualTo(SHORT);
      assertThat(guest.asked()).isGreaterThan(1);
    }
  }

  @Test
  void anotherStatusThanTwoHundredMayBeWanted() throws Exception {
    try (TestGuest guest = TestGuest.readyAtRequest(Integer.MAX_VALUE)) {
      assertThat(
              checks.run(new HttpCheck("http://{address}/", 503, LONG), guest.address()).passed())
          .isTrue();
    }
  }

  @Test
  void nobodyThereIsSaidInWords() throws Exception {
    CheckResult http = checks.run(http("http://{address}/", SHORT), TestGuest.nobody());
    assertThat(http.passed()).isFalse();
    assertThat(http.detail()).endsWith("at last: connection refused");
    CheckResult tcp = checks.run(new TcpCheck("{address}", SHORT), TestGuest.nobody());
    assertThat(tcp.passed()).isFalse();
    assertThat(tcp.detail()).endsWith("at last: connection refused");
  }

  @Test
  void aServerThatAcceptsAndNeverAnswersDoesNotPassAndDoesNotHoldTheCheckUp() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + silent.getLocalPort();
      CheckResult http = checks.run(http("http://{address}/", SHORT), address);
      assertThat(http.passed()).isFalse();
      assertThat(http.detail()).endsWith("at last: no answer in time");
      assertThat(http.took()).isLessThan(Duration.ofSeconds(10));
      assertThat(checks.run(new TcpCheck("{address}", SHORT), address).passed()).isTrue();
    }
  }

  @Test
  void aCheckThatCannotBeRightIsNotTriedAgain() throws Exception {
    for (CheckResult result :
        new CheckResult[] {
          checks.run(http("ftp://127.0.0.1/", LONG), null),
          checks.run(http("http://no spaces/", LONG), null),
          checks.run(new TcpCheck("127.0.0.1", LONG), null),
          checks.run(new TcpCheck("127.0.0.1:http", LONG), null),
          checks.run(new TcpCheck("127.0.0.1:99999", LONG), null),
          checks.run(new TcpCheck("{address}", LONG), null)
        }) {
      assertThat(result.passed()).as(result.check()).isFalse();
      assertThat(result.detail()).startsWith("Not tried: ");
    }
  }

  private static HttpCheck http(String url, Duration limit) {
    return new HttpCheck(url, 200, limit);
  }

  private CheckResult run(HttpCheck check, String address) {
    try {
      return checks.run(check, address);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
