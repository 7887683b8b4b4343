package io.switchback.registry;

import io.switchback.port.ProtectionContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code ProtectionActivities}. */
final class PostgresProtectionContractIT extends ProtectionContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
