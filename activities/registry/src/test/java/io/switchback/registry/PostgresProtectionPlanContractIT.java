package io.switchback.registry;

import io.switchback.port.ProtectionPlanContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code ProtectionPlanActivities}. */
final class PostgresProtectionPlanContractIT extends ProtectionPlanContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
