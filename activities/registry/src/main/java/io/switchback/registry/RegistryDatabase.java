package io.switchback.registry;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.time.Duration;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The registry's database: its connections, its schema and its transactions.
 *
 * <p>A database that is away is noticed within seconds and is REGISTRY_UNAVAILABLE; connections
 * come back by themselves when it does.
 */
public final class RegistryDatabase implements AutoCloseable {
  /** A migration may rewrite a table. */
  private static final Duration MIGRATION_LIMIT = Duration.ofMinutes(10);

  private final RegistrySettings settings;
  private final HikariDataSource connections;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final TransactionTemplate snapshots;

  RegistryDatabase(RegistrySettings settings, HikariDataSource connections) {
    this.settings = settings;
    this.connections = connections;
    this.jdbc = JdbcClient.create(connections);
    JdbcTransactionManager manager = new JdbcTransactionManager(connections);
    this.transactions = new TransactionTemplate(manager);
    this.snapshots = new TransactionTemplate(manager);
    snapshots.setReadOnly(true);
    snapshots.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
  }

  /**
   * Brings the schema up to date and opens the connections. Several workers may do so at once: one
   * migrates, the others wait for it.
   *
   * @throws FaultException REGISTRY_UNAVAILABLE when the database does not answer; nothing stays
   *     open then, so the caller may try again
   */
  public static RegistryDatabase open(RegistrySettings settings) {
    migrate(settings);
    return new RegistryDatabase(settings, pool(settings));
  }

  /** Runs {@code work} in one transaction; all of it happens or nothing. */
  <T> T inTransaction(Function<JdbcClient, T> work) {
    return run(transactions, work);
  }

  /** Reads as everything stood at one moment; nothing can be changed. */
  <T> T inSnapshot(Function<JdbcClient, T> work) {
    return run(snapshots, work);
  }

  private <T> T run(TransactionTemplate template, Function<JdbcClient, T> work) {
    try {
      return template.execute(status -> work.apply(jdbc));
    } catch (TransactionSystemException failure) {
      // Neither committed nor rolled back: the connection is gone, and with it the transaction.
      Throwable reason = failure.getOriginalException();
      throw unavailable(settings, reason == null ? failure : reason);
    } catch (DataAccessException | TransactionException failure) {
      if (Outage.isBehind(failure)) {
        throw unavailable(settings, failure);
      }
      throw failure;
    }
  }

  @Override
  public void close() {
    connections.close();
  }

  private static void migrate(RegistrySettings settings) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(settings.url());
    source.setUser(settings.user());
    source.setPassword(settings.password());
    source.setConnectTimeout(seconds(settings.connectLimit()));
    source.setLoginTimeout(seconds(settings.statementLimit()));
    source.setSocketTimeout(seconds(MIGRATION_LIMIT));
    source.setTcpKeepAlive(true);
    source.setApplicationName("switchback migration");
    try {
      Flyway.configure(RegistryDatabase.class.getClassLoader())
          .dataSource(source)
          .locations("classpath:io/switchback/registry/migration")
          .load()
          .migrate();
    } catch (FlywayException failure) {
      if (Outage.isBehind(failure)) {
        throw unavailable(settings, failure);
      }
      throw failure;
    }
  }

  static HikariDataSource pool(RegistrySettings settings) {
    long statementMillis = settings.statementLimit().toMillis();
    HikariConfig config = new HikariConfig();
    config.setPoolName("registry");
    config.setJdbcUrl(settings.url());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(settings.connectLimit().toMillis());
    config.setValidationTimeout(Math.min(2000, settings.connectLimit().toMillis()));
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("ApplicationName", "switchback");
    config.addDataSourceProperty("connectTimeout", seconds(settings.connectLimit()));
    config.addDataSourceProperty("loginTimeout", seconds(settings.statementLimit()));
    config.addDataSourceProperty("socketTimeout", 2 * seconds(settings.statementLimit()));
    config.addDataSourceProperty("tcpKeepAlive", true);
    // A worker that vanished in the middle of a transaction must not keep its row locks: the
    // server ends what is idle, and whoever waits for the lock is told so before its own limit.
    config.addDataSourceProperty(
        "options",
        "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d"
            .formatted(statementMillis, statementMillis * 4 / 5, 2 * statementMillis));
    return new HikariDataSource(config);
  }

  /** Whole seconds, as the driver wants them; it takes 0 for no limit at all. */
  private static int seconds(Duration limit) {
    return Math.max(1, Math.toIntExact(limit.toSeconds()));
  }

  private static FaultException unavailable(RegistrySettings settings, Throwable failure) {
    return new FaultException(
        Fault.REGISTRY_UNAVAILABLE,
        "Could not reach the registry at %s: %s. Start the database or mend the way to it; it is tried again."
            .formatted(settings.shownUrl(), Outage.sentence(failure)),
        failure);
  }
}
