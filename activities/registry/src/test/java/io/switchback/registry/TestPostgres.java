package io.switchback.registry;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One PostgreSQL for all tests of this JVM, and a database of its own for each that asks. */
final class TestPostgres {
  private static final String MIGRATED = "registry_template";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private TestPostgres() {}

  private static final class Server {
    static final EmbeddedPostgres INSTANCE = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder()
                .setServerConfig("fsync", "off")
                .setServerConfig("max_connections", "300")
                .start();
        JdbcClient.create(server.getPostgresDatabase()).sql("create database " + MIGRATED).update();
        RegistryDatabase.open(settings(server.getPort(), MIGRATED)).close();
        return server;
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /** An empty database. */
  static RegistrySettings emptyDatabase() {
    return database("");
  }

  /** A database with the registry's schema in it. */
  static synchronized RegistrySettings newRegistry() {
    Future<RegistrySettings> made = Ahead.next;
    Ahead.next = Ahead.make();
    try {
      return made.get();
    } catch (InterruptedException | ExecutionException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** The server makes the next database while a test uses the one before. */
  private static final class Ahead {
    static final ExecutorService MAKER =
        Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
    static Future<RegistrySettings> next = make();

    static Future<RegistrySettings> make() {
      return MAKER.submit(() -> database(" template " + MIGRATED));
    }
  }

  static int port() {
    return Server.INSTANCE.getPort();
  }

  /** Runs a statement as the server's administrator. */
  static void run(String sql) {
    JdbcClient.create(Server.INSTANCE.getPostgresDatabase()).sql(sql).update();
  }

  /** The same database by way of another port. */
  static RegistrySettings through(int port, RegistrySettings settings) {
    return settings(port, settings.url().substring(settings.url().lastIndexOf('/') + 1));
  }

  private static RegistrySettings database(String like) {
    int port = port();
    String name = "registry" + DATABASES.incrementAndGet();
    JdbcClient.create(Server.INSTANCE.getPostgresDatabase())
        .sql("create database " + name + like)
        .update();
    return settings(port, name);
  }

  private static RegistrySettings settings(int port, String name) {
    return RegistrySettings.of("jdbc:postgresql://127.0.0.1:" + port + "/" + name, "postgres", "");
  }
}
