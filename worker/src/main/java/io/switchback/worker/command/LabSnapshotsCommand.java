package io.switchback.worker.command;

import io.switchback.lab.LabClient;
import io.switchback.lab.SnapshotView;
import io.switchback.worker.run.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab snapshots}: a VM's snapshots, and what a person does to them. */
@Command(
    name = "snapshots",
    mixinStandardHelpOptions = true,
    description = {
      "List the snapshots of a lab VM; those of a replica are its restore points.",
      "",
      "With an option, change them by hand, as somebody with the hypervisor's own client does: no operation knows"
          + " of it. A restore point that is removed here is found missing by the next cycle."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab snapshots web-01_replica",
      "  switchback lab snapshots web-01_replica --remove switchback-web-01.1-4",
      "  switchback lab snapshots web-01 --create before-the-upgrade"
    })
public final class LabSnapshotsCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final LabVmOption vmOption = new LabVmOption();

  @Parameters(paramLabel = "<vm>", description = "Name or id of the VM.")
  String vm = "";

  @Option(
      names = "--remove",
      paramLabel = "<snapshot>",
      description =
          "Remove this one, by name or id; may be repeated. Its bytes live on in later ones.")
  List<String> removed = List.of();

  @Option(
      names = "--create",
      paramLabel = "<name>",
      description = "Take one, between two records of the guest if it can be asked.")
  @Nullable String created;

  @Option(
      names = "--revert",
      paramLabel = "<snapshot>",
      description = "Go back to this one: the present state is lost, and the VM is off.")
  @Nullable String reverted;

  @Override
  public void run() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    List<String> lines = vmOption.at(homeOption.home(), vm, this::change);
    lines.forEach(out::println);
  }

  private List<String> change(LabClient client, String where) {
    List<String> lines = new ArrayList<>();
    if (created != null) {
      SnapshotView made = client.createSnapshot(vm, created, true, null);
      lines.add(
          "%s taken of %s at %s%s."
              .formatted(made.name(), vm, where, made.quiesced() ? ", quiesced" : ""));
    }
    if (reverted != null) {
      var _ = client.revert(vm, reverted, null);
      lines.add("%s at %s stands on %s again, powered off.".formatted(vm, where, reverted));
    }
    for (String one : removed) {
      client.removeSnapshot(vm, one, null);
      lines.add("%s of %s at %s is removed.".formatted(one, vm, where));
    }
    return lines.isEmpty() ? table(client.snapshots(vm), where) : lines;
  }

  private List<String> table(List<SnapshotView> snapshots, String where) {
    TextTable table = new TextTable("SNAPSHOT", "TAKEN", "", "ID");
    for (SnapshotView one : snapshots) {
      List<String> facts = new ArrayList<>();
      if (one.quiesced()) {
        facts.add("quiesced");
      }
      if (one.isCurrent()) {
        facts.add("the VM stands on it");
      }
      table.row(one.name(), one.takenAt().toString(), String.join(", ", facts), one.id());
    }
    return table.isEmpty()
        ? List.of("%s at %s has no snapshots.".formatted(vm, where))
        : table.lines();
  }
}
