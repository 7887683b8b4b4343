package io.switchback.worker.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.model.Connectivity;
import io.switchback.model.CredentialReference;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.FullSiteSettings.Protocol;
import io.switchback.model.FullSiteSettings.Published;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.RoomSettings;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteKind;
import io.switchback.model.SiteNetworks;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.model.VCenterAccess;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading sites from YAML: everything that may be said, and every mistake at once. */
class SitesFileTest {

  @Test
  @SuppressWarnings("NullAway") // what the file leaves out is absent
  void readsEverythingThatMayBeSaid() {
    SitesFile file =
        SitesFile.parse(
            """
            sites:
              berlin:
                address: http://127.0.0.1:7301
              potsdam:
                kind: lab
                address: http://127.0.0.1:7302
                credential: "command:pass show potsdam"
                placement: {host: esx-1, datastore: fast, folder: replicas}
                caps:
                  starting: 6
                  startingPerHost: {esx-1: 2}
                  startingPerDatastore: {fast: 1}
                  transferring: 4
                  transferringPerHost: {esx-1: 3}
                  transferringPerDatastore: {fast: 2}
                pace: {heartbeat: PT3S, attempts: 2}
                appliance: gateway
                room: {warnBefore: PT48H, lookEvery: PT30S}
                tunnels:
                  host: 10.9.0.5
                  hostKey: SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8
                  key: file:/etc/switchback/appliance.key
                  certificates: /etc/switchback/acme
                  peer: acme
                connectivity: nsx-edge
                networks: [lan-dr, 200, bubble]
                fullSite:
                  uplink: eth0
                  gateway: 203.0.113.1
                  sources: {200: 203.0.113.21}
                  publish:
                    - {protocol: udp, address: 203.0.113.21, port: 53, replica: 192.168.10.20, replicaPort: 5353}
                    - {address: 203.0.113.21, port: 443, replica: 192.168.10.20}
              bonn:
                kind: vsphere
                address: https://vc.bonn.example
                vcenter: {user: svc@vsphere.local, trust: file:/etc/switchback/bonn.pem, operations: 32, operationsPerHost: 4}
            pairs:
              - production: berlin
                recovery: potsdam
                networks:
                  - {production: lan, recovery: lan-dr, drill: bubble}
                  - production: 100
                    recovery: 200
                    extend: {network: 192.168.10.0/24, gateway: 192.168.10.1, productionCard: eth1, recoveryCard: eth2, remote: "127.0.0.1:1194"}
            """,
            "sites.yaml");

    assertThat(file.sites())
        .containsExactly(
            SiteSettings.named("berlin").address("http://127.0.0.1:7301").build(),
            SiteSettings.named("potsdam")
                .address("http://127.0.0.1:7302")
                .credential(CredentialReference.parse("command:pass show potsdam"))
                .placement(new Placement("esx-1", "fast", "replicas"))
                .caps(
                    new SiteCaps(
                        6,
                        Map.of("esx-1", 2),
                        Map.of("fast", 1),
                        4,
                        Map.of("esx-1", 3),
                        Map.of("fast", 2)))
                .pace(new Pace(Duration.ofSeconds(3), null, 2, null, null))
                .appliance("gateway")
                .room(
                    new RoomSettings(
                        Duration.ofDays(2), Duration.ofHours(1), Duration.ofSeconds(30)))
                .tunnels(
                    new SiteAppliance(
                        "10.9.0.5",
                        22,
                        "root",
                        "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
                        CredentialReference.parse("file:/etc/switchback/appliance.key"),
                        false,
                        "/etc/switchback/acme",
                        "acme"))
                .networks(
                    new SiteNetworks(Connectivity.NSX_EDGE, List.of("lan-dr", "200", "bubble")))
                .fullSite(
                    new FullSiteSettings(
                        "eth0",
                        "203.0.113.1",
                        Map.of("200", "203.0.113.21"),
                        List.of(
                            new Published(Protocol.UDP, "203.0.113.21", 53, "192.168.10.20", 5353),
                            new Published(
                                Protocol.TCP, "203.0.113.21", 443, "192.168.10.20", 443))))
                .build(),
            SiteSettings.named("bonn")
                .kind(SiteKind.VSPHERE)
                .address("https://vc.bonn.example")
                .vcenter(
                    new VCenterAccess("svc@vsphere.local", "file:/etc/switchback/bonn.pem", 32, 4))
                .build());
    assertThat(file.pairs())
        .containsExactly(
            new SitePair(
                "berlin",
                "potsdam",
                List.of(
                    new NetworkMapping("lan", "lan-dr", "bubble"),
                    new NetworkMapping(
                        "100",
                        "200",
                        "",
                        new NetworkExtent(
                            "192.168.10.0/24",
                            "192.168.10.1",
                            "eth1",
                            "eth2",
                            "127.0.0.1:1194",
                            1194)))));
  }

  @Test
  void listsEveryMistakeWithItsPlaceAndNeverACredential() {
    Refusal refusal =
        refusal(
            """
            sites:
              berlin:
                adress: http://127.0.0.1:7301
                kind: abacus
                credential: hunter2
              potsdam:
                address: http://kim:secret@host
                caps: {starting: many, startingPerDatastore: {a: 0}, startingPerHost: [esx-1]}
                pace: {heartbeat: 10, bakoff: PT1S}
              potsdam:
                address: http://127.0.0.1:1
            pairs:
              - production: berlin
                recovery: berlin
                networks:
                  - {production: lan}
                  - lan
            site: {}
            """);

    assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(refusal.getMessage())
        .startsWith("Nothing was changed, because 'sites.yaml' has 15 mistakes:")
        .contains(
            "line 18, column 1: 'site' is unknown; known are pairs, sites",
            "line 10, column 3: 'potsdam' is there twice",
            "line 3, column 5: 'adress' is unknown; known are address, appliance, caps",
            "line 4, column 11: kind 'abacus' is unknown; known are [lab, vsphere]",
            "line 5, column 17: credential reference: it must begin with one of",
            "line 3, column 5: site 'berlin' has no address",
            "line 7, column 5: site 'potsdam': address must be a URL",
            "line 8, column 22: starting must be a whole number",
            "line 8, column 75: startingPerHost must be fields with values",
            "line 8, column 11: caps: startingPerDatastore of 'a' must be at least 1",
            "line 9, column 23: heartbeat '10' is no time",
            "line 9, column 27: 'bakoff' is unknown",
            "line 16, column 9: network mapping: recovery is missing",
            "line 17, column 9: a network must be fields with values",
            "a site cannot recover its own VMs")
        .doesNotContain("hunter2", "secret");
  }

  @Test
  void namesEveryMistakeOfNetworks() {
    assertThat(
            refusal(
                    """
                    sites:
                      potsdam:
                        address: http://127.0.0.1:7302
                        connectivity: carrier pigeons
                        networks: [lan, lan, ""]
                    """)
                .getMessage())
        .contains(
            "line 4, column 19: connectivity 'carrier pigeons' is unknown; known are [appliance, nsx-edge, ipsec]",
            "line 5, column 15: networks: network 'lan' is there twice; a network has no name");
  }

  @Test
  void namesEveryMistakeOfAGateway() {
    assertThat(
            refusal(
                    """
                    sites:
                      potsdam:
                        address: http://127.0.0.1:7302
                        fullSite:
                          gateway: here
                          sources: {lan: everywhere}
                          publish:
                            - {protocol: sctp, address: 203.0.113.21, port: 0, replica: web-01}
                    """)
                .getMessage())
        .contains(
            "line 5, column 7: full site: uplink is missing; gateway must be an IPv4 address",
            "the public address 'everywhere' of network 'lan' is no IPv4 address",
            "line 8, column 22: protocol 'sctp' is unknown; known are [tcp, udp]",
            "line 8, column 11: published port: replica must be an IPv4 address; port must be 1 to 65535");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "# nothing\n", "{}", "[]", "sites: [", "sites: {}\n---\nsites: {}", "a: *b"})
  void refusesWhatIsNoDescriptionOfSites(String text) {
    assertThat(refusal(text).getMessage()).contains("'sites.yaml' has");
  }

  @Test
  void saysWhereYamlEnds() {
    assertThat(refusal("sites:\n  berlin: [\n").getMessage())
        .contains("line 3, column 1: it is not YAML");
  }

  @Test
  void saysThatThereIsNoFile() {
    Refusal refusal =
        catchThrowableOfType(Refusal.class, () -> SitesFile.read(Path.of("/nowhere/sites.yaml")));

    assertThat(refusal).hasMessage("Could not read '/nowhere/sites.yaml': there is no such file.");
  }

  private static Refusal refusal(String text) {
    return catchThrowableOfType(Refusal.class, () -> SitesFile.parse(text, "sites.yaml"));
  }
}
