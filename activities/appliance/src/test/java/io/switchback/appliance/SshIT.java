package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.appliance.Appliance.Proof;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Sessions with a real sshd. */
@Tag("network")
class SshIT {
  private static final String UNKNOWN = "SHA256:" + "A".repeat(43);

  @RegisterExtension static final SharedLab LAB = new SharedLab();
  @TempDir static Path folder;

  private static NetworkLab lab;
  private final Ssh ssh = new Ssh(SshSettings.standard(), LabTunnel::read);

  @BeforeAll
  static void takeLab() {
    lab = LAB.lab();
  }

  @Test
  void saysHowACommandEndedAndWhatItPrinted() {
    try (SshSession session = ssh.open(lab.appliance("tenant"))) {
      CommandOutcome outcome =
          session.run("cat; echo first >&2; echo 'no such thing' >&2; exit 7", "handed over");

      assertThat(outcome)
          .isEqualTo(new CommandOutcome(7, "handed over", "first\nno such thing\n", false));
      assertThat(outcome.complaint()).isEqualTo("no such thing");
      assertThat(session.run("true", "").exitCode()).isZero();
    }
  }

  @Test
  void logsInWithAPasswordToo() {
    try (SshSession session = ssh.open(with(Proof.PASSWORD, lab.fact("login.password")))) {
      assertThat(session.run("id -un", "").output()).isEqualTo("root\n");
    }
  }

  @Test
  void saysNothingToAnApplianceThatShowsAnotherHostKey() {
    String tried = lab.in("tenant", "grep -c 'password for root' /run/sshd.log || true");
    HostKey pinned = new HostKey(UNKNOWN);
    Appliance changed = lab.appliance("tenant", pinned, Proof.PASSWORD, lab.fact("login.password"));

    assertThat(assertFault(Fault.HOST_KEY_REFUSED, () -> ssh.open(changed)))
        .contains(UNKNOWN, lab.fact("tenant.hostKey"));
    assertThat(lab.in("tenant", "grep -c 'password for root' /run/sshd.log || true"))
        .isEqualTo(tried);
  }

  @Test
  void namesTheReferenceOfALoginThatIsRefusedAndNeverTheSecret() throws IOException {
    Path wrong = folder.resolve("wrong");
    Files.writeString(wrong, "hunter2");

    for (Proof proof : Proof.values()) {
      assertThat(assertFault(Fault.BAD_CREDENTIALS, () -> ssh.open(with(proof, wrong.toString()))))
          .contains("file:" + wrong)
          .doesNotContain("hunter2");
    }
    assertThat(
            assertFault(
                Fault.BAD_CREDENTIALS,
                () ->
                    ssh.open(
                        with(Proof.KEY, lab.fact("login.key").replace("login", "tenant.host")))))
        .contains("it was refused");
  }

  @Test
  void keepsTheBeginningOfWhatIsTooLong() {
    Ssh terse =
        new Ssh(
            new SshSettings(
                Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofSeconds(5), 100),
            LabTunnel::read);
    try (SshSession session = terse.open(lab.appliance("tenant"))) {
      CommandOutcome outcome = session.run("yes 12345678 | head -c 1000000", "");

      assertThat(outcome.output()).hasSize(100).startsWith("12345678\n12345678\n");
      assertThat(outcome.isCut()).isTrue();
      assertThat(outcome.exitCode()).isZero();
    }
  }

  @Test
  void givesUpACommandThatDoesNotEnd() {
    Ssh hasty =
        new Ssh(
            new SshSettings(
                Duration.ofSeconds(10), Duration.ofMillis(300), Duration.ofSeconds(5), 100),
            LabTunnel::read);
    try (SshSession session = hasty.open(lab.appliance("tenant"))) {
      assertThat(assertFault(Fault.SITE_UNREACHABLE, () -> session.run("sleep 60", "")))
          .contains("had not ended after PT0.3S");
    }
  }

  @Test
  void noticesAnApplianceThatFellSilent() {
    Ssh alert =
        new Ssh(
            new SshSettings(
                Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofMillis(300), 100),
            LabTunnel::read);
    try (SshSession session = alert.open(lab.appliance("tenant"))) {
      // The command is under way when its sshd says nothing more.
      assertFault(
          Fault.SITE_UNREACHABLE,
          () -> session.run("pkill -STOP -f '^sshd: root'; sleep 4243", ""));
    } finally {
      lab.in("tenant", "pkill -KILL -f '^sshd: root'");
      lab.in("tenant", "pkill -f '^sleep 4243$'");
    }
  }

  @Test
  void saysThatNobodyAnswers() {
    Appliance tenant = lab.appliance("tenant");
    Appliance nobody =
        new Appliance("nobody", tenant.host(), 23, tenant.user(), tenant.hostKey(), tenant.login());

    assertThat(assertFault(Fault.SITE_UNREACHABLE, () -> ssh.open(nobody)))
        .contains("appliance 'nobody' (%s:23)".formatted(tenant.host()), "refused");
  }

  private static Appliance with(Proof proof, String file) {
    return lab.appliance("tenant", new HostKey(lab.fact("tenant.hostKey")), proof, file);
  }

  private static String assertFault(Fault expected, ThrowingCallable call) {
    FaultException fault = catchThrowableOfType(FaultException.class, call);
    assertThat(fault).isNotNull();
    assertThat(fault.fault()).as(fault.sentence()).isEqualTo(expected);
    return fault.sentence();
  }
}
