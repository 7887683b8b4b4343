package io.switchback.worker.command;

import io.switchback.lab.LabClient;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Refusal;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * {@code --site} and {@code --dir} of the commands that are about one lab VM, and how that VM is
 * found.
 */
public final class LabVmOption {
  @Option(
      names = "--site",
      paramLabel = "<site>",
      description = "Needed where several sites have a VM of that name.")
  private @Nullable String site;

  @Option(
      names = "--dir",
      paramLabel = "<dir>",
      description = "The site's directory: for when there is no home that knows the site.")
  private @Nullable Path directory;

  /** Acts at the site that has the VM; the site's name comes with its client. */
  <T> T at(Home home, String vm, BiFunction<LabClient, String, T> act) {
    if (directory != null) {
      try (LabClient client = LabClient.of(directory).withAnswerLimit(Connections.SITE_LIMIT)) {
        return act.apply(client, client.site().site());
      }
    }
    try (Connections connections = new Connections(home.services().read(), null, null, null)) {
      String where = site == null ? siteOf(connections, vm) : site;
      try (LabClient client = connections.site(where)) {
        return act.apply(client, where);
      }
    }
  }

  private static String siteOf(Connections connections, String vm) {
    List<String> having =
        connections.siteAddresses().keySet().stream()
            .sorted()
            .filter(
                each -> {
                  try (LabClient client = connections.site(each)) {
                    return client.site().vms().stream()
                        .anyMatch(there -> there.name().equals(vm) || there.id().equals(vm));
                  }
                })
            .toList();
    if (having.isEmpty()) {
      throw Refusal.usage(
          "No lab site of this home has a VM '%s'. `switchback lab list` shows them."
              .formatted(vm));
    }
    if (having.size() > 1) {
      throw Refusal.usage(
          "Several sites have a VM '%s': %s. Say which with --site."
              .formatted(vm, String.join(", ", having)));
    }
    return having.getFirst();
  }
}
