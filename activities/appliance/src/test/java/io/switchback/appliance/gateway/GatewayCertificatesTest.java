package io.switchback.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.trust.CertificateRole;
import io.switchback.fault.FaultException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GatewayCertificatesTest {
  @TempDir Path directory;

  private TestAuthority authority;
  private Path folder;

  @BeforeEach
  void issue() {
    authority = new TestAuthority(directory);
    folder = directory.resolve("gateway-files");
  }

  @Test
  void saysInTimeWhatGrowsOld() {
    Instant now = Instant.now();
    GatewayCertificates certificates = GatewayCertificates.read(folder, now);

    assertThat(certificates.warnings(now)).isEmpty();
    assertThat(certificates.warnings(now.plus(Duration.ofDays(31))))
        .singleElement()
        .asString()
        .contains("`switchback ca crl`");
    assertThat(certificates.warnings(now.plus(Duration.ofDays(80))))
        .hasSize(2)
        .last()
        .asString()
        .contains("`switchback ca gateway potsdam`");
  }

  @Test
  void refusesWhatTenantsWouldNotBelieve() throws Exception {
    Instant now = Instant.now();
    assertThatThrownBy(() -> GatewayCertificates.read(folder, now.plus(Duration.ofDays(91))))
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("its certificate was good until");
    Files.copy(
        authority.issue(CertificateRole.SITE_WORKER, "potsdam", "worker").file(),
        folder.resolve("gateway.pem"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> GatewayCertificates.read(folder, now))
        .hasMessageContaining("was not made for a cloud gateway");
    Files.writeString(folder.resolve("gateway.pem"), "nonsense");
    assertThatThrownBy(() -> GatewayCertificates.read(folder, now))
        .hasMessageContaining("it holds no certificate");
    Files.delete(folder.resolve("gateway.pem"));
    assertThatThrownBy(() -> GatewayCertificates.read(folder, now))
        .hasMessageContaining("there is no such file")
        .hasMessageContaining("`switchback ca gateway <name>`");
  }
}
