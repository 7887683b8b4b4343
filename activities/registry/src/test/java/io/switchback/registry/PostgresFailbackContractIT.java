package io.switchback.registry;

import io.switchback.port.FailbackContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/**
 * The registry in PostgreSQL keeps every promise of {@code FailbackActivities} up to the switch.
 */
final class PostgresFailbackContractIT extends FailbackContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
