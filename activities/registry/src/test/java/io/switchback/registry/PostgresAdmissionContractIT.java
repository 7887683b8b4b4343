package io.switchback.registry;

import io.switchback.port.AdmissionContract;
import io.switchback.port.RegistryFixture;
import java.sql.SQLException;

/** The registry in PostgreSQL keeps every promise of {@code AdmissionActivities}. */
final class PostgresAdmissionContractIT extends AdmissionContract {
  @Override
  protected RegistryFixture open() throws SQLException {
    return new PostgresRegistryFixture();
  }
}
