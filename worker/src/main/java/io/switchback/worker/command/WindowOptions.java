package io.switchback.worker.command;

import io.switchback.operation.WindowChange;
import io.switchback.operation.WindowTimer;
import io.switchback.registry.Estate;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.Answering;
import io.switchback.worker.run.NearestWord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whose window is meant, and who wants something of it. */
final class WindowOptions {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Parameters(index = "0", paramLabel = "<vm>", description = "The VM whose window is meant.")
  String vm = "";

  @Option(names = "--by", paramLabel = "<name>", description = "Who asks; else your login.")
  @Nullable String by;

  @Option(names = "--reason", paramLabel = "<text>", description = "Why, for the audit.")
  @Nullable String reason;

  String who() {
    return by == null || by.isBlank() ? System.getProperty("user.name", "not named") : by;
  }

  /** Sends it to the timer of the VM's window. */
  String send(Home home, ConnectionOptions options, String update, WindowChange change) {
    try (Connections connections = options.to(home.services().read())) {
      List<ReplicaView> replicas = new Estate(connections.registry()).read(0).replicas();
      String workflowId = WindowTimer.workflowId(open(replicas).replica().id());
      return new Answering(connections.temporal().client(), LIMIT).send(workflowId, update, change);
    }
  }

  private ReplicaView open(List<ReplicaView> replicas) {
    List<ReplicaView> meant =
        replicas.stream().filter(one -> one.replica().name().equals(vm)).toList();
    if (meant.isEmpty()) {
      throw Refusal.usage(
          "No VM '%s' is protected.%s"
              .formatted(
                  vm,
                  NearestWord.to(vm, replicas.stream().map(one -> one.replica().name()).toList())
                      .map(near -> " Did you mean '" + near + "'?")
                      .orElse("")));
    }
    List<ReplicaView> open = meant.stream().filter(one -> one.window() != null).toList();
    if (open.size() != 1) {
      throw Refusal.usage(
          open.isEmpty()
              ? "'%s' has no window that is open.".formatted(vm)
              : "%d VMs are called '%s' and have a window. Send the update to the run of the one, window/<replica id>."
                  .formatted(open.size(), vm));
    }
    return open.getFirst();
  }
}
