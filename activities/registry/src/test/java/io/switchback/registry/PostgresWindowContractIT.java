package io.switchback.registry;

import io.switchback.port.RegistryFixture;
import io.switchback.port.WindowContract;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code WindowActivities}. */
final class PostgresWindowContractIT extends WindowContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
