package io.switchback.registry;

import io.switchback.port.ReconcileContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code ReconcileActivities}. */
final class PostgresReconcileContractIT extends ReconcileContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
