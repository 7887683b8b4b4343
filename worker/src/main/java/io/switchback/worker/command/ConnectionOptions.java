package io.switchback.worker.command;

import io.switchback.worker.local.Services;
import io.switchback.worker.site.Credentials;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which services to use, where they are not the ones that the home knows. */
final class ConnectionOptions {
  @Option(
      names = "--temporal",
      paramLabel = "<host:port>",
      description = "The Temporal to use; else the one that was started from the home.")
  private @Nullable String temporal;

  @Option(
      names = "--temporal-ui",
      paramLabel = "<url>",
      description = "Where the UI of that Temporal is, for the links that are printed.")
  private @Nullable String ui;

  @Option(
      names = "--registry",
      paramLabel = "<jdbc-url>",
      description =
          "The registry's PostgreSQL, or where its URL is found: file:/path, env:NAME, 'command:program"
              + " argument'; what stands here itself is seen by every user of the machine. Else the one"
              + " that was started from the home.")
  private @Nullable String registry;

  /** Whether no registry was given. */
  boolean leavesRegistryToHome() {
    return registry == null;
  }

  Connections to(Services services) {
    return new Connections(
        services,
        temporal,
        ui,
        registry == null ? null : Credentials.ofThisMachine().ofOption("--registry", registry));
  }
}
