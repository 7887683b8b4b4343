package io.switchback.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jcraft.jsch.HostKeyRepository;
import org.junit.jupiter.api.Test;

/** Which host key is believed. */
class HostKeyTest {
  @Test
  void believesThePinnedKeyAloneAndRemembersTheOther() {
    PinnedHostKey pinned = new PinnedHostKey(HostKey.of("one".getBytes(UTF_8)));

    assertThat(pinned.check("host", "one".getBytes(UTF_8))).isEqualTo(HostKeyRepository.OK);
    assertThat(pinned.refused()).isNull();
    assertThat(pinned.check("host", "two".getBytes(UTF_8))).isEqualTo(HostKeyRepository.CHANGED);
    assertThat(pinned.refused()).isEqualTo(HostKey.of("two".getBytes(UTF_8)));
  }

  @Test
  void refusesWhatIsNoFingerprint() {
    assertThatThrownBy(() -> new HostKey("MD5:aa:bb")).hasMessageContaining("ssh-keygen -lf");
    assertThatThrownBy(() -> new HostKey("SHA256:short")).hasMessageContaining("'SHA256:short'");
  }
}
