package io.switchback.worker.command;

import io.switchback.lab.LabClient;
import io.switchback.lab.LabException;
import io.switchback.lab.LabFault;
import io.switchback.lab.VmView;
import io.switchback.worker.local.Refusal;
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
      "  switchback lab power web-01 shutdown            so that a failover finds no twin",
      "  switchback lab power web-01 on",
      "  switchback lab power web-01_replica on --force  drift: a replica that somebody starts"
    })
public final class LabPowerCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final LabVmOption vmOption = new LabVmOption();

  @Parameters(index = "0", paramLabel = "<vm>", description = "Name or id of the VM.")
  String vm = "";

  @Parameters(index = "1", paramLabel = "<power>", description = "${COMPLETION-CANDIDATES}")
  Power power = Power.on;

  @Option(
      names = "--force",
      description = "Power on also a VM that somebody looks after, such as a replica.")
  boolean force;

  /** Spelt as people type them. */
  enum Power {
    on,
    off,
    shutdown
  }

  @Override
  public void run() {
    Objects.requireNonNull(spec)
        .commandLine()
        .getOut()
        .println(vmOption.at(homeOption.home(), vm, this::change));
  }

  private String change(LabClient client, String where) {
    try {
      VmView now =
          switch (power) {
            case on -> force ? client.forcePowerOn(vm) : client.powerOn(vm, null);
            case off -> client.powerOff(vm, null);
            case shutdown -> client.shutDown(vm, null);
          };
      return "%s at %s is %s.".formatted(now.name(), where, now.power());
    } catch (LabException refused) {
      if (refused.is(LabFault.ALREADY_POWERED_ON) || refused.is(LabFault.ALREADY_POWERED_OFF)) {
        return "%s at %s is %s already.".formatted(vm, where, power == Power.on ? "ON" : "OFF");
      }
      if (refused.is(LabFault.MANAGED)) {
        throw Refusal.usage(refused.getMessage() + " By hand: --force.");
      }
      throw refused;
    }
  }
}
