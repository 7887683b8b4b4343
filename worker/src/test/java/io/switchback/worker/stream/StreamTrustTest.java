package io.switchback.worker.stream;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.delta.trust.Grant;
import io.switchback.delta.trust.Grant.Direction;
import io.switchback.delta.trust.GrantKeys;
import io.switchback.delta.trust.GrantRefusedException;
import io.switchback.delta.trust.GrantUse;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.trust.IssuedCertificate;
import io.switchback.delta.trust.TransferFence;
import io.switchback.delta.trust.TrustException;
import io.switchback.model.CredentialReference;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.site.Credentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a worker may be told about streams, and what it makes of it. */
class StreamTrustTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final GrantedDisk DISK = new GrantedDisk("berlin", "db-01", "disk-0", "snap");
  private static final ByteRange RANGE = new ByteRange(0, 4096);

  @TempDir Path directory;

  @Test
  void signsAtTheControlSideWhatASiteWorkerBelieves() throws IOException {
    KeyPair keys = pair("grant.key");

    byte[] grant = signing("grant.key").signer().orElseThrow().sign(grant(1));

    assertThat(believing(GrantKeys.pem(keys.getPublic())).grants().verify(grant, use()))
        .isEqualTo(grant(1));
  }

  @Test
  void changesTheKeyWhileBothSidesRun() throws IOException {
    KeyPair old = pair("grant.key");
    StreamTrust control = signing("grant.key");
    StreamTrust site = believing(GrantKeys.pem(old.getPublic()));
    byte[] before = control.signer().orElseThrow().sign(grant(1));
    KeyPair young = GrantKeys.make();

    Files.writeString(
        directory.resolve("grant.pub"),
        GrantKeys.pem(old.getPublic()) + GrantKeys.pem(young.getPublic()));
    assertThat(site.grants().verify(before, use())).isEqualTo(grant(1));
    Files.writeString(directory.resolve("grant.key"), GrantKeys.pem(young.getPrivate()));
    byte[] after = control.signer().orElseThrow().sign(grant(2));
    assertThat(site.grants().verify(after, use())).isEqualTo(grant(2));
    Files.writeString(directory.resolve("grant.pub"), GrantKeys.pem(young.getPublic()));

    assertThat(refusal(site, before)).isEqualTo(GrantRefusedException.Reason.NOT_SIGNED);
    assertThat(site.grants().verify(after, use())).isEqualTo(grant(2));
  }

  @Test
  void remembersFencesWhenTheWorkerBeginsAnew() throws IOException {
    KeyPair keys = pair("grant.key");
    StreamTrust control = signing("grant.key");
    String open = GrantKeys.pem(keys.getPublic());
    byte[] old = control.signer().orElseThrow().sign(grant(1));
    byte[] young = control.signer().orElseThrow().sign(grant(2));

    believing(open).grants().verify(young, use());

    assertThat(refusal(believing(open), old)).isEqualTo(GrantRefusedException.Reason.FENCED);
  }

  @Test
  void beginsWithCertificatesOfItsOwnSiteAlone() throws IOException {
    issue("berlin");

    certificates("berlin", "berlin").check();

    assertThat(certificates("berlin", "berlin").tls("berlin")).isPresent();
    assertThat(certificates("berlin", "berlin").tls("potsdam")).isEmpty();
    assertThatThrownBy(() -> certificates("potsdam", "berlin").check())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("is of site 'berlin', but was given for site 'potsdam'")
        .hasMessageContaining("switchback ca issue potsdam");
    assertThatThrownBy(() -> certificates("berlin", "nowhere").check())
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("there is no such file");
  }

  @Test
  void doesNotBeginWithACertificateThatNobodyWouldBelieve() throws IOException {
    IssuedCertificate issued = issue("berlin");
    authority().revoke(issued.serial(), IssuedCertificate.Reason.KEY_COMPROMISE);
    Files.copy(
        directory.resolve("ca/crl.pem"), directory.resolve("berlin/crl.pem"), REPLACE_EXISTING);

    assertThatThrownBy(() -> certificates("berlin", "berlin").check())
        .isInstanceOf(TrustException.class)
        .hasMessageContaining("No other worker will believe")
        .hasMessageContaining("was revoked at");
  }

  @Test
  void doesNotBeginWithKeysThatAreNone() throws IOException {
    Files.writeString(directory.resolve("hunter2.key"), "hunter2");

    assertThatThrownBy(() -> signing("hunter2.key").check())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--grant-signing-key cannot be used")
        .hasMessageNotContaining(": hunter2");
    assertThatThrownBy(() -> signing("none.key").check())
        .hasMessageContaining("--grant-signing-key cannot be had: there is no file");
    assertThatThrownBy(() -> believing("hunter2").check())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("it must hold one public key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "localhost", "[::1]"})
  void servesPlainTextWithinTheMachine(String host) {
    assertThat(plain(host).plainText()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "10.1.0.5", "berlin.example", "localhost.example", "[::]"})
  void refusesPlainTextAnywhereElse(String host) {
    assertThatThrownBy(() -> plain(host))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--plain-text is for streams within one machine")
        .hasMessageContaining("served at " + host + ":7500")
        .hasMessageContaining("--certificates berlin=<folder>");
  }

  @Test
  void servesNothingByDefaultWithoutCertificatesAndWithoutKeys() {
    assertThat(
            catchThrowableOfType(
                Refusal.class,
                () ->
                    new StreamSettings(
                        Map.of("berlin", new HostPort("127.0.0.1", 7500)),
                        Map.of(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        directory)))
        .hasMessageContaining("Site 'berlin' has a data address and no certificates.")
        .hasMessageContaining("name the file with its public key with --grant-keys");
  }

  private StreamSettings plain(String host) {
    return new StreamSettings(
        Map.of("berlin", new HostPort(host, 7500)),
        Map.of(),
        true,
        Optional.of(directory.resolve("grant.pub")),
        Optional.empty(),
        directory);
  }

  private StreamTrust signing(String file) {
    return trust(
        Map.of(),
        Optional.empty(),
        Optional.of(CredentialReference.parse("file:" + directory.resolve(file))));
  }

  private StreamTrust believing(String pem) throws IOException {
    Path file = Files.writeString(directory.resolve("grant.pub"), pem);
    return trust(Map.of(), Optional.of(file), Optional.empty());
  }

  private StreamTrust certificates(String site, String folder) {
    return trust(Map.of(site, directory.resolve(folder)), Optional.empty(), Optional.empty());
  }

  private StreamTrust trust(
      Map<String, Path> certificates,
      Optional<Path> grantKeys,
      Optional<CredentialReference> signingKey) {
    return new StreamTrust(
        new StreamSettings(
            Map.of(), certificates, false, grantKeys, signingKey, directory.resolve("fences")),
        new Credentials(Map.of(), Duration.ofMillis(700)),
        () -> NOON);
  }

  private IssuedCertificate issue(String site) throws IOException {
    authority().init("Estate");
    CertificateAuthority.Issued issued = authority().issue(site, Duration.ofDays(90));
    issued.files().write(directory.resolve(site));
    return issued.certificate();
  }

  private CertificateAuthority authority() {
    return new CertificateAuthority(directory.resolve("ca"), () -> NOON);
  }

  private KeyPair pair(String file) throws IOException {
    KeyPair keys = GrantKeys.make();
    Files.writeString(directory.resolve(file), GrantKeys.pem(keys.getPrivate()));
    return keys;
  }

  private static GrantRefusedException.Reason refusal(StreamTrust site, byte[] grant) {
    return catchThrowableOfType(
            GrantRefusedException.class, () -> site.grants().verify(grant, use()))
        .reason();
  }

  private static Grant grant(long step) {
    return new Grant(
        "op-1",
        "potsdam",
        DISK,
        Direction.READ,
        RANGE,
        new TransferFence(1, 1, step, 1),
        NOON,
        NOON.plusSeconds(60));
  }

  private static GrantUse use() {
    return new GrantUse("potsdam", DISK, Direction.READ, RANGE);
  }
}
