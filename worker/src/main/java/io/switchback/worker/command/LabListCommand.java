package io.switchback.worker.command;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabException;
import io.switchback.lab.PowerState;
import io.switchback.lab.SiteView;
import io.switchback.lab.VmView;
import io.switchback.port.Payloads;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.SiteAddress;
import io.switchback.worker.run.TextTable;
import io.switchback.worker.run.Words;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchback lab list}: the lab sites of a home, and what runs there. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "List the lab sites of this home and their VMs, as the sites themselves see them.",
      "",
      "The service address answers GET / with the last record that the guest wrote. Exit code 3 when a site"
          + " does not answer."
    },
    footerHeading = "%nExample:%n",
    footer = "  switchback lab list --json | jq '.[].vms[].name'")
public final class LabListCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();

  @Option(names = "--json", description = "Print one JSON array.")
  boolean json;

  @Override
  public Integer call() {
    Home home = homeOption.home();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    List<SiteView> sites = new ArrayList<>();
    List<String> away = new ArrayList<>();
    List<SiteAddress> known =
        home.services().read().sites().values().stream()
            .sorted(Comparator.comparing(SiteAddress::name))
            .toList();
    for (SiteAddress site : known) {
      try (LabClient client = LabClient.of(Path.of(site.directory()))) {
        sites.add(client.withAnswerLimit(Connections.SITE_LIMIT).site());
      } catch (LabException unreachable) {
        away.add(
            "Site '%s' does not answer at %s. Start it with `%s`."
                .formatted(
                    site.name(),
                    site.address(),
                    Homes.commands(home).command("lab start", site.name())));
      }
    }
    if (json) {
      out.println(Payloads.mapper().writeValueAsString(sites));
    } else if (known.isEmpty()) {
      out.println("No lab site was started from this home. `switchback lab --help` shows how.");
    } else {
      table(sites).lines().forEach(out::println);
    }
    out.flush();
    away.forEach(Objects.requireNonNull(spec).commandLine().getErr()::println);
    return (away.isEmpty() ? ExitCode.OK : ExitCode.UNREACHABLE).number();
  }

  private static TextTable table(List<SiteView> sites) {
    TextTable table =
        new TextTable(
            "SITE",
            "VM",
            "POWER",
            "GUEST",
            "SIZE",
            "DISKS",
            "NETWORKS",
            "SNAPSHOTS",
            "SERVICE",
            "");
    for (SiteView site : sites) {
      if (site.vms().isEmpty()) {
        table.row(site.site(), "-", "", "", "", "", "", "", "", "");
      }
      for (VmView vm : site.vms()) {
        URI service = vm.service();
        long capacity = vm.disks().stream().mapToLong(DiskDefinition::capacityBytes).sum();
        table.row(
            site.site(),
            vm.folder().isEmpty() ? vm.name() : vm.folder() + "/" + vm.name(),
            vm.power() == PowerState.ON ? "ON " + vm.host() : "OFF",
            vm.halted() != null ? vm.halted() : vm.toolsReady() ? "ready" : "-",
            "%d CPU, %s".formatted(vm.cpus(), Words.ofBytes(vm.memoryBytes())),
            "%d, %s on %s".formatted(vm.disks().size(), Words.ofBytes(capacity), vm.datastore()),
            networks(vm),
            Integer.toString(vm.snapshots().size()),
            service == null ? "-" : service.toString(),
            remarks(vm));
      }
    }
    return table;
  }

  private static String networks(VmView vm) {
    return vm.networks().isEmpty()
        ? "-"
        : vm.networks().stream()
            .map(card -> card.connected() ? card.network() : card.network() + " (unplugged)")
            .collect(Collectors.joining(", "));
  }

  private static String remarks(VmView vm) {
    List<String> remarks = new ArrayList<>();
    if (!vm.tags().isEmpty()) {
      remarks.add("tags " + String.join(", ", vm.tags()));
    }
    if (!vm.managedBy().isEmpty()) {
      remarks.add("managed by " + vm.managedBy());
    }
    return String.join("; ", remarks);
  }
}
