package io.switchback.worker.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.appliance.gateway.Endpoint;
import io.switchback.appliance.gateway.GatewaySettings;
import io.switchback.worker.local.Refusal;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GatewayFileTest {
  @Test
  void readsEverythingThatMayBeSaid() {
    GatewayFile file =
        parse(
            """
            listen: 0.0.0.0:443
            certificates: certificates
            tenants:
              acme: 10.9.0.5:1194
              globex: "[2001:db8::6]:1194"
            connections: 100
            user: somebody
            """);

    assertThat(file.certificates()).isEqualTo(Path.of("/etc/switchback/certificates"));
    assertThat(file.settings().listen()).isEqualTo(Endpoint.parse("0.0.0.0:443"));
    assertThat(file.settings().tenants())
        .containsOnlyKeys("acme", "globex")
        .containsEntry("globex", Endpoint.parse("[2001:db8::6]:1194"));
    assertThat(file.settings().connections()).isEqualTo(100);
    assertThat(file.settings().user()).contains("somebody");
  }

  @Test
  void needsNoMoreThanDoorCertificatesAndTenants() {
    GatewayFile file = parse("{listen: '127.0.0.1:443', certificates: /c, tenants: {}}");

    assertThat(file.certificates()).isEqualTo(Path.of("/c"));
    assertThat(file.settings().connections()).isEqualTo(GatewaySettings.USUAL_CONNECTIONS);
  }

  @Test
  void listsEveryMistakeWithItsPlace() {
    assertThatThrownBy(
            () ->
                parse(
                    """
                    listen: everywhere
                    tenants:
                      acme: 10.9.0.5:1194
                      acme: 10.9.0.6:1194
                      globex: globex.example:1194
                    tenant: {}
                    """))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("line 1, column 1: it has no certificates")
        .hasMessageContaining("line 1, column 9: 'everywhere' is no address with a port")
        .hasMessageContaining("line 4, column 3: 'acme' is there twice")
        .hasMessageContaining("line 5, column 11: 'globex.example:1194' is no address")
        .hasMessageContaining("line 6, column 1: 'tenant' is unknown");
    assertThatThrownBy(
            () ->
                parse(
                    "{listen: '127.0.0.1:443', certificates: c, tenants: {a: '10.0.0.1:1', b: '10.0.0.1:1'}}"))
        .hasMessageContaining("tenants 'a' and 'b' have the same appliance");
    assertThatThrownBy(() -> parse("")).hasMessageContaining("it is empty");
  }

  private static GatewayFile parse(String text) {
    return GatewayFile.parse(text, Path.of("/etc/switchback/gateway.yaml"));
  }
}
