package io.switchback.registry;

import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.VmRef;
import io.switchback.port.ProtectionActivities;
import io.switchback.port.ProtectionFixture;
import io.switchback.port.ProtectionPlanActivities;
import io.switchback.port.ProtectionRuleActivities;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How VMs come under protection in PostgreSQL, for the suites. */
final class PostgresProtectionFixture implements ProtectionFixture {
  private final RegistryDatabase database;
  private final JdbcClient outside;

  /**
   * @param outside a connection past the adapters
   */
  PostgresProtectionFixture(RegistryDatabase database, JdbcClient outside) {
    this.database = database;
    this.outside = outside;
  }

  @Override
  public ProtectionActivities protection() {
    return new PostgresProtectionActivities(database);
  }

  @Override
  public ProtectionPlanActivities plan() {
    return new PostgresProtectionPlanActivities(database);
  }

  @Override
  public ProtectionRuleActivities rules() {
    return new PostgresProtectionRuleActivities(database);
  }

  @Override
  public void pair(List<NetworkMapping> networks, Placement there, Pace pace) {
    outside
        .sql(
            "update site set host = ?, datastore = ?, folder = ?, pace = ?::jsonb where name = 'paris'")
        .params(there.host(), there.datastore(), there.folder(), Json.of(pace))
        .update();
    outside.sql("insert into site_pair values ('berlin', 'paris')").update();
    for (NetworkMapping network : networks) {
      outside
          .sql("insert into site_network values ('berlin', 'paris', ?, ?, ?)")
          .params(network.production(), network.recovery(), network.drill())
          .update();
    }
  }

  @Override
  public void exclude(VmRef vm, String reason) {
    outside
        .sql(
            "insert into excluded_vm (site, vm, name, asked_by, reason) values (?, ?, ?, 'test', ?)")
        .params(vm.site(), vm.id(), vm.name(), reason)
        .update();
  }
}
