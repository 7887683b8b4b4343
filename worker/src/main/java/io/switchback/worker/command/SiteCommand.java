package io.switchback.worker.command;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code switchback site}: what there is to protect, and where to. */
@Command(
    name = "site",
    mixinStandardHelpOptions = true,
    description = {
      "Say which sites there are, how they are reached, where replicas stand there and what networks are called;"
          + " and find out whether all of it is so.",
      "",
      "A credential is only ever referred to: file:/path, env:NAME or 'command:program argument'. Each worker looks it"
          + " up on its own machine, at each use."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback site add --file sites.yaml",
      "  switchback site add berlin --address http://127.0.0.1:7301 --credential file:/etc/switchback/berlin.token",
      "  switchback site add potsdam --recovers berlin --network lan=lan-dr:bubble",
      "  switchback site list",
      "  switchback site check              everything that stands in the way, with what to do",
      "  switchback site accept berlin      its vCenter was replaced",
      "  switchback site remove berlin"
    },
    subcommands = {
      SiteAddCommand.class,
      SiteListCommand.class,
      SiteCheckCommand.class,
      SiteAcceptCommand.class,
      SiteRemoveCommand.class
    })
public final class SiteCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "Say what to do with sites: add, list, check, accept or remove.");
  }
}
