package io.switchback.worker.command;

import io.switchback.worker.local.Estate;
import io.switchback.worker.local.Home;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code switchback stop}: ends what was started from a home. */
@Command(
    name = "stop",
    mixinStandardHelpOptions = true,
    description = {
      "Stop everything that was started from this home: workers, lab sites, Temporal, PostgreSQL.",
      "",
      "What they keep in the home directory stays, and the next start goes on with it."
    })
public final class StopCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();

  @Override
  public void run() {
    Home home = homeOption.home();
    List<String> stopped = new Estate(home).stop();
    Objects.requireNonNull(spec)
        .commandLine()
        .getOut()
        .println(
            stopped.isEmpty()
                ? "Nothing that was started from %s is running.".formatted(home.directory())
                : "Stopped: " + String.join(", ", stopped) + ".");
  }
}
