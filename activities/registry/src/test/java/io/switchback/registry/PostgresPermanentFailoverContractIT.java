package io.switchback.registry;

import io.switchback.port.PermanentFailoverContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code PermanentFailoverActivities}. */
final class PostgresPermanentFailoverContractIT extends PermanentFailoverContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
