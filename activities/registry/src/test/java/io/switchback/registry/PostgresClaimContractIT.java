package io.switchback.registry;

import io.switchback.port.ClaimContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code ClaimActivities}. */
final class PostgresClaimContractIT extends ClaimContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
