package io.switchback.worker.command;

import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteNetworks;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.port.Payloads;
import io.switchback.port.SiteSettingsActivities.KnownSites;
import io.switchback.registry.Sites;
import io.switchback.worker.run.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchback site list}: what is said of each site. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Show what the registry says of each site, and which one recovers which.")
public final class SiteListCommand implements Runnable {
  private static final String NOTHING = "-";

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  boolean json;

  @Override
  public void run() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try (Connections connections = connectionOptions.to(homeOption.home().services().read())) {
      Sites registry = new Sites(connections.registry());
      KnownSites known = new KnownSites(registry.all(), registry.pairs());
      if (json) {
        out.println(Payloads.mapper().writeValueAsString(known));
      } else if (known.sites().isEmpty()) {
        out.println("No site is known yet. Add one: `switchback site add --file sites.yaml`.");
      } else {
        lines(known).forEach(out::println);
      }
    }
  }

  private static List<String> lines(KnownSites known) {
    TextTable sites =
        new TextTable("SITE", "KIND", "ADDRESS", "CREDENTIAL", "REPLICAS STAND", "AT MOST");
    for (SiteSettings site : known.sites()) {
      sites.row(
          site.name(),
          site.kind().name().toLowerCase(Locale.ROOT),
          site.address().isEmpty() ? NOTHING : site.address(),
          Objects.toString(site.credential(), NOTHING),
          words(site.placement())
              + (site.appliance().isEmpty() ? "" : "; appliance " + site.appliance())
              + (site.tunnels() == null ? "" : "; tunnels at " + site.tunnels().host())
              + words(site.networks())
              + (site.fullSite() == null ? "" : "; gateway by " + site.fullSite().uplink()),
          words(site.caps()));
    }
    List<String> lines = new ArrayList<>(sites.lines());
    if (!known.pairs().isEmpty()) {
      TextTable networks =
          new TextTable("PRODUCTION", "RECOVERY", "NETWORK", "THERE", "DRILL", "EXTENDED");
      known.pairs().forEach(pair -> rows(pair, networks));
      lines.add("");
      lines.addAll(networks.lines());
    }
    return lines;
  }

  private static void rows(SitePair pair, TextTable table) {
    if (pair.networks().isEmpty()) {
      table.row(pair.production(), pair.recovery(), NOTHING, NOTHING, NOTHING, NOTHING);
    }
    for (NetworkMapping network : pair.networks()) {
      table.row(
          pair.production(),
          pair.recovery(),
          network.production(),
          network.recovery(),
          network.drill().isEmpty() ? NOTHING : network.drill(),
          network.extent() == null ? NOTHING : network.extent().network());
    }
  }

  private static String words(Placement placement) {
    List<String> words = new ArrayList<>();
    add(words, "host ", placement.host());
    add(words, "datastore ", placement.datastore());
    add(words, "folder ", placement.folder());
    return words.isEmpty() ? "anywhere" : String.join(", ", words);
  }

  private static String words(SiteNetworks networks) {
    return (networks.areExtended() ? "" : "; connected by " + networks.connectivity().id())
        + (networks.names().isEmpty() ? "" : "; " + networks.names().size() + " networks");
  }

  private static void add(List<String> words, String what, String name) {
    if (!name.isEmpty()) {
      words.add(what + name);
    }
  }

  private static void addPlaces(List<String> words, Map<String, Integer> caps) {
    new TreeMap<>(caps).forEach((place, atMost) -> words.add(atMost + " on " + place));
  }

  private static String words(SiteCaps caps) {
    List<String> words = new ArrayList<>();
    words.add(caps.starting() + " starting");
    addPlaces(words, caps.startingPerHost());
    addPlaces(words, caps.startingPerDatastore());
    words.add(caps.transferring() + " transfers");
    addPlaces(words, caps.transferringPerHost());
    addPlaces(words, caps.transferringPerDatastore());
    return String.join(", ", words);
  }
}
