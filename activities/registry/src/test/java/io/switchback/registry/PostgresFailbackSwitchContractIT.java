package io.switchback.registry;

import io.switchback.port.FailbackSwitchContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code FailbackActivities} of the switch. */
final class PostgresFailbackSwitchContractIT extends FailbackSwitchContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
