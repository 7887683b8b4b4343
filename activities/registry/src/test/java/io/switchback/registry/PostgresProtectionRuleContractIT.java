package io.switchback.registry;

import io.switchback.port.ProtectionRuleContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code ProtectionRuleActivities}. */
final class PostgresProtectionRuleContractIT extends ProtectionRuleContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
