package io.switchback.delta.trust;

import static io.switchback.delta.trust.TestGrants.KEYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrantKeysTest {
  @Test
  void comeBackFromTheirText() {
    assertThat(GrantKeys.privateKey(GrantKeys.pem(KEYS.getPrivate()).strip()))
        .isEqualTo(KEYS.getPrivate());
    assertThat(GrantKeys.publicKey(GrantKeys.pem(KEYS.getPublic()))).isEqualTo(KEYS.getPublic());
    assertThat(GrantKeys.fingerprint(KEYS.getPublic())).matches("[0-9a-f]{16}");
  }

  @Test
  void areReadAsOtherProgramsWriteThem() {
    // openssl genpkey -algorithm ed25519, and openssl pkey -pubout of it.
    String openssl =
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";

    assertThat(GrantSigner.of(openssl).sign(TestGrants.reading())).isNotEmpty();
  }

  @Test
  void mayBeTwoWhileOneFollowsTheOther() {
    var next = GrantKeys.make().getPublic();
    String one = GrantKeys.pem(KEYS.getPublic());
    String two = one + "\n" + GrantKeys.pem(next);

    assertThat(GrantKeys.publicKeys(one)).containsExactly(KEYS.getPublic());
    assertThat(GrantKeys.publicKeys(two)).containsExactly(KEYS.getPublic(), next);
    for (String none : List.of("", two + one, GrantKeys.pem(KEYS.getPrivate()))) {
      assertThatThrownBy(() -> GrantKeys.publicKeys(none))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("one public key in PEM, or two");
    }
  }

  @Test
  void refuseEverythingElseWithoutRepeatingIt() throws Exception {
    String secret = GrantKeys.pem(KEYS.getPrivate());
    String otherCurve =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getEncoder()
                .encodeToString(
                    KeyPairGenerator.getInstance("Ed448")
                        .generateKeyPair()
                        .getPrivate()
                        .getEncoded())
            + "\n-----END PRIVATE KEY-----";

    for (String none :
        List.of(
            "",
            "hunter2",
            secret + secret,
            "x".repeat(1 << 20),
            otherCurve,
            secret.replace('M', '!'))) {
      assertThatThrownBy(() -> GrantKeys.privateKey(none))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("it is no Ed25519 private key in PEM; `switchback ca grant-key` makes one");
    }
    assertThatThrownBy(() -> GrantKeys.publicKey(secret)).hasMessageContaining("public key");
  }
}
