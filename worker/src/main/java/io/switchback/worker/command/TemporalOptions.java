package io.switchback.worker.command;

import io.switchback.worker.local.TemporalChoice;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which Temporal to use, the same on every command that starts or needs one. */
public final class TemporalOptions {
  @Option(
      names = "--temporal",
      paramLabel = "<host:port>",
      description =
          "Use the Temporal at this address. Without it a dev server is started, where one can be had.")
  private @Nullable String address;

  @Option(
      names = "--temporal-ui",
      paramLabel = "<url>",
      description = "Where the UI of that Temporal is, for the links that are printed.")
  private @Nullable String ui;

  @Option(
      names = "--in-process",
      description =
          "Use a small Temporal inside this process: nothing to install, but no UI, no schedules, and"
              + " nothing is kept.")
  private boolean inProcess;

  public TemporalChoice choice() {
    return TemporalChoice.of(address, ui, inProcess);
  }
}
