package io.switchback.registry;

import io.switchback.port.CatalogueContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code CatalogueActivities}. */
final class PostgresCatalogueContractIT extends CatalogueContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
