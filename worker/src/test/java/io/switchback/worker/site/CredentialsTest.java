package io.switchback.worker.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.CredentialReference;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Looking up credentials: where they are, what is wrong with that place, and never a word of them.
 */
class CredentialsTest {
  private static final String SECRET = "hunter2";

  @TempDir Path directory;

  private final Credentials credentials =
      new Credentials(Map.of("TOKEN", SECRET, "NOTHING", " "), Duration.ofMillis(700));

  @Test
  void readsAFileAnewEachTime() throws IOException {
    CredentialReference reference = file(SECRET + "\n", "rw-------");

    assertThat(credentials.resolve("berlin", reference)).isEqualTo(SECRET);
    Files.writeString(Path.of(reference.target()), "another");
    assertThat(credentials.resolve("berlin", reference)).isEqualTo("another");
    assertThat(credentials.findings("berlin", reference)).isEmpty();
  }

  @Test
  void anOptionIsWhatItSaysOrWhatItsReferenceLeadsTo() throws IOException {
    String url = "jdbc:postgresql://db/dr?user=kim&password=hunter2";

    assertThat(credentials.ofOption("--registry", url)).isEqualTo(url);
    assertThat(credentials.ofOption("--webhook", "https://chat.example/hook"))
        .isEqualTo("https://chat.example/hook");
    assertThat(credentials.ofOption("--registry", file(url + "\n", "rw-------").toString()))
        .isEqualTo(url);
    assertThat(credentials.ofOption("--webhook", "env:TOKEN")).isEqualTo(SECRET);
    assertThatThrownBy(() -> credentials.ofOption("--registry", "env:MISSING"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--registry cannot be had", "no variable 'MISSING'");
    assertThatThrownBy(() -> credentials.ofOption("--webhook", "file:relative"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--webhook");
  }

  @Test
  void readsAVariable() {
    assertThat(credentials.resolve("berlin", CredentialReference.parse("env:TOKEN")))
        .isEqualTo(SECRET);
  }

  @ParameterizedTest
  @CsvSource({
    "rw-r-----, its group",
    "rw----r--, everybody on the machine",
    "rw-rw-rw-, everybody on the machine",
    "rw--w----, its group"
  })
  void warnsOfAFileThatOthersCanReadOrReplace(String rights, String whom) throws IOException {
    CredentialReference reference = file(SECRET, rights);

    List<SiteFinding> found = credentials.findings("berlin", reference);

    assertThat(found).extracting(SiteFinding::kind).containsExactly(Kind.CREDENTIAL_EXPOSED);
    assertThat(found.getFirst().sentence()).contains("is open to " + whom);
    assertThat(found.getFirst().remedy()).contains("chmod 600 " + reference.target());
    assertThat(credentials.resolve("berlin", reference)).isEqualTo(SECRET);
  }

  @Test
  void saysWhatIsNotThere() throws IOException {
    assertThat(missing("file:" + directory.resolve("none"))).contains("there is no file");
    assertThat(missing("env:NO_SUCH")).contains("has no variable 'NO_SUCH'");
    assertThat(missing("env:NOTHING")).contains("gives nothing");
    assertThat(missing(file("", "rw-------").toString())).contains("gives nothing");
    assertThat(missing("file:" + directory)).contains("cannot be read");
    assertThat(missing(file("x".repeat(70_000), "rw-------").toString()))
        .contains("larger than any credential");
    assertThat(missing("command:/no/such/program")).contains("cannot be started");
  }

  @Test
  @Tag("process")
  void runsACommandWithoutAShell() {
    assertThat(credentials.resolve("berlin", CredentialReference.parse("command:echo $HOME;id")))
        .isEqualTo("$HOME;id");
  }

  @Test
  @Tag("process")
  void asksACommandOnceInAWhileAndAtEachCheck() throws IOException {
    Path file = directory.resolve("secret");
    CredentialReference reference = CredentialReference.parse("command:cat " + file);
    Files.writeString(file, "one");

    assertThat(credentials.resolve("berlin", reference)).isEqualTo("one");
    Files.writeString(file, "two");
    assertThat(credentials.resolve("berlin", reference)).as("remembered").isEqualTo("one");
    assertThat(credentials.findings("berlin", reference)).isEmpty();
    assertThat(credentials.resolve("berlin", reference)).isEqualTo("two");
  }

  @Test
  @Tag("process")
  @Timeout(60)
  void endsACommandThatDoesNot() {
    assertThat(missing("command:sleep 86399")).contains("'sleep' had not ended");
    assertThat(ProcessHandle.current().children().filter(CredentialsTest::isThatSleep)).isEmpty();
  }

  /** Other tests of this process have children, too. */
  private static boolean isThatSleep(ProcessHandle child) {
    return child.isAlive() && child.info().commandLine().orElse("").endsWith("sleep 86399");
  }

  @Test
  @Tag("process")
  void tellsThatACommandFailedAndNothingOfWhatItPrinted() throws IOException {
    Path program = directory.resolve("program");
    Files.writeString(program, "#!/bin/sh\necho " + SECRET + "\necho " + SECRET + " >&2\nexit 7\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));

    assertThat(missing("command:" + program))
        .contains("ended with exit code 7")
        .doesNotContain(SECRET);
  }

  private String missing(String reference) {
    CredentialReference parsed = CredentialReference.parse(reference);
    FaultException fault =
        catchThrowableOfType(FaultException.class, () -> credentials.resolve("berlin", parsed));
    assertThat(fault.fault()).isEqualTo(Fault.BAD_CREDENTIALS);
    assertThat(credentials.findings("berlin", parsed))
        .extracting(SiteFinding::kind)
        .containsExactly(Kind.CREDENTIAL_MISSING);
    return fault.sentence();
  }

  private CredentialReference file(String content, String rights) throws IOException {
    Path file = Files.createTempFile(directory, "token", "");
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    return CredentialReference.parse("file:" + file);
  }
}
