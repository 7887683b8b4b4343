package io.switchback.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySettingsTest {
  private static final Endpoint DOOR = Endpoint.parse("0.0.0.0:443");

  @ParameterizedTest
  @ValueSource(strings = {"10.9.0.5:1194", "[2001:db8:0:0:0:0:0:5]:65535"})
  void readsAddressesAsItWritesThem(String text) {
    assertThat(Endpoint.parse(text)).hasToString(text);
    assertThat(Endpoint.parse("[::1]:1").address().isLoopbackAddress()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10.9.0.5",
        "10.9.0.5:",
        "10.9.0.5:0",
        "10.9.0.5:65536",
        "acme.example:1194",
        "::1:5",
        "[10.9.0.5]:5",
        "10.9.0.5:1194\n"
      })
  void refusesWhatIsNoAddressWithAPort(String text) {
    assertThatThrownBy(() -> Endpoint.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void listsEveryMistake() {
    Endpoint same = Endpoint.parse("10.9.0.5:1194");

    assertThatThrownBy(
            () ->
                new GatewaySettings(
                    DOOR,
                    new TreeMap<>(Map.of("acme", same, "globex", same, "in itech", DOOR)),
                    0,
                    Optional.of("a b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tenants 'acme' and 'globex' have the same appliance")
        .hasMessageContaining("'in itech' is no name of a tenant")
        .hasMessageContaining("connections must be")
        .hasMessageContaining("'a b' is no name of a user");
  }

  @Test
  void tellsApartWhatOnlyAReloadChanges() {
    Path folder = Path.of("/var/lib/gateway");
    Endpoint appliance = Endpoint.parse("10.9.0.5:1194");
    String empty = new GatewayConfiguration(settings(Map.of(), 4000), "c").description(folder);

    assertThat(
            new GatewayConfiguration(settings(Map.of("acme", appliance), 4000), "c")
                .description(folder))
        .as("tenants come and go without")
        .isEqualTo(empty);
    assertThat(new GatewayConfiguration(settings(Map.of(), 4001), "c").description(folder))
        .isNotEqualTo(empty);
    assertThat(new GatewayConfiguration(settings(Map.of(), 4000), "d").description(folder))
        .as("other certificates")
        .isNotEqualTo(empty);
    assertThat(
            new GatewayConfiguration(settings(Map.of("acme", appliance), 4000), "c").text(folder))
        .contains("description " + empty + "\n", "\n    server acme 10.9.0.5:1194 weight 0\n");
  }

  @Test
  void keepsToPlainFoldersAndToLoopbackForWhatIsLetThrough() {
    assertThatThrownBy(() -> new Gateway(Path.of("/var/lib/a\"b")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new GatewayClientSettings("potsdam", "gw.example.com", 443, DOOR))
        .hasMessageContaining("is no loopback address");
    assertThatThrownBy(
            () ->
                new GatewayClientSettings(
                    "potsdam", "gw example", 443, Endpoint.parse("127.0.0.1:1194")))
        .hasMessageContaining("'gw example' is no name");
  }

  private static GatewaySettings settings(Map<String, Endpoint> tenants, int connections) {
    return new GatewaySettings(DOOR, new TreeMap<>(tenants), connections, Optional.empty());
  }
}
