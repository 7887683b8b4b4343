package io.switchback.worker.command;

import io.switchback.lab.LabClient;
import io.switchback.lab.LabException;
import io.switchback.lab.LabFault;
import io.switchback.lab.VmView;
import io.switchback.worker.local.Refusal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab power}: power by hand, past every operation. */
@Command(
    name = "power",
    mixinStandardHelpOptions = true,
    description = {
      "Change the power of a lab VM by hand, as somebody with the hypervisor's own client does: no operation"
          + " knows of it.",
      "",
      "  on        boot it from its disks as they are",
      "  off       pull its plug: what the guest had not written is lost",
      "  shutdown  let the guest write what it has, and end"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab power web-01 shutdown   so that a failover finds no twin",
      "  switchback lab power web-01 on"
    })
public final class LabPowerCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();

  @Parameters(index = "0", paramLabel = "<vm>", description = "Name or id of the VM.")
  String vm = "";

  @Parameters(index = "1", paramLabel = "<power>", description = "${COMPLETION-CANDIDATES}")
  Power power = Power.on;

  @Option(
      names = "--site",
      paramLabel = "<site>",
      description = "Needed where several sites have a VM of that name.")
  @Nullable String site;

  /** Spelt as people type them. */
  enum Power {
    on,
    off,
    shutdown
  }

  @Override
  public void run() {
    try (Connections connections =
        new Connections(homeOption.home().services().read(), null, null, null)) {
      String where = site == null ? siteOf(connections) : site;
      try (LabClient client = connections.site(where)) {
        Objects.requireNonNull(spec).commandLine().getOut().println(change(client, where));
      }
    }
  }

  private String change(LabClient client, String where) {
    try {
      VmView now =
          switch (power) {
            case on -> client.powerOn(vm, null);
            case off -> client.powerOff(vm, null);
            case shutdown -> client.shutDown(vm, null);
          };
      return "%s at %s is %s.".formatted(now.name(), where, now.power());
    } catch (LabException already) {
      if (already.is(LabFault.ALREADY_POWERED_ON) || already.is(LabFault.ALREADY_POWERED_OFF)) {
        return "%s at %s is %s already.".formatted(vm, where, power == Power.on ? "ON" : "OFF");
      }
      throw already;
    }
  }

  private String siteOf(Connections connections) {
    List<String> having =
        connections.siteAddresses().keySet().stream()
            .sorted()
            .filter(
                each -> {
                  try (LabClient client = connections.site(each)) {
                    return client.site().vms().stream()
                        .anyMatch(there -> there.name().equals(vm) || there.id().equals(vm));
                  }
                })
            .toList();
    if (having.isEmpty()) {
      throw Refusal.usage(
          "No lab site of this home has a VM '%s'. `switchback lab list` shows them."
              .formatted(vm));
    }
    if (having.size() > 1) {
      throw Refusal.usage(
          "Several sites have a VM '%s': %s. Say which with --site."
              .formatted(vm, String.join(", ", having)));
    }
    return having.getFirst();
  }
}
