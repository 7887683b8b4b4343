package io.switchback.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be said of sites, their credentials and their networks. */
final class SiteSettingsTest {
  @Test
  void needsNothingButAName() {
    SiteSettings site = SiteSettings.of("berlin");

    assertThat(site.kind()).isEqualTo(SiteKind.LAB);
    assertThat(site.address()).isEmpty();
    assertThat(site.credential()).isNull();
    assertThat(site.placement()).isEqualTo(Placement.ANYWHERE);
    assertThat(site.caps().starting()).isEqualTo(10);
  }

  @Test
  void namesEveryMistakeOfASite() {
    assertThatThrownBy(() -> SiteSettings.named("ber lin").address("ftp://x").build())
        .hasMessage(
            "site 'ber lin': name must be of letters, digits, '.', '_' and '-'; address must be a URL"
                + " such as http://127.0.0.1:7301, without a password in it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://u:p@host", "http://", "127.0.0.1:80", "http://a b", "http://a/x@y", "x"})
  void refusesAnAddressThatIsNoneOrHoldsAPassword(String address) {
    assertThatThrownBy(() -> SiteSettings.named("berlin").address(address).build())
        .hasMessageContaining("address must be a URL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:7301",
        "https://vc.example/sdk",
        "http://[::1]:80",
        "http://a_b"
      })
  void takesAnAddress(String address) {
    assertThat(SiteSettings.named("berlin").address(address).build().address()).isEqualTo(address);
  }

  @Test
  void namesEveryMistakeOfCaps() {
    assertThatThrownBy(
            () ->
                new SiteCaps(
                    0, Map.of("", 0), Map.of("fast", -1), 0, Map.of(" ", 1), Map.of("slow", 0)))
        .hasMessageContaining("starting must be at least 1")
        .hasMessageContaining("startingPerHost names nothing")
        .hasMessageContaining("startingPerDatastore of 'fast' must be at least 1")
        .hasMessageContaining("transferring must be at least 1")
        .hasMessageContaining("transferringPerHost names nothing")
        .hasMessageContaining("transferringPerDatastore of 'slow' must be at least 1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:/etc/berlin.token",
        "env:BERLIN_TOKEN",
        "command:pass show berlin",
        "env:_x1"
      })
  void aReferenceReadsAsItIsWritten(String text) {
    assertThat(CredentialReference.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2",
        "file:",
        "file:relative",
        "env:",
        "env:A B",
        "command: ",
        "https://x",
        "file:/a\nb"
      })
  void refusesWhatIsNoReferenceAndNeverRepeatsIt(String text) {
    assertThatThrownBy(() -> CredentialReference.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .startsWith("credential reference: ")
        .doesNotContain("hunter2");
  }

  @Test
  void namesEveryMistakeOfAPair() {
    assertThatThrownBy(
            () ->
                new SitePair(
                    "berlin",
                    "berlin",
                    List.of(
                        new NetworkMapping("lan", "lan-dr", "t2"),
                        new NetworkMapping("lan", "t2", null))))
        .hasMessageContaining("a site cannot recover its own VMs")
        .hasMessageContaining("network 'lan' is mapped more than once")
        .hasMessageContaining("drill network 't2' is a recovery network, too");
  }

  @Test
  void findsANetworkOfAPair() {
    NetworkMapping lan = new NetworkMapping("lan", "lan-dr", null);
    SitePair pair = new SitePair("berlin", "potsdam", List.of(lan));

    assertThat(pair.network("lan")).contains(lan);
    assertThat(pair.network("lan-dr")).isEmpty();
  }
}
