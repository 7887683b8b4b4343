package io.switchback.registry;

import io.switchback.port.GroupContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code CycleActivities}. */
final class PostgresGroupContractIT extends GroupContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
