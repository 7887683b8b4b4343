package io.switchback.registry;

import io.switchback.port.FullSiteContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code NetworkPairActivities}. */
final class PostgresFullSiteContractIT extends FullSiteContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
