package io.switchback.worker.command;

import io.switchback.lab.FaultScript;
import io.switchback.lab.LabClient;
import io.switchback.worker.local.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab fault}: lets a lab site fail, to see what an operation makes of it. */
@Command(
    name = "fault",
    mixinStandardHelpOptions = true,
    description = {
      "Let the next calls to a lab site fail or take long, to see what an operation makes of it.",
      "",
      "Calls are powerOn, powerOff, createSnapshot, revert, removeSnapshot, look, changedAreas, flush and the"
          + " like. A site that is started again has no such faults."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab fault potsdam powerOn --fails-with NO_HOST_CAPACITY",
      "  switchback lab fault potsdam revert --delay 20s",
      "  switchback lab fault potsdam --clear"
    })
public final class LabFaultCommand implements Runnable {
  private static final List<String> CALLS =
      List.of(
          "powerOn",
          "powerOff",
          "shutDown",
          "createSnapshot",
          "snapshotGroup",
          "removeSnapshot",
          "revert",
          "look",
          "site",
          "resources",
          "createVm",
          "copyVm",
          "copySlice",
          "makeDrillNetworks",
          "removeDrillNetworks",
          "deleteVm",
          "reconfigureVm",
          "addDisk",
          "growDisk",
          "removeDisk",
          "changedAreas",
          "flush",
          "fence");

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();

  @Parameters(index = "0", paramLabel = "<site>", description = "The lab site.")
  String site = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "<call>", description = "What fails.")
  @Nullable String call;

  @Option(names = "--vm", paramLabel = "<name>", description = "Only calls for this VM.")
  @Nullable String vm;

  @Option(
      names = "--fails-with",
      paramLabel = "<fault>",
      description = "The fault that is answered, such as NO_HOST_CAPACITY or DATASTORE_FULL.")
  @Nullable String fault;

  @Option(
      names = "--delay",
      paramLabel = "<time>",
      converter = DurationConverter.class,
      description = "How long the call waits before it acts.")
  @Nullable Duration delay;

  @Option(
      names = "--times",
      paramLabel = "<n>",
      defaultValue = "1",
      description = "How many calls: ${DEFAULT-VALUE}.")
  int times;

  @Option(names = "--clear", description = "Forget every fault of the site.")
  boolean clear;

  @Override
  public void run() {
    try (Connections connections =
            new Connections(homeOption.home().services().read(), null, null, null);
        LabClient client = connections.site(site)) {
      if (clear) {
        client.clearScripts();
        tell("Site '%s' has no scripted faults now.".formatted(site));
        return;
      }
      var _ = client.script(script());
      tell(
          "The next %s%s at '%s' %s."
              .formatted(
                  times == 1 ? "call " + call : times + " calls " + call,
                  vm == null ? "" : " for " + vm,
                  site,
                  fault == null ? "will wait" : "will answer " + fault));
    }
  }

  private FaultScript script() {
    if (call == null || !CALLS.contains(call)) {
      throw Refusal.usage(
          "Name the call that fails: %s. Or --clear.".formatted(String.join(", ", CALLS)));
    }
    if (fault == null && delay == null) {
      throw Refusal.usage("Say what happens: --fails-with <fault> or --delay <time>.");
    }
    if (times < 1) {
      throw Refusal.usage("--times must be at least 1.");
    }
    return new FaultScript(call, vm, times, fault, delay, false, false);
  }

  private void tell(String line) {
    Objects.requireNonNull(spec).commandLine().getOut().println(line);
  }
}
