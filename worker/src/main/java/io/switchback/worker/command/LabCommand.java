package io.switchback.worker.command;

import io.switchback.lab.LabClient;
import io.switchback.lab.LabDaemon;
import io.switchback.lab.LabSettings;
import io.switchback.worker.local.LabSites;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.SiteAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab}: sites whose hypervisor is a small one of our own, with real disks. */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    description = {
      "Sites to try things on: a hypervisor in miniature whose disks, snapshots and guests are real.",
      "",
      "Each site is a process of its own. Killing it is a host crash; starting it again finds the disks"
          + " as they were flushed."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab start berlin      in the background, its disks in the home",
      "  switchback lab start potsdam",
      "  switchback lab create web-01 db-01 --site berlin",
      "  switchback site add berlin",
      "  switchback site add potsdam --recovers berlin --network lan=lan",
      "  switchback worker                in another terminal",
      "  switchback start protect '{\"vms\":[\"web-01\"],\"from\":\"berlin\",\"to\":\"potsdam\"}' --wait",
      "  switchback lab list              the sites of this home, and what runs there",
      "  switchback lab change web-01 --add-disk 128MiB",
      "  switchback lab resources         what the sites have room for",
      "  switchback lab stop berlin",
      "",
      "In the foreground, for a supervisor:",
      "  switchback lab serve --name berlin --dir /var/lib/lab/berlin --port 9441"
    },
    subcommands = {
      LabCommand.Serve.class,
      LabCommand.Start.class,
      LabCommand.Stop.class,
      LabListCommand.class,
      LabCreateCommand.class,
      LabChangeCommand.class,
      LabDeleteCommand.class,
      LabSnapshotsCommand.class,
      LabResourcesCommand.class,
      LabTokenCommand.class,
      LabPowerCommand.class,
      LabLookCommand.class,
      LabFaultCommand.class
    })
public final class LabCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "Say what to do with lab sites: start, stop, serve, list, create, change, delete, snapshots, power, look, resources, token or fault.");
  }

  private static PrintWriter out(@Nullable CommandSpec spec) {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  @Command(
      name = "serve",
      mixinStandardHelpOptions = true,
      description = "Be a lab site, in the foreground until Ctrl-C.")
  static final class Serve implements Runnable, Serves {
    private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

    @Spec @Nullable CommandSpec spec;

    @Option(
        names = "--name",
        required = true,
        paramLabel = "<site>",
        description = "Name of the site.")
    String name = "";

    @Option(
        names = "--dir",
        required = true,
        paramLabel = "<dir>",
        description =
            "Where the site keeps its disks. The file 'address' there says where it answers.")
    Path directory = Path.of("");

    @Option(
        names = "--port",
        defaultValue = "0",
        paramLabel = "<port>",
        description = "Port on loopback; 0, the default, takes a free one.")
    int port;

    @Mixin final LabResourceOptions resources = new LabResourceOptions();

    @Mixin final OnPowerOption onPowerOption = new OnPowerOption();

    @Override
    public void run() {
      LabDaemon daemon;
      try (LabClient client = LabClient.of(directory.toAbsolutePath())) {
        daemon =
            LabDaemon.start(
                new LabSettings(
                    name, directory.toAbsolutePath(), port, null, onPowerOption.command()));
        resources.applyTo(client);
      } catch (IOException failure) {
        throw Refusal.unreachable(
            "The lab site '%s' could not start: %s".formatted(name, failure.getMessage()), failure);
      } catch (IllegalArgumentException mistake) {
        throw Refusal.usage(String.valueOf(mistake.getMessage()));
      }
      out(spec).println(daemon.address());
      out(spec).flush();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(daemon)));
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private static void close(LabDaemon daemon) {
      try {
        daemon.close();
      } catch (IOException failure) {
        LOG.error("The lab site did not end in good order", failure);
      }
    }
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description = "Start a lab site in the background and print where it answers.")
  static final class Start implements Runnable {
    @Spec @Nullable CommandSpec spec;
    @Mixin final HomeOption homeOption = new HomeOption();

    @Parameters(paramLabel = "<site>", description = "Name of the site.")
    String name = "";

    @Mixin final LabResourceOptions resources = new LabResourceOptions();

    @Mixin final OnPowerOption onPowerOption = new OnPowerOption();

    @Override
    public void run() {
      SiteAddress site = new LabSites(homeOption.home()).start(name, onPowerOption.command());
      try (LabClient client = LabClient.of(Path.of(site.directory()))) {
        resources.applyTo(client);
      }
      out(spec).println(site.address());
    }
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stop a lab site in good order; its disks are kept.")
  static final class Stop implements Runnable {
    @Spec @Nullable CommandSpec spec;
    @Mixin final HomeOption homeOption = new HomeOption();

    @Parameters(paramLabel = "<site>", description = "Name of the site.")
    String name = "";

    @Override
    public void run() {
      boolean stopped = new LabSites(homeOption.home()).stop(name);
      out(spec)
          .println(
              stopped
                  ? "The lab site '%s' has been stopped.".formatted(name)
                  : "No lab site '%s' was running.".formatted(name));
    }
  }
}
