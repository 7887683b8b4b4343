package io.switchback.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class VCenterAccessTest {
  @Test
  void takesAFingerprintAsItIsShown() {
    String shown = "sha256:" + "AB:".repeat(31) + "AB";

    assertThat(VCenterAccess.of("svc", shown).trust()).isEqualTo("sha256:" + "ab".repeat(32));
  }

  @Test
  void listsEveryMistake() {
    assertThatThrownBy(() -> new VCenterAccess(" ", "sha256:ab", 1000, 2000))
        .hasMessageContainingAll("user", "trust", "operations must", "operationsPerHost must");
  }

  @Test
  void goesWithSitesOnVsphereOnly() {
    assertThatThrownBy(() -> SiteSettings.named("berlin").kind(SiteKind.VSPHERE).build())
        .hasMessageContaining("vcenter is missing");
    assertThatThrownBy(
            () -> SiteSettings.named("berlin").vcenter(VCenterAccess.of("svc", "")).build())
        .hasMessageContaining("of the kind vsphere only");
    assertThatThrownBy(
            () ->
                SiteSettings.named("berlin")
                    .kind(SiteKind.VSPHERE)
                    .vcenter(VCenterAccess.of("svc", ""))
                    .address("http://vc.example")
                    .build())
        .hasMessageContaining("must begin with https:");
  }
}
