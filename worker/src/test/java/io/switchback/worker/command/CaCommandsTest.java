package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.GrantKeys;
import io.switchback.delta.trust.IssuedCertificate;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import io.switchback.delta.trust.IssuedCertificate.Revocation;
import io.switchback.delta.trust.SiteTls;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The authority as people use it. */
class CaCommandsTest {
  @TempDir Path directory;

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void init() {
    assertThat(run("init")).isZero();
  }

  @Test
  void writesWhatAWorkerNeedsIntoOneFolder() {
    assertThat(run("issue", "berlin", "--out", folder().toString())).isZero();

    assertThat(out.toString())
        .containsPattern("Certificate [0-9a-f]{32} of site berlin, good until .* is in ");
    assertThat(tls().site()).isEqualTo("berlin");
    assertThat(SiteTls.of(folder(), InstantSource.system()).certificate().getNotAfter().toInstant())
        .isBetween(
            Instant.now().plus(Duration.ofDays(89)), Instant.now().plus(Duration.ofDays(91)));
  }

  @Test
  void leavesAnAuthorityAndAWorkersFolderAlone() {
    assertThat(run("init")).isEqualTo(2);
    assertThat(err.toString()).startsWith("There is an authority in ");

    run("issue", "berlin", "--out", folder().toString());
    assertThat(run("issue", "berlin", "--out", folder().toString())).isEqualTo(2);
    assertThat(err.toString())
        .contains("holds a worker.pem already")
        .contains("switchback ca renew");
    assertThat(serials()).hasSize(1);
  }

  @Test
  void renewsInPlaceWhatEndsSoon() {
    run("issue", "berlin", "--out", folder().toString(), "--lasting", "5d");
    assertThat(run("list")).isZero();
    assertThat(out.toString()).contains("ends in 4 days: renew it");
    String old = serials().getFirst();

    assertThat(run("renew", old, "--out", folder().toString())).isZero();

    assertThat(serials()).hasSize(2).first().isEqualTo(old);
    assertThat(tls().certificate().getSerialNumber().toString(16)).isEqualTo(serials().getLast());
  }

  @Test
  void revokesAndSaysWhereTheListHasToGo() {
    run("issue", "berlin", "--out", folder().toString());
    String serial = serials().getFirst();

    assertThat(run("revoke", serial, "--reason", "key-compromise")).isZero();
    assertThat(out.toString())
        .contains("is revoked: key-compromise.")
        .contains("Now bring " + directory.resolve("home/ca/crl.pem") + " to every site worker");
    assertThat(run("list")).isZero();
    assertThat(out.toString()).contains("revoked: key-compromise");
    assertThat(run("crl", "--out", folder().resolve("crl.pem").toString())).isZero();
    assertThat(folder().resolve("crl.pem")).content().startsWith("-----BEGIN X509 CRL-----");
    assertThat(run("renew", serial, "--out", folder().toString())).isEqualTo(2);
    assertThat(err.toString()).contains("it was revoked");
  }

  @Test
  void keepsATenantsCertificatesGoodWithoutMakingTwo() throws Exception {
    assertThat(run("tenant", "acme", "--out", folder().toString())).isZero();

    assertThat(out.toString()).contains("is in " + folder().resolve("production/tenant.pem"));
    assertThat(folder().resolve("production"))
        .isDirectoryContaining("glob:**/tenant.pem")
        .isDirectoryContaining("glob:**/tunnel-client.pem")
        .isDirectoryContaining("glob:**/crl.pem");
    assertThat(folder().resolve("provider")).isDirectoryContaining("glob:**/tunnel-server.pem");
    assertThat(serials()).hasSize(3);
    run("list");
    assertThat(out.toString()).containsPattern("tunnel-server +acme ");

    run("tenant", "acme", "--out", folder().toString());
    assertThat(out.toString()).containsOnlyOnce("production/tunnel-client.pem");
    assertThat(out.toString().lines()).allMatch(line -> line.startsWith("Left alone: "));
    assertThat(serials()).hasSize(3);

    run("tenant", "acme", "--out", folder().toString(), "--now");
    assertThat(serials()).hasSize(6);
    run("list");
    assertThat(out.toString()).doesNotContain("revoked");

    assertThat(run("tenant", "globex", "--out", folder().toString())).isEqualTo(2);
    assertThat(err.toString()).contains("did not issue as that of the tenant for tenant 'globex'");
  }

  @Test
  void takesAllOfATenantBackAtOnce() {
    run("tenant", "acme", "--out", folder().toString());
    run("tenant", "globex", "--out", directory.resolve("globex").toString());

    assertThat(run("revoke", "--tenant", "acme")).isZero();

    assertThat(out.toString().lines().filter(line -> line.contains("of tenant acme"))).hasSize(3);
    assertThat(out.toString()).contains("`switchback gateway apply`").doesNotContain("globex");
    assertThat(run("revoke", "--tenant", "acme")).isZero();
    assertThat(out.toString()).contains("Every certificate of tenant acme was revoked before.");
    run("list", "--json");
    assertThat(out.toString().split("revoked: unspecified", -1)).hasSize(4);
    assertThat(run("revoke", "--tenant", "acmee")).isEqualTo(2);
    assertThat(err.toString()).startsWith("No certificate of a tenant 'acmee'");
    assertThat(run("revoke")).isEqualTo(2);

    run("tenant", "acme", "--out", folder().toString());
    assertThat(serials()).as("what was revoked has a successor").hasSize(9);
  }

  @Test
  void keepsTheGatewaysCertificateGood() {
    assertThat(run("gateway", "potsdam", "--out", folder().toString())).isZero();
    assertThat(folder()).isDirectoryContaining("glob:**/gateway.pem");
    assertThat(run("gateway", "potsdam", "--out", folder().toString())).isZero();
    assertThat(serials()).hasSize(1);
  }

  @Test
  void revokesACertificateWhoseKeyCouldNotBeWritten() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "");

    assertThat(run("issue", "berlin", "--out", file.resolve("below").toString())).isEqualTo(2);

    assertThat(err.toString()).contains("Could not write to").contains("was revoked");
    run("list");
    assertThat(out.toString()).contains("revoked: cessation-of-operation");
  }

  @Test
  void refusesMistakesInSentencesWithExitCode2() {
    assertThat(run("issue", "ber lin", "--out", folder().toString())).isEqualTo(2);
    assertThat(err.toString()).startsWith("'ber lin' is no name of a site");
    assertThat(run("revoke", "12")).isEqualTo(2);
    assertThat(err.toString()).startsWith("No certificate with serial '12'");
    assertThat(run("revoke", "12", "--reason", "boredom")).isEqualTo(2);
    assertThat(err.toString())
        .contains("'boredom' is no reason: say [unspecified, key-compromise,");
    assertThat(run("issue", "berlin")).isEqualTo(2);
    assertThat(err.toString()).contains("--out");
    assertThat(run("list", "--dir", directory.resolve("none").toString())).isEqualTo(2);
    assertThat(err.toString()).contains("switchback ca init");
  }

  @Test
  void tellsEachStateOfACertificate() {
    Instant now = Instant.parse("2026-11-21T12:00:00Z");
    IssuedCertificate one =
        new IssuedCertificate(
            "a1",
            CertificateRole.SITE_WORKER,
            "berlin",
            now,
            now.plus(Duration.ofDays(21)),
            Optional.empty());

    assertThat(CaListCommand.line(one, now).state()).isEqualTo("good");
    assertThat(CaListCommand.line(one, now.plusSeconds(1)).state())
        .isEqualTo("ends in 20 days: renew it");
    assertThat(CaListCommand.line(one, one.expiresAt().plusSeconds(1)).state())
        .isEqualTo("expired");
    IssuedCertificate revoked =
        new IssuedCertificate(
            "a1",
            CertificateRole.SITE_WORKER,
            "berlin",
            now,
            now,
            Optional.of(new Revocation(now, Reason.SUPERSEDED)));
    assertThat(CaListCommand.line(revoked, now).state()).isEqualTo("revoked: superseded");
  }

  @Test
  void makesAKeyPairForGrantsOnce() throws IOException {
    Path key = directory.resolve("grant.key");

    assertThat(run("grant-key", "--out", key.toString())).isZero();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    assertThat(GrantKeys.privateKey(Files.readString(key))).isNotNull();
    assertThat(out.toString())
        .contains(
            GrantKeys.fingerprint(
                GrantKeys.publicKey(Files.readString(directory.resolve("grant.key.pub")))))
        .doesNotContain("PRIVATE");
    String before = Files.readString(key);
    assertThat(run("grant-key", "--out", key.toString())).isEqualTo(2);
    Files.delete(directory.resolve("grant.key.pub"));
    assertThat(run("grant-key", "--out", key.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("is there already");
    assertThat(key).content().isEqualTo(before);
  }

  private List<String> serials() {
    run("list", "--json");
    return Pattern.compile("\"serial\":\"([0-9a-f]+)\"")
        .matcher(out.toString())
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private SiteTls tls() {
    return SiteTls.of(folder(), InstantSource.system());
  }

  private Path folder() {
    return directory.resolve("worker");
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("ca"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--home", directory.resolve("home").toString()));
    return Switchback.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
