package io.switchback.registry;

import static io.switchback.registry.Race.atOnce;
import static io.switchback.registry.Race.faultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.CatalogueActivities.RecordAudit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class RegistryDatabaseIT {
  @Test
  void severalWorkersMayMigrateAtOnce() throws Exception {
    RegistrySettings settings = TestPostgres.emptyDatabase();
    Callable<Long> open =
        () -> {
          try (RegistryDatabase database = RegistryDatabase.open(settings)) {
            return database.inTransaction(Controller::generation);
          }
        };

    assertThat(atOnce(Collections.nCopies(4, open))).containsOnly(1L);
  }

  @Test
  void saysThatNobodyListens() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    RegistrySettings settings =
        RegistrySettings.of("jdbc:postgresql://127.0.0.1:" + port + "/registry", "postgres", "");

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> RegistryDatabase.open(settings))
        .satisfies(fault -> assertThat(fault.fault()).isEqualTo(Fault.REGISTRY_UNAVAILABLE))
        .withMessageContaining("127.0.0.1:" + port);
  }

  @Test
  void noticesADatabaseThatGoesAwayAndComesBackByItself() throws Exception {
    RegistrySettings settings = TestPostgres.newRegistry();
    try (TcpProxy proxy = new TcpProxy(TestPostgres.port());
        TestRegistry registry = new TestRegistry(TestPostgres.through(proxy.port(), settings))) {
      proxy.cut();
      assertThat(faultOf(() -> registry.ready("web"))).isEqualTo(Fault.REGISTRY_UNAVAILABLE);
      proxy.mend();

      // Each connection that was cut may fail one more call before it is replaced.
      Callable<Fault> retry = () -> faultOf(() -> registry.seeding("web"));
      List<Fault> outcomes = new ArrayList<>();
      do {
        outcomes.add(retry.call());
      } while (outcomes.getLast() == Fault.REGISTRY_UNAVAILABLE && outcomes.size() <= 10);
      assertThat(outcomes.getLast()).as("%s", outcomes).isNull();
    }
  }

  @Test
  void doesNotWaitForARowLongerThanTheStatementLimit() throws Exception {
    RegistrySettings settings = TestPostgres.newRegistry();
    RegistrySettings hasty =
        new RegistrySettings(
            settings.url(),
            settings.user(),
            settings.password(),
            4,
            Duration.ofSeconds(3),
            Duration.ofSeconds(1));
    try (TestRegistry registry = new TestRegistry(hasty)) {
      var replica = registry.ready("web");
      registry.database.inTransaction(
          jdbc -> {
            Replicas.lock(jdbc, replica.id());
            assertThat(faultElsewhere(() -> registry.failover(replica, "op")))
                .isEqualTo(Fault.REGISTRY_UNAVAILABLE);
            return replica;
          });

      assertThat(faultOf(() -> registry.failover(replica, "op"))).isNull();
    }
  }

  @Test
  void neverTakesBackAnEpochOrACycleNumber() {
    try (TestRegistry registry = new TestRegistry()) {
      var replica = registry.ready("web");

      assertThatThrownBy(() -> registry.sql("update replica set epoch = epoch - 1"))
          .hasMessageContaining("only grow");
      assertThatThrownBy(() -> registry.sql("update replica set cycle = cycle - 1"))
          .hasMessageContaining("only grow");
      assertThat(registry.begin(replica).number()).isEqualTo(2);
    }
  }

  @Test
  void neverHasTwoHoldersOfOneReplica() {
    try (TestRegistry registry = new TestRegistry()) {
      registry.failover(registry.ready("web"), "op");

      assertThatThrownBy(
              () ->
                  registry.sql(
                      """
                      insert into claim (replica_id, operation_id, operation, workflow_id, run_id,
                                         asked_by, from_state, generation, epoch)
                      select replica_id, 'another', operation, workflow_id, run_id,
                             asked_by, from_state, generation, epoch + 1 from claim
                      """))
          .hasMessageContaining("claim_one_holder");
    }
  }

  @Test
  void keepsTheAuditAsItWasWritten() {
    try (TestRegistry registry = new TestRegistry()) {
      registry.catalogue.recordAudit(
          new RecordAudit(
              List.of(
                  new AuditEntry(
                      "op",
                      Operation.DRILL,
                      "r",
                      "s",
                      1,
                      1,
                      "DONE",
                      "ada",
                      "",
                      TestRegistry.NOON))));

      assertThatThrownBy(() -> registry.sql("update audit set outcome = 'FAILED'"))
          .hasMessageContaining("only appended to");
      assertThatThrownBy(() -> registry.sql("delete from audit"))
          .hasMessageContaining("only appended to");
    }
  }

  private static Fault faultElsewhere(Runnable call) {
    try {
      return atOnce(List.<Callable<Fault>>of(() -> faultOf(call))).getFirst();
    } catch (Exception failure) {
      throw new AssertionError(failure);
    }
  }
}
