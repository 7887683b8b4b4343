package io.switchback.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class EmbeddedPostgresIT {
  @TempDir Path directory;
  private Home home;
  private EmbeddedPostgres postgres;

  @BeforeEach
  void makeHome() {
    home = OwnPorts.home(directory.resolve("home"));
    postgres = new EmbeddedPostgres(home, Cache.of(System.getenv()));
  }

  @AfterEach
  void stop() {
    postgres.stop();
  }

  @Test
  void keepsDataAndPortFromOneRunToTheNext() throws SQLException {
    RegistryAddress first = postgres.start();
    execute(first, "create table kept as select 7 as number");
    assertThat(postgres.start()).as("starting what runs").isEqualTo(first);

    assertThat(postgres.stop()).isTrue();
    assertThat(postgres.running()).isEmpty();
    assertThat(postgres.stop()).as("stopping what does not run").isFalse();

    assertThat(postgres.start()).isEqualTo(first);
    assertThat(number(first, "select number from kept")).isEqualTo(7);
  }

  @Test
  void startsAgainAfterAKillEvenWhenAnotherProcessGotTheNumber() throws Exception {
    RegistryAddress address = postgres.start();
    execute(address, "create table kept as select 7 as number");
    StartedProcess killed = process();
    ProcessHandle server = ProcessHandle.of(killed.pid()).orElseThrow();
    List<ProcessHandle> backends = server.children().toList();
    assertThat(server.destroyForcibly()).isTrue();
    server.onExit().join();
    backends.forEach(backend -> backend.onExit().join());
    // The machine gave the number to somebody else.
    Process somebody = new ProcessBuilder("sleep", "600").start();
    Path pidFile = home.data().resolve("postgres/postmaster.pid");
    List<String> lines = new ArrayList<>(Files.readAllLines(pidFile));
    lines.set(0, Long.toString(somebody.pid()));
    Files.write(pidFile, lines);

    try {
      assertThat(postgres.start()).isEqualTo(address);
      assertThat(number(address, "select number from kept")).isEqualTo(7);
      assertThat(somebody.isAlive()).isTrue();
    } finally {
      somebody.destroy();
    }
  }

  @Test
  void startsAnewWhenTheHomeForgotIt() throws SQLException {
    RegistryAddress address = postgres.start();
    execute(address, "create table kept as select 7 as number");
    home.services().update(_ -> Services.none());
    OwnPorts.home(home.directory());

    assertThat(number(postgres.start(), "select number from kept")).isEqualTo(7);
  }

  @Test
  void ofTwoStartsAtOnceOneStartsItAndTheOtherFindsIt() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Callable<RegistryAddress> start =
          () -> new EmbeddedPostgres(home, Cache.of(System.getenv())).start();
      Future<RegistryAddress> one = threads.submit(start);
      Future<RegistryAddress> other = threads.submit(start);

      assertThat(one.get()).isEqualTo(other.get());
    }
  }

  @Test
  void letsNobodyInWithoutThePassword() {
    RegistryAddress address = postgres.start();

    assertThatThrownBy(
            () ->
                DriverManager.getConnection(
                    address.jdbcUrl().replaceAll("password=.*", "password=x")))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
    assertThat(address.toString()).doesNotContain("password");
  }

  @Test
  void hangsOnNoProcessOfOurs() {
    postgres.start();

    ProcessHandle server = ProcessHandle.of(process().pid()).orElseThrow();
    assertThat(ProcessHandle.current().descendants()).doesNotContain(server);
  }

  private StartedProcess process() {
    return home.services().read().running(EmbeddedPostgres.NAME).orElseThrow();
  }

  private static void execute(RegistryAddress address, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address.jdbcUrl());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static int number(RegistryAddress address, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(address.jdbcUrl());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
