package io.switchback.worker.command;

import io.switchback.worker.local.Home;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --home}, the same on every command that touches what runs on this machine. */
public final class HomeOption {
  @Option(
      names = "--home",
      paramLabel = "<dir>",
      description =
          "Directory with the addresses, data and logs of what was started on this machine"
              + " (else $SWITCHBACK_HOME, else ~/.switchback).")
  private @Nullable Path directory;

  public Home home() {
    return Home.resolve(directory, System.getenv());
  }
}
