package io.switchback.worker.command;

import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.RunningTemporal;
import io.switchback.worker.local.StartedProcess;
import io.switchback.worker.local.TemporalBinary;
import io.switchback.worker.local.TemporalBinary.Answer;
import io.switchback.worker.local.TemporalDevServer;
import io.switchback.worker.local.TemporalService;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code switchback temporal}: the Temporal of this machine. */
@Command(
    name = "temporal",
    mixinStandardHelpOptions = true,
    description = "Install, start, stop and look at the Temporal of this machine.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback temporal install            once; the first build takes minutes",
      "  switchback temporal start              in the foreground, until Ctrl-C",
      "  switchback temporal start --detach     goes on when this command ends",
      "  switchback temporal status             address, UI, whether it serves",
      "  switchback temporal stop"
    },
    subcommands = {
      TemporalCommand.Install.class,
      TemporalCommand.Start.class,
      TemporalCommand.Status.class,
      TemporalCommand.Stop.class
    })
public final class TemporalCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "Say what to do with Temporal: install, start, status or stop.");
  }

  private static PrintWriter out(@Nullable CommandSpec spec) {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  private static TemporalService service(Home home, @Nullable CommandSpec spec) {
    return new TemporalService(
        home, System.getenv(), Objects.requireNonNull(spec).commandLine().getErr()::println);
  }

  @Command(
      name = "install",
      mixinStandardHelpOptions = true,
      description = {
        "Make sure that the Temporal CLI is on this machine, and print where.",
        "",
        "Takes the one in the cache or on the PATH; else downloads the official release and checks its"
            + " checksum; else builds the pinned version with Go, which takes minutes the first time."
      })
  static final class Install implements Runnable {
    @Spec @Nullable CommandSpec spec;

    @Override
    public void run() {
      TemporalBinary binary =
          new TemporalBinary(
              System.getenv(), Objects.requireNonNull(spec).commandLine().getErr()::println);
      switch (binary.obtain()) {
        case Answer.Found found -> out(spec).println(found.binary());
        case Answer.Missing missing ->
            throw Refusal.unreachable(
                "Could not install the Temporal CLI %s: %s. Install Go 1.26 or newer, or put `temporal` on the PATH."
                    .formatted(TemporalBinary.version(), String.join("; ", missing.reasons())));
      }
    }
  }

  @Command(
      name = "start",
      mixinStandardHelpOptions = true,
      description =
          "Start a Temporal whose runs are kept in the home directory, with its UI; until Ctrl-C.")
  static final class Start implements Runnable {
    @Spec @Nullable CommandSpec spec;
    @Mixin final HomeOption homeOption = new HomeOption();

    @Option(names = "--detach", description = "Leave it running when this command ends.")
    boolean detach;

    @Mixin final TemporalOptions temporalOptions = new TemporalOptions();

    @Override
    public void run() {
      Home home = homeOption.home();
      TemporalService service = service(home, spec);
      boolean already = service.devServer().isPresent();
      RunningTemporal temporal = service.start(temporalOptions.choice());
      out(spec).println(temporal.address().address());
      out(spec).flush();
      switch (temporal.address().kind()) {
        case ADDRESS -> {}
        case DEV_SERVER -> {
          if (!already && !detach) {
            Runtime.getRuntime().addShutdownHook(new Thread(service::stop));
            awaitEnd(home);
          }
        }
        case IN_PROCESS -> awaitStop();
      }
    }

    private static void awaitStop() {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    private static void awaitEnd(Home home) {
      home.services()
          .read()
          .running(TemporalDevServer.NAME)
          .map(StartedProcess::pid)
          .flatMap(ProcessHandle::of)
          .ifPresent(process -> process.onExit().join());
      throw new Refusal(
          ExitCode.UNREACHABLE,
          "Temporal has ended. Its log is %s.".formatted(home.log(TemporalDevServer.NAME)));
    }
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "Say where Temporal is, and whether it serves. Exit code 3 if it does not.")
  static final class Status implements Runnable {
    @Spec @Nullable CommandSpec spec;
    @Mixin final HomeOption homeOption = new HomeOption();

    @Override
    public void run() {
      TemporalService service = service(homeOption.home(), spec);
      service.describe().forEach(out(spec)::println);
      if (service.serving().isEmpty()) {
        throw Refusal.unreachable(
            "Temporal does not serve. `switchback temporal start` starts one.");
      }
    }
  }

  @Command(
      name = "stop",
      mixinStandardHelpOptions = true,
      description = "Stop the Temporal that was started from this home; its runs are kept.")
  static final class Stop implements Runnable {
    @Spec @Nullable CommandSpec spec;
    @Mixin final HomeOption homeOption = new HomeOption();

    @Override
    public void run() {
      boolean stopped = service(homeOption.home(), spec).stop();
      out(spec).println(stopped ? "Temporal has been stopped." : "No Temporal was running.");
    }
  }
}
