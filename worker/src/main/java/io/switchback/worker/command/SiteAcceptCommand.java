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
    name = "accept",
    mixinStandardHelpOptions = true,
    description = {
      "Take the vCenter that answers for a site next for the site's own.",
      "",
      "A site is known by the first vCenter that answered for it, and operations refuse another one: VMs are known by ids"
          + " that only their own can resolve. Say this when a vCenter was replaced, and its VMs kept their ids."
    })
public final class SiteAcceptCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Parameters(paramLabel = "<site>", description = "The site whose vCenter was replaced.")
  String name = "";

  @Override
  public void run() {
    try (Connections connections = connectionOptions.to(homeOption.home().services().read())) {
      if (!new Sites(connections.registry()).acceptPlatform(name)) {
        throw Refusal.usage(
            "No site '%s' is known; `switchback site list` shows which are.".formatted(name));
      }
      Objects.requireNonNull(spec)
          .commandLine()
          .getOut()
          .println(name + " takes the vCenter that answers next");
    }
  }
}
