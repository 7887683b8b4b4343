package io.switchback.worker.site;

import io.switchback.model.Connectivity;
import io.switchback.model.CredentialReference;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.RoomSettings;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteKind;
import io.switchback.model.SiteNetworks;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.model.VCenterAccess;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Sites and pairs of sites as an operator writes them into a YAML file.
 *
 * @param sites in the order of the file
 * @param pairs in the order of the file; they may name sites that are known already
 */
public record SitesFile(List<SiteSettings> sites, List<SitePair> pairs) {
  private static final Set<String> ROOT = Set.of("sites", "pairs");
  private static final Set<String> SITE =
      Set.of(
          "kind",
          "address",
          "credential",
          "placement",
          "caps",
          "pace",
          "appliance",
          "room",
          "tunnels",
          "connectivity",
          "networks",
          "fullSite",
          "vcenter");
  private static final Set<String> TUNNELS =
      Set.of("host", "port", "user", "hostKey", "key", "password", "certificates", "peer");
  private static final Set<String> EXTEND =
      Set.of("network", "gateway", "productionCard", "recoveryCard", "remote", "port", "door");
  private static final Set<String> PLACEMENT = Set.of("host", "datastore", "folder");
  private static final Set<String> CAPS =
      Set.of(
          "starting",
          "startingPerHost",
          "startingPerDatastore",
          "transferring",
          "transferringPerHost",
          "transferringPerDatastore");
  private static final Set<String> PACE =
      Set.of("heartbeat", "stepLimit", "attempts", "backoff", "bootLimit");
  private static final Set<String> ROOM = Set.of("warnBefore", "alarmBefore", "lookEvery");
  private static final Set<String> VCENTER =
      Set.of("user", "trust", "operations", "operationsPerHost");
  private static final Set<String> PAIR = Set.of("production", "recovery", "networks");
  private static final Set<String> NETWORK = Set.of("production", "recovery", "drill", "extend");

  public SitesFile {
    sites = List.copyOf(sites);
    pairs = List.copyOf(pairs);
  }

  /**
   * Reads a file.
   *
   * @throws Refusal with every mistake, each with line and column
   */
  public static SitesFile read(Path file) {
    try {
      return parse(Files.readString(file), file.toString());
    } catch (IOException unreadable) {
      throw new Refusal(
          ExitCode.USAGE,
          "Could not read '%s': %s."
              .formatted(
                  file,
                  unreadable instanceof NoSuchFileException
                      ? "there is no such file"
                      : unreadable.getMessage()),
          unreadable);
    }
  }

  static SitesFile parse(String text, String name) {
    StrictYaml yaml = new StrictYaml();
    Node root = yaml.compose(text);
    SitesFile file =
        root == null ? new SitesFile(List.of(), List.of()) : new Reading(yaml).file(root);
    List<String> mistakes = yaml.mistakes();
    if (!mistakes.isEmpty()) {
      throw Refusal.usage(
          "Nothing was changed, because '%s' has %s:%n  - %s"
              .formatted(
                  name,
                  mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes",
                  String.join(System.lineSeparator() + "  - ", mistakes)));
    }
    return file;
  }

  /** One reading of one document. */
  @SuppressWarnings("NullAway") // absent fields are null on their way to the records' constructors
  private static final class Reading {
    private final StrictYaml yaml;

    Reading(StrictYaml yaml) {
      this.yaml = yaml;
    }

    SitesFile file(Node root) {
      Map<String, Node> fields = yaml.object(root, "the file", ROOT);
      List<SiteSettings> sites = new ArrayList<>();
      if (fields.containsKey("sites")) {
        yaml.object(fields.get("sites"), "sites")
            .forEach((name, node) -> add(site(name, node), sites));
      }
      List<SitePair> pairs = new ArrayList<>();
      for (Node node : yaml.list(fields.get("pairs"), "pairs")) {
        add(pair(node), pairs);
      }
      if (sites.isEmpty() && pairs.isEmpty()) {
        yaml.mistake(root, "it describes neither a site nor a pair of sites");
      }
      return new SitesFile(sites, pairs);
    }

    private @Nullable SiteSettings site(String name, Node node) {
      Map<String, Node> fields = yaml.object(node, "site '" + name + "'", SITE);
      SiteKind kind = kind(fields.get("kind"));
      String address = yaml.text(fields.get("address"), "address");
      CredentialReference credential = credential(fields.get("credential"));
      Placement placement = placement(fields.get("placement"));
      SiteCaps caps = caps(fields.get("caps"));
      Pace pace = pace(fields.get("pace"));
      String appliance = yaml.text(fields.get("appliance"), "appliance");
      RoomSettings room = room(fields.get("room"));
      SiteAppliance tunnels = tunnels(fields.get("tunnels"));
      SiteNetworks networks = networks(node, fields);
      FullSiteSettings fullSite = new FullSiteReading(yaml).read(fields.get("fullSite"));
      VCenterAccess vcenter = vcenter(fields.get("vcenter"));
      if (!fields.containsKey("address")) {
        yaml.mistake(node, "site '" + name + "' has no address");
      }
      return yaml.made(
          node,
          () ->
              new SiteSettings(
                  name,
                  kind,
                  address,
                  credential,
                  placement,
                  caps,
                  pace,
                  appliance,
                  room,
                  tunnels,
                  networks,
                  fullSite,
                  vcenter));
    }

    private @Nullable SiteNetworks networks(Node site, Map<String, Node> fields) {
      Connectivity connectivity = connectivity(fields.get("connectivity"));
      List<String> names = new ArrayList<>();
      for (Node network : yaml.list(fields.get("networks"), "networks")) {
        add(yaml.text(network, "a network"), names);
      }
      return yaml.made(
          fields.getOrDefault("networks", site), () -> new SiteNetworks(connectivity, names));
    }

    private @Nullable Connectivity connectivity(@Nullable Node node) {
      String text = yaml.text(node, "connectivity");
      if (text == null) {
        return null;
      }
      return Connectivity.of(text)
          .orElseGet(
              () -> {
                yaml.mistake(
                    node,
                    "connectivity '%s' is unknown; known are %s"
                        .formatted(
                            text,
                            Arrays.stream(Connectivity.values()).map(Connectivity::id).toList()));
                return null;
              });
    }

    private @Nullable SiteKind kind(@Nullable Node node) {
      String text = yaml.text(node, "kind");
      if (text == null) {
        return null;
      }
      for (SiteKind kind : SiteKind.values()) {
        if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
          return kind;
        }
      }
      yaml.mistake(
          node,
          "kind '%s' is unknown; known are %s"
              .formatted(text, Arrays.toString(SiteKind.values()).toLowerCase(Locale.ROOT)));
      return null;
    }

    private @Nullable VCenterAccess vcenter(@Nullable Node node) {
      if (node == null) {
        return null;
      }
      Map<String, Node> fields = yaml.object(node, "vcenter", VCENTER);
      String user = yaml.text(fields.get("user"), "user");
      String trust = yaml.text(fields.get("trust"), "trust");
      Integer operations = yaml.number(fields.get("operations"), "operations");
      Integer perHost = yaml.number(fields.get("operationsPerHost"), "operationsPerHost");
      return yaml.made(
          node,
          () ->
              new VCenterAccess(
                  user, trust, operations == null ? 0 : operations, perHost == null ? 0 : perHost));
    }

    private @Nullable CredentialReference credential(@Nullable Node node) {
      String text = yaml.text(node, "credential");
      return text == null ? null : yaml.made(node, () -> CredentialReference.parse(text));
    }

    private @Nullable Placement placement(@Nullable Node node) {
      if (node == null) {
        return null;
      }
      Map<String, Node> fields = yaml.object(node, "placement", PLACEMENT);
      return new Placement(
          yaml.text(fields.get("host"), "host"),
          yaml.text(fields.get("datastore"), "datastore"),
          yaml.text(fields.get("folder"), "folder"));
    }

    private @Nullable SiteCaps caps(@Nullable Node node) {
      if (node == null) {
        return null;
      }
      Map<String, Node> fields = yaml.object(node, "caps", CAPS);
      Integer starting = yaml.number(fields.get("starting"), "starting");
      Map<String, Integer> perHost = numbers(fields, "startingPerHost");
      Map<String, Integer> perDatastore = numbers(fields, "startingPerDatastore");
      Integer transferring = yaml.number(fields.get("transferring"), "transferring");
      Map<String, Integer> sentPerHost = numbers(fields, "transferringPerHost");
      Map<String, Integer> sentPerDatastore = numbers(fields, "transferringPerDatastore");
      return yaml.made(
          node,
          () ->
              new SiteCaps(
                  starting, perHost, perDatastore, transferring, sentPerHost, sentPerDatastore));
    }

    private Map<String, Integer> numbers(Map<String, Node> fields, String what) {
      Node node = fields.get(what);
      Map<String, Integer> numbers = new LinkedHashMap<>();
      if (node != null) {
        yaml.object(node, what)
            .forEach(
                (place, value) -> {
                  Integer number = yaml.number(value, what + " of '" + place + "'");
                  if (number != null) {
                    numbers.put(place, number);
                  }
                });
      }
      return numbers;
    }

    private @Nullable Pace pace(@Nullable Node node) {
      if (node == null) {
        return null;
      }
      Map<String, Node> fields = yaml.object(node, "pace", PACE);
      Duration heartbeat = duration(fields.get("heartbeat"), "heartbeat");
      Duration stepLimit = duration(fields.get("stepLimit"), "stepLimit");
      Integer attempts = yaml.number(fields.get("attempts"), "attempts");
      Duration backoff = duration(fields.get("backoff"), "backoff");
      Duration bootLimit = duration(fields.get("bootLimit"), "bootLimit");
      return yaml.made(node, () -> new Pace(heartbeat, stepLimit, attempts, backoff, bootLimit));
    }

    private @Nullable RoomSettings room(@Nullable Node node) {
      if (node == null) {
        return null;
      }
      Map<String, Node> fields = yaml.object(node, "room", ROOM);
      Duration warnBefore = duration(fields.get("warnBefore"), "warnBefore");
      Duration alarmBefore = duration(fields.get("alarmBefore"), "alarmBefore");
      Duration lookEvery = duration(fields.get("lookEvery"), "lookEvery");
      return yaml.made(node, () -> new RoomSettings(warnBefore, alarmBefore, lookEvery));
    }

    private @Nullable SiteAppliance tunnels(@Nullable Node node) {
      if (node == null) {
        return null;
      }
      Map<String, Node> fields = yaml.object(node, "tunnels", TUNNELS);
      boolean withPassword = fields.containsKey("password");
      if (withPassword && fields.containsKey("key")) {
        yaml.mistake(node, "tunnels: say either key or password");
      }
      CredentialReference login = credential(fields.get(withPassword ? "password" : "key"));
      String host = yaml.text(fields.get("host"), "host");
      Integer port = yaml.number(fields.get("port"), "port");
      String user = yaml.text(fields.get("user"), "user");
      String hostKey = yaml.text(fields.get("hostKey"), "hostKey");
      String certificates = yaml.text(fields.get("certificates"), "certificates");
      String peer = yaml.text(fields.get("peer"), "peer");
      return yaml.made(
          node,
          () ->
              new SiteAppliance(
                  host,
                  port == null ? 0 : port,
                  user,
                  hostKey,
                  login,
                  withPassword,
                  certificates,
                  peer));
    }

    private @Nullable NetworkExtent extent(@Nullable Node node) {
      if (node == null) {
        return null;
      }
      Map<String, Node> fields = yaml.object(node, "extend", EXTEND);
      String network = yaml.text(fields.get("network"), "network");
      String gateway = yaml.text(fields.get("gateway"), "gateway");
      String productionCard = yaml.text(fields.get("productionCard"), "productionCard");
      String recoveryCard = yaml.text(fields.get("recoveryCard"), "recoveryCard");
      String remote = yaml.text(fields.get("remote"), "remote");
      Integer port = yaml.number(fields.get("port"), "port");
      String door = yaml.text(fields.get("door"), "door");
      return yaml.made(
          node,
          () ->
              new NetworkExtent(
                  network,
                  gateway,
                  productionCard,
                  recoveryCard,
                  remote,
                  port == null ? 1194 : port,
                  door));
    }

    private @Nullable Duration duration(@Nullable Node node, String what) {
      String text = yaml.text(node, what);
      if (text == null) {
        return null;
      }
      try {
        return Duration.parse(text);
      } catch (DateTimeParseException none) {
        yaml.mistake(node, "%s '%s' is no time; write it as PT30S or PT5M".formatted(what, text));
        return null;
      }
    }

    private @Nullable SitePair pair(Node node) {
      Map<String, Node> fields = yaml.object(node, "a pair", PAIR);
      if (fields.isEmpty()) {
        return null;
      }
      String production = yaml.text(fields.get("production"), "production");
      String recovery = yaml.text(fields.get("recovery"), "recovery");
      List<NetworkMapping> networks = new ArrayList<>();
      for (Node network : yaml.list(fields.get("networks"), "networks")) {
        add(network(network), networks);
      }
      return yaml.made(node, () -> new SitePair(production, recovery, networks));
    }

    private @Nullable NetworkMapping network(Node node) {
      Map<String, Node> fields = yaml.object(node, "a network", NETWORK);
      if (fields.isEmpty()) {
        return null;
      }
      String production = yaml.text(fields.get("production"), "production");
      String recovery = yaml.text(fields.get("recovery"), "recovery");
      String drill = yaml.text(fields.get("drill"), "drill");
      NetworkExtent extent = extent(fields.get("extend"));
      return yaml.made(node, () -> new NetworkMapping(production, recovery, drill, extent));
    }

    private static <T> void add(@Nullable T made, List<T> all) {
      if (made != null) {
        all.add(made);
      }
    }
  }
}
