package io.switchback.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.model.HttpCheck;
import io.switchback.model.TcpCheck;
import io.switchback.model.VmRef;
import io.switchback.port.Payloads;
import io.switchback.port.VerifyActivities;
import io.switchback.port.VerifyActivities.CheckResult;
import io.switchback.port.VerifyActivities.Verification;
import io.switchback.port.VerifyActivities.VerifyGuest;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutsideVerifyActivitiesIT {
  private static final VmRef VM = new VmRef("berlin", "vm-7", "web-01");
  private static final Duration LONG = Duration.ofSeconds(30);

  private final OutsideVerifyActivities activities =
      new OutsideVerifyActivities(VerifySettings.standard());
  private TestActivityEnvironment environment;
  private VerifyActivities verify;

  @BeforeEach
  void start() {
    environment =
        TestActivityEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter())
                        .build())
                .build());
    environment.registerActivitiesImplementations(activities);
    verify = environment.newActivityStub(VerifyActivities.class);
  }

  @AfterEach
  void stop() {
    environment.close();
    activities.close();
  }

  @Test
  void answersEveryCheckInTheOrderAsked() throws Exception {
    try (TestGuest guest = TestGuest.readyAtRequest(3)) {
      Verification verification =
          verify.verifyGuest(
              new VerifyGuest(
                  VM,
                  guest.address(),
                  List.of(
                      new HttpCheck("http://{address}/", 200, LONG),
                      new TcpCheck(TestGuest.nobody(), Duration.ofMillis(10)),
                      new TcpCheck("{address}", LONG))));
      assertThat(verification.results())
          .extracting(CheckResult::passed)
          .containsExactly(true, false, true);
      assertThat(verification.passed()).isFalse();
    }
  }

  @Test
  void heartbeatsWhileAGuestTakesItsTime() throws Exception {
    AtomicInteger heartbeats = new AtomicInteger();
    environment.setActivityHeartbeatListener(Integer.class, _ -> heartbeats.incrementAndGet());
    verify.verifyGuest(
        new VerifyGuest(
            VM, null, List.of(new TcpCheck(TestGuest.nobody(), Duration.ofMillis(1200)))));
    assertThat(heartbeats).hasPositiveValue();
  }

  @Test
  void aCancelledVerificationEndsAtItsNextHeartbeat() throws Exception {
    environment.requestCancelActivity();
    long startNanos = System.nanoTime();
    VerifyGuest request =
        new VerifyGuest(VM, null, List.of(new TcpCheck(TestGuest.nobody(), Duration.ofMinutes(5))));
    assertThatThrownBy(() -> verify.verifyGuest(request)).isNotNull();
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofMinutes(1));
  }
}
