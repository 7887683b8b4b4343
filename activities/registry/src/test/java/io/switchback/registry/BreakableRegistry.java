package io.switchback.registry;

import com.zaxxer.hikari.HikariDataSource;

/** A registry of its own for a suite that makes it fall silent. */
final class BreakableRegistry implements AutoCloseable {
  final RegistrySettings settings = TestPostgres.newRegistry();
  private final HikariDataSource connections = RegistryDatabase.pool(settings);
  final RegistryDatabase database = new RegistryDatabase(settings, connections);
  private boolean isBroken;

  /** From now on nobody gets a connection, and those that were there are gone. */
  void fallSilent() {
    isBroken = true;
    connections.getHikariConfigMXBean().setConnectionTimeout(250);
    String name = settings.url().substring(settings.url().lastIndexOf('/') + 1);
    TestPostgres.run("alter database " + name + " allow_connections false");
    TestPostgres.run(
        "do $$ begin perform pg_terminate_backend(pid) from pg_stat_activity where datname = '"
            + name
            + "'; end $$");
  }

  @Override
  public void close() {
    if (isBroken) {
      // The pool would first sleep off its pause between two tries: five seconds.
      Thread.ofPlatform().daemon().start(database::close);
    } else {
      database.close();
    }
  }
}
