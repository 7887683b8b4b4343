package io.switchback.worker.command;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab delete}: a lab VM goes for good. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description = {
      "Delete lab VMs by hand, with their disks and snapshots. There is no way back.",
      "",
      "A VM that runs is not deleted; power it off first. A protected VM that is deleted is reported by the next"
          + " cycle, and its replica stays."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  switchback lab power web-01 off",
      "  switchback lab delete web-01",
    })
public final class LabDeleteCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final LabVmOption vmOption = new LabVmOption();

  @Parameters(arity = "1..*", paramLabel = "<vm>", description = "Names or ids of the VMs.")
  List<String> vms = List.of();

  @Override
  public void run() {
    for (String vm : vms) {
      String line =
          vmOption.at(
              homeOption.home(),
              vm,
              (client, where) -> {
                client.deleteVm(vm, null);
                return "%s at %s is gone.".formatted(vm, where);
              });
      Objects.requireNonNull(spec).commandLine().getOut().println(line);
    }
  }
}
