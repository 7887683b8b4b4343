package io.switchback.appliance.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.gateway.TestTenant.Connection;
import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand tenants, and as many connections on which nobody says anything. */
@Tag("process")
class GatewayScaleIT {
  private static final int TENANTS = 1000;
  private static final int CONNECTED_TENANTS = 4;
  private static final int CONNECTIONS = 1000;
  private static final long MOST_BYTES = 512L << 20;
  // It is to be a second. How far this machine is from that is printed; what is far beyond is
  // wrong.
  private static final Duration GUARD = Duration.ofSeconds(10);

  @TempDir Path directory;

  @Test
  void letsANewTenantInWhileAThousandConnectionsAreIdle() throws Exception {
    TestAuthority certificates = new TestAuthority(directory);
    Map<String, Endpoint> tenants = new HashMap<>();
    for (int i = CONNECTED_TENANTS; i < TENANTS; i++) {
      tenants.put("tenant-" + i, Endpoint.parse("127.9.%d.%d:1194".formatted(i / 250, i % 250)));
    }
    List<TestAppliance> appliances = new ArrayList<>();
    for (int i = 0; i < CONNECTED_TENANTS; i++) {
      appliances.add(new TestAppliance("tenant-" + i));
      tenants.put("tenant-" + i, appliances.getLast().endpoint());
    }
    List<Connection> idle = new ArrayList<>();
    List<TestClient> clients = new ArrayList<>();
    try (TestAppliance newcomer = new TestAppliance("newcomer");
        RunningGateway gateway =
            new RunningGateway(
                directory.resolve("gateway"),
                tenants,
                certificates.ofGateway(),
                UnaryOperator.identity())) {
      for (int i = 0; i < CONNECTED_TENANTS; i++) {
        // A tenant's own end of it, only wider than one tunnel needs: a thousand handshakes of this
        // JVM would take most
        // of the test's time.
        TestClient client =
            new TestClient(
                "potsdam",
                gateway.listen(),
                certificates.tenant("tenant-" + i).folder(),
                text -> text.replace("maxconn 32", "maxconn 1000"));
        clients.add(client);
        for (int k = 0; k < CONNECTIONS / CONNECTED_TENANTS; k++) {
          idle.add(client.dial().orElseThrow());
          assertThat(idle.getLast().appliance()).isEqualTo("tenant-" + i);
        }
      }
      assertThat(appliances).allMatch(one -> one.visits() == CONNECTIONS / CONNECTED_TENANTS);

      TestTenant fresh = gateway.tenant(certificates.tenant("newcomer"));
      tenants.put("newcomer", newcomer.endpoint());
      long begin = System.nanoTime();
      assertThat(gateway.apply(tenants, certificates.ofGateway()).done()).hasSize(1);
      long added = System.nanoTime();
      Connection through = fresh.dial().orElseThrow();
      Duration dialled = Duration.ofNanos(System.nanoTime() - added);
      idle.add(through);

      long bytes = gateway.residentBytes();
      System.out.printf(
          "With %d idle connections of %d tenants the gateway takes %.1f MiB; a new tenant was added in %d ms and through"
              + " %d ms after it dialled.%n",
          CONNECTIONS,
          TENANTS,
          bytes / 1048576.0,
          Duration.ofNanos(added - begin).toMillis(),
          dialled.toMillis());
      assertThat(through.appliance()).isEqualTo("newcomer");
      assertThat(dialled).isLessThan(GUARD);
      assertThat(bytes).isLessThan(MOST_BYTES);
      assertThat(gateway.processes()).isEqualTo(2);
      for (Connection one : idle) {
        assertThat(one.isOpen()).isTrue();
      }

      certificates.authority().revokeTenant("tenant-0", Reason.CESSATION_OF_OPERATION);
      assertThat(gateway.apply(tenants, certificates.ofGateway()).done())
          .hasSize(2)
          .last()
          .asString()
          .startsWith("cut tenant 'tenant-0', 250 connections: ");
      assertThat(gateway.residentBytes()).as("of both processes").isLessThan(MOST_BYTES);
      for (Connection one : idle) {
        if (one.appliance().equals("tenant-0")) {
          assertThat(one.isCut()).isTrue();
        } else {
          assertThat(one.isOpen()).isTrue();
        }
      }
    } finally {
      for (Connection one : idle) {
        one.close();
      }
      for (TestClient client : clients) {
        client.close();
      }
      for (TestAppliance appliance : appliances) {
        appliance.close();
      }
    }
  }
}
