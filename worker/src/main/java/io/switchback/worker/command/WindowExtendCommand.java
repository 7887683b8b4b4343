package io.switchback.worker.command;

import io.switchback.operation.WindowChange;
import io.switchback.operation.WindowTimer;
import io.switchback.worker.local.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback window extend}: puts the end of a window off. */
@Command(
    name = "extend",
    mixinStandardHelpOptions = true,
    description = "Put the end of a VM's window off, for a time or until one.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback window extend web-01 2h",
      "  switchback window extend web-01 --until 2026-03-01T22:00:00Z --reason 'we still look'",
      "",
      "Exit codes: 0 taken, 2 refused, nothing changed, 3 Temporal or workers are away."
    })
public final class WindowExtendCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();
  @Mixin final WindowOptions options = new WindowOptions();

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "<time>",
      converter = DurationConverter.class,
      description = "How much later it ends, as in 2h; from now on where its end has passed.")
  @Nullable Duration time;

  @Option(names = "--until", paramLabel = "<time>", description = "When it ends instead.")
  @Nullable String until;

  @Override
  public void run() {
    if ((time == null) == (until == null)) {
      throw Refusal.usage("Say for how long, or --until when, one of the two.");
    }
    try {
      if (until != null) {
        var _ = Instant.parse(until);
      }
    } catch (DateTimeParseException unreadable) {
      throw Refusal.usage("'%s' is no time like 2026-03-01T22:00:00Z.".formatted(until));
    }
    String told =
        options.send(
            homeOption.home(),
            connectionOptions,
            WindowTimer.EXTEND,
            new WindowChange(
                time == null ? null : time.toString(), until, options.who(), options.reason));
    Objects.requireNonNull(spec).commandLine().getOut().println(told);
  }
}
