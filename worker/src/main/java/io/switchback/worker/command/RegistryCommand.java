package io.switchback.worker.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code switchback registry}: looks after the registry itself. */
@Command(
    name = "registry",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "<command>",
    description = "Look after the registry itself.",
    footerHeading = "%nExamples:%n",
    footer = "  switchback registry recover --reason 'restored the backup of 02:00'",
    subcommands = RegistryRecoverCommand.class)
public final class RegistryCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  /** No command was given. */
  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "Say what to do: give a command.");
  }
}
