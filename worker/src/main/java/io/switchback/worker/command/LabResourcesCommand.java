package io.switchback.worker.command;

import io.switchback.lab.LabClient;
import io.switchback.lab.ResourcesView;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.TextTable;
import io.switchback.worker.run.Words;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab resources}: what a lab site has room for. */
@Command(
    name = "resources",
    mixinStandardHelpOptions = true,
    description = {
      "Show the hosts and datastores of lab sites and what is left of them.",
      "",
      "With --host or --datastore, give a site others, to see what an operation makes of a site without room. A"
          + " VM that no host has room for is not started; on a full datastore guests halt and copies are refused."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab resources",
      "  switchback lab resources potsdam --host host-1=4:8GiB",
      "  switchback lab resources potsdam --datastore datastore-1=200MiB"
    })
public final class LabResourcesCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final LabResourceOptions options = new LabResourceOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "<site>",
      description = "The lab site; else all of this home.")
  @Nullable String site;

  @Override
  public void run() {
    Home home = homeOption.home();
    if (options.areGiven() && site == null) {
      throw Refusal.usage("Name the site whose hosts or datastores change.");
    }
    TextTable hosts = new TextTable("SITE", "HOST", "CPUS", "FREE", "MEMORY", "FREE");
    TextTable datastores = new TextTable("SITE", "DATASTORE", "CAPACITY", "USED", "FREE");
    try (Connections connections = new Connections(home.services().read(), null, null, null)) {
      List<String> sites =
          site == null
              ? connections.siteAddresses().keySet().stream().sorted().toList()
              : List.of(site);
      for (String each : sites) {
        try (LabClient client = connections.site(each)) {
          options.applyTo(client);
          add(each, client.resources(), hosts, datastores);
        }
      }
    }
    var out = Objects.requireNonNull(spec).commandLine().getOut();
    if (hosts.isEmpty()) {
      out.println("No lab site was started from this home. `switchback lab --help` shows how.");
      return;
    }
    hosts.lines().forEach(out::println);
    out.println();
    datastores.lines().forEach(out::println);
  }

  private static void add(
      String site, ResourcesView resources, TextTable hosts, TextTable datastores) {
    for (ResourcesView.Host host : resources.hosts()) {
      hosts.row(
          site,
          host.name(),
          Integer.toString(host.cpus()),
          Integer.toString(host.freeCpus()),
          Words.ofBytes(host.memoryBytes()),
          Words.ofBytes(host.freeMemoryBytes()));
    }
    for (ResourcesView.Datastore store : resources.datastores()) {
      datastores.row(
          site,
          store.name(),
          Words.ofBytes(store.capacityBytes()),
          Words.ofBytes(store.usedBytes()),
          Words.ofBytes(store.freeBytes()));
    }
  }
}
