package io.switchback.worker.command;

import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Refusal;
import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The program's entry. Every mistake of its user is answered with a sentence and an exit code. */
@Command(
    name = "switchback",
    mixinStandardHelpOptions = true,
    versionProvider = Switchback.Version.class,
    synopsisSubcommandLabel = "<command>",
    description =
        "Disaster-recovery runbooks for VMware estates, executed as durable Temporal workflows.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback demo                 a real failover with real bytes, in about a minute",
      "  switchback temporal start       a Temporal with its UI, until Ctrl-C",
      "  switchback lab start berlin     a site to try things on, in the background",
      "  switchback status               the estate, and what waits for you",
      "  switchback start partial-failover '{\"vms\":[\"web-01\"]}' --wait",
      "  switchback stop                 everything that was started from this home",
      "",
      "Exit codes:",
      "  0   done, and it ended well",
      "  1   the operation did not end well, or a verification failed",
      "  2   wrong usage or input; nothing was changed",
      "  3   a service is not reachable or could not be started",
      "  4   site check: production alone is in the way",
      "  70  a mistake in Switchback itself; the log has the details",
      "",
      "switchback <command> --help explains a command."
    },
    subcommands = {
      DemoCommand.class,
      StatusCommand.class,
      StartCommand.class,
      AnswerCommand.class,
      WindowCommand.class,
      WorkerCommand.class,
      SiteCommand.class,
      RegistryCommand.class,
      CaCommand.class,
      GatewayCommand.class,
      GroupCommand.class,
      LabCommand.class,
      TemporalCommand.class,
      StopCommand.class
    })
public final class Switchback implements Runnable {
  @Spec @Nullable CommandSpec spec;

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Logging is set up here; Spring would set it up again in its own way.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
    int exitCode = commandLine().execute(arguments);
    System.exit(exitCode);
  }

  /** The whole command line, ready to execute. */
  public static CommandLine commandLine() {
    return new CommandLine(new Switchback())
        .setExecutionStrategy(Switchback::execute)
        .setParameterExceptionHandler(Switchback::explainUsage)
        .setExecutionExceptionHandler(Switchback::explainFailure)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }

  /** No command was given. */
  @Override
  public void run() {
    throw new ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "Say what to do: give a command.");
  }

  private static int execute(ParseResult result) {
    ParseResult last = result;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    CommandSpec command = last.commandSpec();
    if (command.userObject() instanceof Serves) {
      Logging.toStandardOutput();
    } else if (command.mixins().containsKey("homeOption") && !last.isUsageHelpRequested()) {
      Home home = ((HomeOption) command.mixins().get("homeOption").userObject()).home();
      Logging.toFile(home.prepare().log("switchback"));
    }
    return new CommandLine.RunLast().execute(result);
  }

  private static int explainUsage(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(mistake.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(mistake, err);
    err.printf("Try `%s --help`.%n", command.getCommandSpec().qualifiedName());
    return ExitCode.USAGE.number();
  }

  private static int explainFailure(
      Exception failure, CommandLine command, @Nullable ParseResult result) {
    PrintWriter err = command.getErr();
    Optional<Refusal> refusal = KnownFailures.refusal(failure);
    if (refusal.isPresent()) {
      err.println(refusal.get().getMessage());
      return refusal.get().exitCode().number();
    }
    LoggerFactory.getLogger(Switchback.class).error("Unexpected failure", failure);
    err.printf(
        "This is a mistake in Switchback, not yours: %s. The details are in logs/switchback.log of"
            + " the home directory.%n",
        failure);
    return ExitCode.INTERNAL.number();
  }

  /** Prints the version that the build wrote into the jar. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Switchback.class.getPackage().getImplementationVersion();
      return new String[] {"switchback " + (version == null ? "from source" : version)};
    }
  }
}
