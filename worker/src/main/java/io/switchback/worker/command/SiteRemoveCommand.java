package io.switchback.worker.command;

import io.switchback.registry.Sites;
import io.switchback.worker.local.Refusal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback site remove}: forgets a site that nobody uses. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = {
      "Forget a site, its caps and its network maps. Nothing changes at the site itself.",
      "",
      "Refused while a VM is protected from it or to it."
    })
public final class SiteRemoveCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Parameters(paramLabel = "<site>", description = "The site to forget.")
  String name = "";

  @Override
  public void run() {
    try (Connections connections = connectionOptions.to(homeOption.home().services().read())) {
      if (!new Sites(connections.registry()).remove(name)) {
        throw Refusal.usage(
            "No site '%s' is known; `switchback site list` shows which are.".formatted(name));
      }
      Objects.requireNonNull(spec).commandLine().getOut().println(name + " removed");
    }
  }
}
