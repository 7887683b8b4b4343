package io.switchback.worker.command;

import io.switchback.port.Payloads;
import io.switchback.registry.Estate;
import io.switchback.registry.EstateView;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.RegistryLogin;
import io.switchback.worker.run.NearestWord;
import io.switchback.worker.run.TemporalConnection;
import io.switchback.worker.status.EstateStatus;
import io.switchback.worker.status.EstateStatus.ServiceStatus;
import io.switchback.worker.status.StatusLines;
import io.switchback.worker.status.StatusReader;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback status}: the estate at a glance. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = {
      "Show every protected VM: its state, the operation that holds it, its replication, its newest restore"
          + " point and how old that is (the RPO now); then what waits for you, with the commands that answer it;"
          + " then runs, sites, workers and services.",
      "",
      "With the registry or Temporal away it shows the other half, names what is missing and exits with 3."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback status",
      "  switchback status web-01 db-01 --watch",
      "  switchback status --json | jq '.vms[] | select(.rpoSeconds > 900) | .vm'"
    })
public final class StatusCommand implements Callable<Integer> {
  private static final String CLEAR_SCREEN = "\u001b[H\u001b[2J";

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "<vm>",
      description = "Only these VMs; else all of them.")
  List<String> vms = List.of();

  @Option(names = "--json", description = "Print one JSON object.")
  boolean json;

  @Option(names = "--watch", description = "Show it again and again, until Ctrl-C.")
  boolean watch;

  @Option(
      names = "--every",
      paramLabel = "<time>",
      defaultValue = "2s",
      converter = DurationConverter.class,
      description = "How often with --watch: ${DEFAULT-VALUE}.")
  Duration every = Duration.ofSeconds(2);

  @Override
  public Integer call() {
    Home home = homeOption.home();
    if (!watch) {
      return show(home, "").number();
    }
    if (every.toMillis() < 1000) {
      throw Refusal.usage("--every must be at least 1s: Temporal's lists are not made for more.");
    }
    boolean terminal =
        Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    String before = terminal ? CLEAR_SCREEN : "";
    while (true) {
      ExitCode shown = show(home, before);
      try {
        TimeUnit.MILLISECONDS.sleep(every.toMillis());
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
        return shown.number();
      }
    }
  }

  private ExitCode show(Home home, String before) {
    try (Connections connections = connectionOptions.to(home.services().read())) {
      EstateStatus status = only(reader(home, connections).read());
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      out.print(before);
      if (json) {
        out.println(Payloads.mapper().writeValueAsString(status));
      } else {
        StatusLines.of(status).forEach(out::println);
      }
      out.flush();
      status.missing().forEach(err::println);
      err.flush();
      return status.missing().isEmpty() ? ExitCode.OK : ExitCode.UNREACHABLE;
    }
  }

  private static StatusReader reader(Home home, Connections connections) {
    return new StatusReader(
        new StatusReader.Source<EstateView>(
            connections
                .registryAddress()
                .map(
                    known ->
                        service(
                            known.kind().name(),
                            RegistryLogin.of(known.jdbcUrl()).shownUrl(),
                            null))
                .orElseGet(() -> service("", "", null)),
            () -> new Estate(connections.registry()).read(0)),
        new StatusReader.Source<TemporalConnection>(
            connections
                .temporalAddress()
                .map(known -> service(known.kind().word(), known.address(), known.ui()))
                .orElseGet(() -> service("", "", null)),
            connections::temporal),
        connections.siteAddresses(),
        Homes.commands(home),
        InstantSource.system());
  }

  private static ServiceStatus service(String kind, String address, @Nullable String ui) {
    return new ServiceStatus(kind.toLowerCase(Locale.ROOT), address, ui, "");
  }

  /** Keeps the VMs that were asked for, and their runs. */
  private EstateStatus only(EstateStatus all) {
    if (vms.isEmpty() || !all.registry().serves()) {
      return all;
    }
    List<String> known = all.vms().stream().map(EstateStatus.VmStatus::vm).toList();
    for (String vm : vms) {
      if (!known.contains(vm)) {
        throw Refusal.usage(
            "No VM '%s' is protected%s"
                .formatted(
                    vm,
                    NearestWord.to(vm, known)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse(known.isEmpty() ? "; no VM is yet." : ".")));
      }
    }
    return all.only(vms);
  }
}
