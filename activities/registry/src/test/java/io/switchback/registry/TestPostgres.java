package io.switchback.registry;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One PostgreSQL for all tests of this JVM, and a database of its own for each that asks. */
final class TestPostgres {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestPostgres() {}

  private static final class Server {
    static final EmbeddedPostgres INSTANCE = start();

    static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder()
            .setServerConfig("fsync", "off")
            .setServerConfig("max_connections", "300")
            .start();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  static RegistrySettings newDatabase() {
    String name = "registry" + DATABASES.incrementAndGet();
    JdbcClient.create(Server.INSTANCE.getPostgresDatabase())
        .sql("create database " + name)
        .update();
    return settings(Server.INSTANCE.getPort(), name);
  }

  static RegistrySettings settings(int port, String name) {
    return RegistrySettings.of("jdbc:postgresql://127.0.0.1:" + port + "/" + name, "postgres", "");
  }

  static int port() {
    return Server.INSTANCE.getPort();
  }
}
