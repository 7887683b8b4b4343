package io.switchback.registry;

import io.switchback.port.RegistryFixture;
import io.switchback.port.WatchContract;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code WatchActivities}. */
final class PostgresWatchContractIT extends WatchContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
