package io.switchback.registry;

import io.switchback.port.CyclePointsContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code CycleActivities}. */
final class PostgresCyclePointsContractIT extends CyclePointsContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
