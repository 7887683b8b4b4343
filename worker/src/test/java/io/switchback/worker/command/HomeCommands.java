package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.LabClient;
import io.switchback.port.Payloads;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.OwnPorts;
import io.switchback.worker.local.Requires;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/** A home of its own, used by the commands that people use. */
class HomeCommands {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  final Home home;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  HomeCommands(Path directory) {
    Requires.temporal();
    home = OwnPorts.home(directory.resolve("home"));
  }

  /** Runs a command that must go well; answers what it printed. */
  final String done(String... arguments) {
    int exit = run(arguments);
    assertThat(exit).as("%s: %s%s", Arrays.toString(arguments), out, err).isZero();
    return out.toString();
  }

  /** Runs a command that must be refused; answers what it said. */
  final String refused(String... arguments) {
    int exit = run(arguments);
    assertThat(exit).as("%s: %s%s", Arrays.toString(arguments), out, err).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    return err.toString();
  }

  /** Runs a command; answers its exit code. */
  final int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--home", home.directory().toString()));
    return Switchback.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }

  /** What the last command printed. */
  final String out() {
    return out.toString();
  }

  /** What the last command complained about. */
  final String err() {
    return err.toString();
  }

  /** What {@code status --json} says of the VM. */
  final JsonNode status(String vm) {
    return Payloads.mapper()
        .readTree(done("status", "--json"))
        .get("vms")
        .valueStream()
        .filter(one -> one.get("vm").asString().equals(vm))
        .findFirst()
        .orElseThrow();
  }

  final String replicaId(String vm) {
    return status(vm).get("replicaId").asString();
  }

  /** Whether it is in that state and no operation holds it. */
  final boolean is(String vm, String state) {
    JsonNode now = status(vm);
    return now.get("state").asString().equals(state) && !now.hasNonNull("operation");
  }

  /** Asking takes a while itself, so nothing is waited for in between. */
  final void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not so within %s: %s", LIMIT, what).isLessThan(deadline);
    }
  }

  final LabClient site(String name) {
    return LabClient.of(directory(name));
  }

  final Path directory(String site) {
    return Path.of(home.services().read().sites().get(site).directory());
  }

  /** The first column of what the registry answers. */
  final List<String> column(String query) {
    try (Connection registry =
            DriverManager.getConnection(home.services().read().registry().jdbcUrl());
        Statement sql = registry.createStatement();
        ResultSet rows = sql.executeQuery(query)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException failed) {
      throw new AssertionError(query, failed);
    }
  }

  /** Changes one row of the registry, as if time had passed. */
  final void pass(String update) {
    try (Connection registry =
            DriverManager.getConnection(home.services().read().registry().jdbcUrl());
        Statement sql = registry.createStatement()) {
      assertThat(sql.executeUpdate(update)).isOne();
    } catch (SQLException failed) {
      throw new AssertionError(update, failed);
    }
  }
}
