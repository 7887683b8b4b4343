package io.switchback.worker.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code switchback window}: windows at whose end a failover or a failback ends by itself. */
@Command(
    name = "window",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "<command>",
    description = {
      "Put off or cancel a window, at whose end a failover or a failback is committed or undone by itself.",
      "",
      "A window is asked for with the operation: start partial-failover"
          + " '{\"vms\":[\"web-01\"],\"window\":{\"length\":\"PT4H\",\"atEnd\":\"undo\"}}'."
          + " `switchback status` shows those that are open."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback window extend web-01 2h",
      "  switchback window extend web-01 --until 2026-03-01T22:00:00Z",
      "  switchback window cancel web-01 --reason 'we decide on Monday'"
    },
    subcommands = {WindowExtendCommand.class, WindowCancelCommand.class})
public final class WindowCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "Say what to do: extend or cancel.");
  }
}
