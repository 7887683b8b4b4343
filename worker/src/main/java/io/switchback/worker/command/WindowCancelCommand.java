package io.switchback.worker.command;

import io.switchback.operation.WindowChange;
import io.switchback.operation.WindowTimer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code switchback window cancel}: nothing is done by itself any more. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = "Cancel a VM's window: its failover or failback waits for a person.",
    footerHeading = "%nExample:%n",
    footer = {
      "  switchback window cancel web-01 --reason 'we decide on Monday'",
      "",
      "Exit codes: 0 taken, 2 refused, nothing changed, 3 Temporal or workers are away."
    })
public final class WindowCancelCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();
  @Mixin final WindowOptions options = new WindowOptions();

  @Override
  public void run() {
    String told =
        options.send(
            homeOption.home(),
            connectionOptions,
            WindowTimer.CANCEL,
            new WindowChange(null, null, options.who(), options.reason));
    Objects.requireNonNull(spec).commandLine().getOut().println(told);
  }
}
