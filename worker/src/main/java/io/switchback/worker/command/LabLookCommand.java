package io.switchback.worker.command;

import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.PowerState;
import io.switchback.lab.VmView;
import io.switchback.worker.local.ExitCode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab look}: one VM as its site sees it. */
@Command(
    name = "look",
    mixinStandardHelpOptions = true,
    description = {
      "See one lab VM: its power, its networks, and where its guest serves.",
      "",
      "Exit code 1 when --wait ends before the guest is ready."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab look web-01_replica",
      "  switchback lab look web-01_replica --wait 2m --dir /var/lib/lab/potsdam"
    })
public final class LabLookCommand implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final LabVmOption vmOption = new LabVmOption();

  @Parameters(paramLabel = "<vm>", description = "Name or id of the VM.")
  String vm = "";

  @Option(
      names = "--wait",
      paramLabel = "<time>",
      converter = DurationConverter.class,
      description = "Wait at most so long until its guest is ready.")
  @Nullable Duration limit;

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    return vmOption.at(homeOption.home(), vm, (client, where) -> look(client, where, out));
  }

  private int look(LabClient client, String where, PrintWriter out) {
    long end = System.nanoTime() + (limit == null ? 0 : limit.toNanos());
    VmView seen = client.look(vm);
    while (limit != null && !seen.toolsReady() && System.nanoTime() < end) {
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      seen = client.look(vm);
    }
    out.printf("%s at %s is %s.%n", seen.name(), where, seen.power());
    for (NetworkCard card : seen.networks()) {
      out.printf(
          "  network %s, %s, %s%n",
          card.network(),
          card.address() == null ? "no known address" : card.address(),
          card.connected() ? "plugged in" : "unplugged");
    }
    if (seen.power() == PowerState.ON) {
      out.println(
          seen.service() == null
              ? "  its guest is not ready"
              : "  its guest serves at " + seen.service());
    }
    return limit == null || seen.toolsReady() ? ExitCode.OK.number() : ExitCode.FAILED.number();
  }
}
