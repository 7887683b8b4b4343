package io.switchback.registry;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Consistency;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteNetworks;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.model.VmRef;
import io.switchback.port.AdmissionActivities;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.CatalogueActivities;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.ClaimActivities;
import io.switchback.port.CycleActivities;
import io.switchback.port.FailbackActivities;
import io.switchback.port.GroupActivities;
import io.switchback.port.NetworkPairActivities;
import io.switchback.port.PermanentFailoverActivities;
import io.switchback.port.ProtectionFixture;
import io.switchback.port.ReconcileActivities;
import io.switchback.port.RegistryFixture;
import io.switchback.port.SiteActivities.Greeting;
import io.switchback.port.WatchActivities;
import io.switchback.port.WindowActivities;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** A registry in PostgreSQL for the suites, and a connection past its adapters. */
final class PostgresRegistryFixture implements RegistryFixture {
  private final BreakableRegistry registry = new BreakableRegistry();
  private final RegistryDatabase database = registry.database;
  private final Connection connection;
  private final JdbcClient outside;
  private final TestProtection protection;

  PostgresRegistryFixture() throws SQLException {
    RegistrySettings settings = registry.settings;
    connection = DriverManager.getConnection(settings.url(), settings.user(), settings.password());
    outside = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    protection = new TestProtection(database);
    protection.site("berlin", Pace.DEFAULT, 10);
    protection.site("paris", Pace.DEFAULT, 10);
  }

  /** The database behind the adapters. */
  RegistryDatabase database() {
    return database;
  }

  @Override
  public ClaimActivities claims() {
    return new PostgresClaimActivities(database);
  }

  @Override
  public CycleActivities cycles() {
    return new PostgresCycleActivities(database);
  }

  @Override
  public CatalogueActivities catalogue() {
    return new PostgresCatalogueActivities(database);
  }

  @Override
  public AdmissionActivities admission() {
    return new PostgresAdmissionActivities(database);
  }

  @Override
  public PermanentFailoverActivities permanentFailover() {
    return new PostgresPermanentFailoverActivities(database);
  }

  @Override
  public FailbackActivities failbacks() {
    return new PostgresFailbackActivities(database);
  }

  @Override
  public WindowActivities windows() {
    return new PostgresWindowActivities(database);
  }

  @Override
  public NetworkPairActivities networkPairs() {
    return new PostgresNetworkPairActivities(database);
  }

  @Override
  public void extend(String production, String recovery, List<NetworkMapping> networks) {
    new Sites(database).write(List.of(), List.of(new SitePair(production, recovery, networks)));
  }

  @Override
  public void plug(Replica replica, String network) {
    outside
        .sql("update replica set networks = array[?] where id = ?")
        .params(network, replica.id())
        .update();
  }

  @Override
  public void appliance(String site, SiteAppliance appliance) {
    SiteSettings known = new Sites(database).find(site).orElseThrow();
    write(known, appliance.vm(), appliance.asVm(""), known.networks(), known.fullSite());
  }

  @Override
  public void networks(String site, SiteNetworks said) {
    SiteSettings known = new Sites(database).find(site).orElseThrow();
    write(known, known.appliance(), known.tunnels(), said, known.fullSite());
  }

  @Override
  public void fullSite(String site, FullSiteSettings said) {
    SiteSettings known = new Sites(database).find(site).orElseThrow();
    write(known, known.appliance(), known.tunnels(), known.networks(), said);
  }

  private void write(
      SiteSettings known,
      String vm,
      @Nullable SiteAppliance appliance,
      SiteNetworks networks,
      @Nullable FullSiteSettings fullSite) {
    new Sites(database)
        .write(
            List.of(
                known
                    .change()
                    .appliance(vm)
                    .tunnels(appliance)
                    .networks(networks)
                    .fullSite(fullSite)
                    .build()),
            List.of());
  }

  @Override
  public ReconcileActivities reconcile() {
    return new PostgresReconcileActivities(database);
  }

  @Override
  public ProtectionFixture protecting() {
    return new PostgresProtectionFixture(database, outside);
  }

  @Override
  public List<String> excluded() {
    return outside.sql("select vm from excluded_vm order by vm").query(String.class).list();
  }

  @Override
  public WatchActivities watch() {
    return new PostgresWatchActivities(database);
  }

  @Override
  public Replica protect(String vm, ReplicaState state) {
    Replica replica =
        protection.protect(
            new VmRef("berlin", "vm-" + vm, vm),
            new VmRef("paris", "replica-" + vm, vm + "-replica"),
            List.of(new DiskPair("disk-of-" + vm, "replica-disk-of-" + vm, 1 << 20)),
            Policy.every("of-" + vm, Duration.ofMinutes(1)).keeping(7));
    outside
        .sql("update replica set state = ?, networks = '{lan}' where id = ?")
        .params(state.name(), replica.id())
        .update();
    return replica;
  }

  @Override
  public void unprotect(Replica replica) {
    outside.sql("delete from replica where id = ?").param(replica.id()).update();
  }

  @Override
  public void addRestorePoint(Replica replica, RestorePoint point) {
    long cycle =
        outside
            .sql("update replica set cycle = cycle + 1 where id = ? returning cycle")
            .param(replica.id())
            .query(Long.class)
            .single();
    outside
        .sql(
            """
            insert into restore_point (id, replica_id, cycle, snapshot, taken_at, consistency,
                                       change_ids, sent_bytes, took_millis)
            values (?, ?, ?, ?, ?, ?, '{}', 0, 0)
            """)
        .params(
            point.id(),
            replica.id(),
            cycle,
            point.snapshot(),
            point.takenAt().atOffset(ZoneOffset.UTC),
            point.consistency().name())
        .update();
  }

  @Override
  public void keep(Replica replica, int restorePoints) {
    outside
        .sql(
            "update policy set retention_points = ? where name = (select policy from replica where"
                + " id = ?)")
        .params(restorePoints, replica.id())
        .update();
  }

  @Override
  public void keepFor(Replica replica, Duration age) {
    outside
        .sql(
            "update policy set retention_age_millis = ? where name = (select policy from replica where id = ?)")
        .params(age.toMillis(), replica.id())
        .update();
  }

  @Override
  public Instant now() {
    return outside
        .sql("select clock_timestamp() as at")
        .query((row, number) -> row.getObject("at", OffsetDateTime.class).toInstant())
        .single();
  }

  @Override
  public void state(Replica replica, ReplicaState state) {
    outside
        .sql("update replica set state = ? where id = ?")
        .params(state.name(), replica.id())
        .update();
  }

  @Override
  public String mark(Replica replica) {
    return outside
        .sql("select coalesce(marked, '') from replica where id = ?")
        .param(replica.id())
        .query(String.class)
        .single();
  }

  @Override
  public Fence fence(Replica replica) {
    return outside
        .sql("select generation, epoch from claim where replica_id = ? and released_at is null")
        .param(replica.id())
        .query((row, number) -> new Fence(row.getLong("generation"), row.getLong("epoch"), 0, 0))
        .single();
  }

  @Override
  public void group(String group, Replica... replicas) {
    outside.sql("insert into vm_group (name, asked_by) values (?, 'test')").param(group).update();
    for (Replica replica : replicas) {
      outside
          .sql("insert into vm_group_member (replica_id, group_name) values (?, ?)")
          .params(replica.id(), group)
          .update();
    }
  }

  @Override
  public GroupActivities groups() {
    return new PostgresGroupActivities(database);
  }

  @Override
  public ReplicaState state(Replica replica) {
    return ReplicaState.valueOf(
        outside
            .sql("select state from replica where id = ?")
            .param(replica.id())
            .query(String.class)
            .single());
  }

  @Override
  public boolean isOnHold(Replica replica) {
    return outside
        .sql("select exists (select from hold where replica_id = ?)")
        .param(replica.id())
        .query(Boolean.class)
        .single();
  }

  @Override
  public List<RestorePoint> restorePoints(Replica replica) {
    return outside
        .sql("select * from restore_point where replica_id = ? order by cycle")
        .param(replica.id())
        .query(
            (row, number) ->
                new RestorePoint(
                    row.getString("id"),
                    row.getString("snapshot"),
                    row.getObject("taken_at", OffsetDateTime.class).toInstant(),
                    Consistency.valueOf(row.getString("consistency"))))
        .list();
  }

  @Override
  public Optional<String> abandoned(Replica replica, long cycle) {
    return outside
        .sql("select last_problem from replica where id = ? and last_problem_cycle = ?")
        .params(replica.id(), cycle)
        .query(String.class)
        .optional();
  }

  @Override
  public List<Greeting> greetings() {
    return outside
        .sql("select * from greeting")
        .query(
            (row, number) ->
                new Greeting(
                    row.getString("site"),
                    row.getString("queue"),
                    row.getString("worker"),
                    row.getString("build"),
                    row.getString("data_address"),
                    row.getLong("highest_generation"),
                    row.getLong("highest_epoch"),
                    row.getObject("answered_at", OffsetDateTime.class).toInstant(),
                    row.getString("platform")))
        .list();
  }

  @Override
  public List<AuditEntry> audit(String operationId) {
    return outside
        .sql("select * from audit where operation_id = ? order by sequence")
        .param(operationId)
        .query(
            (row, number) ->
                new AuditEntry(
                    row.getString("operation_id"),
                    Operation.valueOf(row.getString("operation")),
                    row.getString("replica_id"),
                    row.getString("step"),
                    row.getLong("step_number"),
                    row.getInt("attempt"),
                    row.getString("outcome"),
                    row.getString("asked_by"),
                    row.getString("detail"),
                    row.getObject("at", OffsetDateTime.class).toInstant()))
        .list();
  }

  @Override
  public void cap(String site, Cap cap, int atOnce) {
    Sites sites = new Sites(database);
    sites.addUnknown(List.of(SiteSettings.of(site)));
    outside
        .sql("update site_cap set at_most = ? where site = ? and cap = ? and place = ''")
        .params(atOnce, site, cap.name())
        .update();
  }

  @Override
  public void letPass(Duration time) {
    outside
        .sql("update admission_lease set ends_at = ends_at - ? * interval '1 ms'")
        .param(time.toMillis())
        .update();
    outside
        .sql("update room_sample set recorded_at = recorded_at - ? * interval '1 ms'")
        .param(time.toMillis())
        .update();
  }

  @Override
  public void siteHasSeen(long generation, long epoch) {
    outside
        .sql("insert into greeting values ('paris', 'site.paris', 'seen', 'test', null, ?, ?, ?)")
        .params(generation, Instant.EPOCH.atOffset(ZoneOffset.UTC), epoch)
        .update();
  }

  @Override
  public void breakRegistry() {
    registry.fallSilent();
  }

  @Override
  public void close() {
    registry.close();
    try {
      connection.close();
    } catch (SQLException broken) {
      // A test may have cut it.
    }
  }
}
