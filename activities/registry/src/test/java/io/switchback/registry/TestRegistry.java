package io.switchback.registry;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Consistency;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ClaimReplica;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A registry of its own with two sites and a policy, and the words in which tests speak of it. */
final class TestRegistry implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final Attempt FIRST = () -> 1;

  final RegistrySettings settings;
  final RegistryDatabase database;
  final PostgresCatalogueActivities catalogue;
  final PostgresClaimActivities claims;
  final PostgresCycleActivities cycles;
  final PostgresAdmissionActivities admission;
  final TestProtection protection;

  /** By which VMs are protected from now on. */
  Policy policy = policy(3);

  TestRegistry() {
    this(TestPostgres.newRegistry());
  }

  TestRegistry(RegistrySettings settings) {
    this.settings = settings;
    database = new RegistryDatabase(settings, RegistryDatabase.pool(settings));
    catalogue = new PostgresCatalogueActivities(database, FIRST);
    claims = new PostgresClaimActivities(database, FIRST);
    cycles = new PostgresCycleActivities(database, FIRST);
    admission = new PostgresAdmissionActivities(database, FIRST);
    protection = new TestProtection(database);
    protection.site("prod", Pace.DEFAULT, 10);
    protection.site("branch", Pace.DEFAULT, 10);
    protection.site("dr", Pace.DEFAULT, 3);
  }

  static Policy policy(int retention) {
    return Policy.every("default", Duration.ofMinutes(1)).keeping(retention);
  }

  /** Protects a VM, still SEEDING. */
  Replica seeding(String name) {
    return seeding("prod", name);
  }

  Replica seeding(String site, String name) {
    return protection.protect(
        new VmRef(site, "vm-" + name, name),
        new VmRef("dr", "replica-" + site + "-" + name, name + "-at-" + site),
        List.of(
            new DiskPair(name + "-disk-0", site + "-" + name + "-disk-0", 1 << 20),
            new DiskPair(name + "-disk-1", site + "-" + name + "-disk-1", 2 << 20)),
        policy);
  }

  /** Protects a VM and runs its first cycle. */
  Replica ready(String name) {
    Replica replica = seeding(name);
    cycle(replica, NOON);
    return replica;
  }

  /** Protects a VM and puts it in any state. */
  Replica in(ReplicaState state, String name) {
    Replica replica = ready(name);
    sql("update replica set state = '%s' where id = '%s'".formatted(state, replica.id()));
    return replica;
  }

  CyclePlan begin(Replica replica) {
    CyclePlan plan = cycles.beginCycle(new BeginCycle(replica.id())).plan();
    if (plan == null) {
      throw new AssertionError("no cycle may begin");
    }
    return plan;
  }

  CycleEnd complete(CyclePlan plan, Instant takenAt) {
    return cycles.completeCycle(completion(plan, takenAt));
  }

  CycleEnd cycle(Replica replica, Instant takenAt) {
    return complete(begin(replica), takenAt);
  }

  static CompleteCycle completion(CyclePlan plan, Instant takenAt) {
    String id = "%s-%04d".formatted(plan.replica().id(), plan.number());
    return new CompleteCycle(
        plan.replica().id(),
        plan.number(),
        plan.fence(),
        new RestorePoint(id, "switchback-" + id, takenAt, Consistency.APPLICATION),
        Map.of(plan.replica().disks().getFirst().productionDisk(), "change-" + plan.number()),
        4096,
        Duration.ofSeconds(2));
  }

  Claim claim(Replica replica, Operation operation, String operationId) {
    return claims.claimReplica(request(replica, operation, operationId));
  }

  Claim failover(Replica replica, String operationId) {
    return claim(replica, Operation.PARTIAL_FAILOVER, operationId);
  }

  static ClaimReplica request(Replica replica, Operation operation, String operationId) {
    return new ClaimReplica(
        operationId,
        operation,
        replica.id(),
        "replica/" + replica.id(),
        "run-1",
        "ada",
        null,
        null);
  }

  static Mandate mandate(Claim claim, String operationId, long step) {
    return mandate(claim.fence(), operationId, step);
  }

  static Mandate mandate(Fence fence, String operationId, long step) {
    return new Mandate(operationId, "step-" + step, fence.atStep(step));
  }

  static String operationId() {
    return UUID.randomUUID().toString();
  }

  ReplicaState state(Replica replica) {
    return ReplicaState.valueOf(
        text("select state from replica where id = '" + replica.id() + "'"));
  }

  long epoch(Replica replica) {
    return Long.parseLong(
        text("select epoch::text from replica where id = '" + replica.id() + "'"));
  }

  String text(String sql) {
    return database.inTransaction(jdbc -> jdbc.sql(sql).query(String.class).single());
  }

  int sql(String sql) {
    return database.inTransaction(jdbc -> jdbc.sql(sql).update());
  }

  /** Everything that the registry says of a replica, to see that nothing changed. */
  String everything() {
    return database.inTransaction(TestRegistry::dump);
  }

  private static String dump(JdbcClient jdbc) {
    StringBuilder dump = new StringBuilder();
    for (String table : List.of("replica", "claim", "hold", "restore_point", "disk", "audit")) {
      dump.append(
          jdbc.sql("select t::text from " + table + " t order by 1").query(String.class).list());
    }
    return dump.toString();
  }

  @Override
  public void close() {
    database.close();
  }
}
