package io.switchback.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.gateway.TestTenant.Connection;
import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cloud gateway as HAProxy runs it, on loopback; acme and globex are tenants. */
@Tag("process")
class GatewayIT {
  private static final String NO_AUTHORITY_ASKED = "verify required";
  private static final String RELOADED = "reloaded: open connections stay where they are";

  @TempDir Path directory;

  private TestAuthority certificates;
  private TestAppliance acme;
  private TestAppliance globex;

  @BeforeEach
  void start() throws Exception {
    certificates = new TestAuthority(directory);
    acme = new TestAppliance("acme");
    globex = new TestAppliance("globex");
  }

  @AfterEach
  void stop() throws Exception {
    acme.close();
    globex.close();
  }

  @Test
  void connectsATenantToItsOwnApplianceAndLogsWhoWasConnectedToWhom() throws Exception {
    TestAuthority.Shown shown = certificates.tenant("acme");
    try (RunningGateway gateway = gateway(UnaryOperator.identity())) {
      assertThat(gateway.tenant(shown).reaches()).contains("acme");
      assertThat(gateway.tenant(certificates.tenant("globex")).reaches()).contains("globex");

      String who =
          "tenant=acme certificate=%s from=127.0.0.1:".formatted(shown.certificate().serial());
      String appliance = " appliance=" + acme.endpoint();
      gateway.awaitLog(" opened " + who, appliance);
      gateway.awaitLog(" closed " + who, appliance, " ms=", " sent=0 received=5 ");
    }
  }

  @Test
  void letsNobodyElseThrough() throws Exception {
    TestAuthority.Shown revoked = certificates.issue(CertificateRole.TENANT, "acme", "revoked");
    certificates.authority().revoke(revoked.certificate().serial(), Reason.KEY_COMPROMISE);
    try (RunningGateway gateway = gateway(UnaryOperator.identity())) {
      assertThat(gateway.tenant(revoked).reaches()).as("revoked").isEmpty();
      gateway.awaitLog(" refused ", "verify=23", "name=\"acme\"");
      assertThat(gateway.tenant(certificates.expired("acme")).reaches()).as("expired").isEmpty();
      gateway.awaitLog(" refused ", "verify=10");
      assertThat(gateway.tenant(certificates.foreign().tenant("acme")).reaches())
          .as("another authority's")
          .isEmpty();
      assertThat(gateway.withoutCertificate().reaches()).as("none").isEmpty();
      gateway.awaitLog(" refused ", "did not return a certificate");
      for (CertificateRole role :
          new CertificateRole[] {CertificateRole.SITE_WORKER, CertificateRole.TUNNEL_CLIENT}) {
        assertThat(gateway.tenant(certificates.issue(role, "acme", role.word())).reaches())
            .as(role.unit())
            .isEmpty();
      }
      gateway.awaitLog(" refused tenant=acme ", "state=PR");
      assertThat(
              gateway
                  .tenant(certificates.issue(CertificateRole.TUNNEL_SERVER, "acme", "server"))
                  .reaches())
          .as("a server's")
          .isEmpty();
      gateway.awaitLog(" refused ", "verify=26");
      assertThat(gateway.tenant(certificates.tenant("initech")).reaches())
          .as("a tenant without an appliance")
          .isEmpty();
      gateway.awaitLog(" unreachable tenant=initech ");

      assertThat(acme.visits() + globex.visits()).isZero();
      assertThat(gateway.tenant(certificates.tenant("acme")).reaches()).contains("acme");
    }
  }

  /** That it is these words of the configuration which keep them out. */
  @Test
  void letsThemThroughWithoutTheCheckThatIsForThem() throws Exception {
    TestAuthority.Shown revoked = certificates.issue(CertificateRole.TENANT, "acme", "revoked");
    certificates.authority().revoke(revoked.certificate().serial(), Reason.KEY_COMPROMISE);
    TestAuthority.Shown worker = certificates.issue(CertificateRole.SITE_WORKER, "acme", "worker");

    try (RunningGateway open = gateway(text -> text.replaceAll(" crl-file \\S+", ""))) {
      assertThat(open.tenant(revoked).reaches()).contains("acme");
      assertThat(open.tenant(worker).reaches()).isEmpty();
    }
    try (RunningGateway open = gateway(text -> text.replaceAll("(?m)^.* reject unless .*$", ""))) {
      assertThat(open.tenant(worker).reaches()).contains("acme");
      assertThat(open.tenant(revoked).reaches()).isEmpty();
    }
    try (RunningGateway open =
        gateway(
            text -> text.replace(NO_AUTHORITY_ASKED, NO_AUTHORITY_ASKED + " crt-ignore-err 10"))) {
      assertThat(open.tenant(certificates.expired("acme")).reaches()).contains("acme");
    }
    try (RunningGateway open =
        gateway(
            text ->
                text.replace(
                    NO_AUTHORITY_ASKED,
                    NO_AUTHORITY_ASKED + " crt-ignore-err all ca-ignore-err all"))) {
      assertThat(open.tenant(certificates.foreign().tenant("acme")).reaches()).contains("acme");
    }
    try (RunningGateway open = gateway(text -> text.replace(" weight 0", ""))) {
      assertThat(open.tenant(certificates.tenant("initech")).reaches()).isNotEmpty();
    }
  }

  @Test
  void addsRotatesMovesAndRemovesWithoutCuttingOthers() throws Exception {
    TestAuthority.Shown first = certificates.tenant("acme");
    try (RunningGateway gateway = gateway(UnaryOperator.identity());
        TestAppliance initech = new TestAppliance("initech")) {
      Connection held = gateway.tenant(first).dial().orElseThrow();
      Connection others = gateway.tenant(certificates.tenant("globex")).dial().orElseThrow();
      Map<String, Endpoint> three =
          Map.of(
              "acme", acme.endpoint(), "globex", globex.endpoint(), "initech", initech.endpoint());

      assertThat(gateway.apply(three, certificates.ofGateway()).done())
          .containsExactly("added tenant 'initech', at " + initech.endpoint());
      assertThat(gateway.tenant(certificates.tenant("initech")).reaches()).contains("initech");
      gateway.awaitLog(" closed tenant=initech ");

      // A successor for acme, another one for the gateway itself: the old one of acme stays good.
      TestAuthority.Shown second = certificates.issue(CertificateRole.TENANT, "acme", "successor");
      certificates.issue(CertificateRole.GATEWAY, "potsdam", "gateway-files");
      assertThat(gateway.apply(three, certificates.ofGateway()).done()).containsExactly(RELOADED);
      assertThat(gateway.apply(three, certificates.ofGateway()).done()).as("again").isEmpty();
      assertThat(gateway.tenant(second).reaches()).contains("acme");
      assertThat(gateway.tenant(first).reaches()).contains("acme");

      // Globex' appliance is another one from now on.
      try (TestAppliance moved = new TestAppliance("globex 2")) {
        Map<String, Endpoint> two = Map.of("acme", acme.endpoint(), "globex", moved.endpoint());
        assertThat(gateway.apply(two, certificates.ofGateway()).done())
            .containsExactlyInAnyOrder(
                "removed tenant 'initech', 0 connections cut",
                "moving tenant 'globex', 1 connections cut",
                "moved tenant 'globex' to " + moved.endpoint());
        assertThat(others.isCut()).isTrue();
        assertThat(gateway.tenant(certificates.tenant("globex")).reaches()).contains("globex 2");
        assertThat(gateway.tenant(certificates.tenant("initech")).reaches()).isEmpty();
        assertThat(gateway.apply(two, certificates.ofGateway()).done()).as("again").isEmpty();

        gateway.awaitLog(" closed tenant=globex ", "appliance=" + moved.endpoint());
        assertThat(gateway.apply(three, certificates.ofGateway()).done())
            .containsExactlyInAnyOrder(
                "moved tenant 'globex' to " + globex.endpoint(),
                "added tenant 'initech', at " + initech.endpoint());
        assertThat(gateway.tenant(certificates.tenant("initech")).reaches()).contains("initech");
      }
      assertThat(held.isOpen()).as("acme was connected all the time").isTrue();
      assertThat(gateway.processes())
          .as("only the certificates needed another process, and acme keeps the old one")
          .isEqualTo(3);
      held.close();
    }
  }

  @Test
  void cutsWhoIsRevokedAlsoWhereAReloadHasLeftAnOlderProcess() throws Exception {
    TestAuthority.Shown stolen = certificates.tenant("acme");
    try (RunningGateway gateway = gateway(UnaryOperator.identity())) {
      Connection before = gateway.tenant(stolen).dial().orElseThrow();
      Connection other = gateway.tenant(certificates.tenant("globex")).dial().orElseThrow();
      GatewaySettings wider =
          new GatewaySettings(
              gateway.listen(),
              gateway.settings(both()).tenants(),
              GatewaySettings.USUAL_CONNECTIONS - 1,
              gateway.settings(both()).user());
      assertThat(gateway.gateway().apply(wider, certificates.ofGateway()).done())
          .containsExactly(RELOADED);
      Connection after = gateway.tenant(stolen).dial().orElseThrow();
      assertThat(before.isOpen()).isTrue();

      certificates.authority().revoke(stolen.certificate().serial(), Reason.KEY_COMPROMISE);
      assertThat(gateway.gateway().apply(wider, certificates.ofGateway()).done())
          .containsExactly(
              RELOADED,
              "cut tenant 'acme', 1 connections: certificate %s is revoked"
                  .formatted(stolen.certificate().serial()),
              "cut tenant 'acme', 1 connections: certificate %s is revoked"
                  .formatted(stolen.certificate().serial()));

      assertThat(before.isCut()).as("before the reload").isTrue();
      assertThat(after.isCut()).as("after it").isTrue();
      assertThat(gateway.tenant(stolen).reaches()).isEmpty();
      assertThat(other.isOpen()).isTrue();
      assertThat(
              gateway.tenant(certificates.issue(CertificateRole.TENANT, "acme", "new")).reaches())
          .contains("acme");
      other.close();
    }
  }

  @Test
  void believesTwoAuthoritiesWhileOneFollowsTheOther() throws Exception {
    try (RunningGateway gateway = gateway(UnaryOperator.identity())) {
      Connection held = gateway.tenant(certificates.tenant("acme")).dial().orElseThrow();
      TestAuthority second = certificates.foreign();
      certificates.alsoBelieve(second);

      assertThat(gateway.apply(both(), certificates.ofGateway()).done()).containsExactly(RELOADED);

      assertThat(gateway.tenant(second.tenant("globex")).reaches()).contains("globex");
      assertThat(gateway.tenant(certificates.tenant("acme")).reaches()).contains("acme");
      assertThat(held.isOpen()).isTrue();
      held.close();
    }
  }

  @Test
  void runsOnceOnly() throws Exception {
    try (RunningGateway gateway = gateway(UnaryOperator.identity())) {
      Process second =
          new ProcessBuilder("sh", gateway.gateway().start().toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();

      assertThat(second.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(second.exitValue()).isEqualTo(1);
      assertThat(gateway.tenant(certificates.tenant("acme")).reaches()).contains("acme");
    }
  }

  private RunningGateway gateway(UnaryOperator<String> change) throws Exception {
    return new RunningGateway(
        java.nio.file.Files.createTempDirectory(directory, "g"),
        both(),
        certificates.ofGateway(),
        change);
  }

  private Map<String, Endpoint> both() {
    return Map.of("acme", acme.endpoint(), "globex", globex.endpoint());
  }
}
