package io.switchback.worker.command;

import io.switchback.model.CredentialReference;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.RoomSettings;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteKind;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.model.VCenterAccess;
import io.switchback.registry.Sites;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.site.SitesFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback site add}: says what a site is, or says it anew. */
@Command(
    name = "add",
    mixinStandardHelpOptions = true,
    description = {
      "Add sites and pairs of sites to the registry, or change them. All of it or nothing; every mistake is listed.",
      "",
      "A site that a file names is all that the file says of it. With options, what is left out stays as it is."
          + " What holds for replicas holds from the next operation on."
    })
public final class SiteAddCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Parameters(arity = "0..1", paramLabel = "<site>", description = "The site, without --file.")
  @Nullable String name;

  @Option(names = "--file", paramLabel = "<yaml>", description = "Sites and pairs, in YAML.")
  @Nullable Path file;

  @ArgGroup(exclusive = false, validate = false, heading = "%nWithout a file:%n")
  Given given = new Given();

  /** What may be said of one site. */
  static final class Given {
    @Option(
        names = "--kind",
        paramLabel = "<kind>",
        description = "Its platform: ${COMPLETION-CANDIDATES}.")
    @Nullable SiteKind kind;

    @Option(names = "--address", paramLabel = "<url>", description = "Where its hypervisor is.")
    @Nullable String address;

    @Option(
        names = "--credential",
        paramLabel = "<reference>",
        description = "Where its workers find the credential.")
    @Nullable String credential;

    @Option(
        names = "--user",
        paramLabel = "<name>",
        description = "Of vSphere: the user at the vCenter, as in switchback@vsphere.local.")
    @Nullable String user;

    @Option(
        names = "--trust",
        paramLabel = "<whom>",
        description =
            "Of vSphere: how the vCenter is known, sha256:<fingerprint of its certificate> or file:<authorities in PEM>;"
                + " else by whom the workers' machines trust.")
    @Nullable String trust;

    @Option(names = "--host", paramLabel = "<name>", description = "Replicas stand on this host.")
    @Nullable String host;

    @Option(names = "--datastore", paramLabel = "<name>", description = "… on this datastore.")
    @Nullable String datastore;

    @Option(names = "--folder", paramLabel = "<name>", description = "… in this folder.")
    @Nullable String folder;

    @Option(
        names = "--appliance",
        paramLabel = "<vm>",
        description =
            "The VM there that extends networks, powered on when it is needed; a failover looks for it"
                + " first.")
    @Nullable String appliance;

    @Option(
        names = "--starting",
        paramLabel = "<n>",
        description = "VMs that may be starting there at once; 10.")
    @Nullable Integer starting;

    @Option(
        names = "--starting-per-host",
        paramLabel = "<host>=<n>",
        split = ",",
        description = "A tighter limit for a host.")
    @Nullable Map<String, Integer> startingPerHost;

    @Option(
        names = "--starting-per-datastore",
        paramLabel = "<datastore>=<n>",
        split = ",",
        description = "A tighter limit for a datastore.")
    @Nullable Map<String, Integer> startingPerDatastore;

    @Option(
        names = "--transferring",
        paramLabel = "<n>",
        description = "Replicas there that may be sent to at once; 10.")
    @Nullable Integer transferring;

    @Option(
        names = "--transferring-per-host",
        paramLabel = "<host>=<n>",
        split = ",",
        description = "A tighter limit for a host.")
    @Nullable Map<String, Integer> transferringPerHost;

    @Option(
        names = "--transferring-per-datastore",
        paramLabel = "<datastore>=<n>",
        split = ",",
        description = "A tighter limit for a datastore.")
    @Nullable Map<String, Integer> transferringPerDatastore;

    @Option(
        names = "--warn-before",
        paramLabel = "<time>",
        converter = DurationConverter.class,
        description = "Tell people when a datastore there is full in less than this; 24h.")
    @Nullable Duration warnBefore;

    @Option(
        names = "--alarm-before",
        paramLabel = "<time>",
        converter = DurationConverter.class,
        description = "… and once more; 1h.")
    @Nullable Duration alarmBefore;

    @Option(
        names = "--look-every",
        paramLabel = "<time>",
        converter = DurationConverter.class,
        description = "How often replicas that serve are looked at; 1m.")
    @Nullable Duration lookEvery;

    @Option(
        names = "--recovers",
        paramLabel = "<site>",
        description = "The production site whose VMs fail over to it.")
    @Nullable String production;

    @Option(
        names = "--network",
        paramLabel = "<there>=<here>[:<drill>]",
        split = ",",
        description =
            "What a network of that production site is called here, and for drills; may be repeated, and"
                + " replaces the pair's whole map.")
    @Nullable Map<String, String> networks;
  }

  @Override
  public void run() {
    Home home = homeOption.home();
    SitesFile asked = file == null ? null : ofFile(file);
    if (asked == null && name == null) {
      throw Refusal.usage("Name a site, or give a file: `switchback site add --file sites.yaml`.");
    }
    HomeRegistry.startFor(
        home, connectionOptions, Objects.requireNonNull(spec).commandLine().getErr());
    try (Connections connections = connectionOptions.to(home.services().read())) {
      Sites sites = new Sites(connections.registry());
      SitesFile wanted = asked == null ? ofOptions(sites, Objects.requireNonNull(name)) : asked;
      List<String> before = sites.all().stream().map(SiteSettings::name).toList();
      sites.write(wanted.sites(), wanted.pairs());
      tell(wanted, before, home);
    }
  }

  private void tell(SitesFile written, List<String> before, Home home) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    for (SiteSettings site : written.sites()) {
      out.printf("%s %s%n", site.name(), before.contains(site.name()) ? "changed" : "added");
    }
    for (SitePair pair : written.pairs()) {
      out.printf(
          "%s → %s, %d networks%n", pair.production(), pair.recovery(), pair.networks().size());
    }
    out.printf("Check it with `%s`.%n", Homes.commands(home).command("site check"));
  }

  private SitesFile ofFile(Path yaml) {
    if (name != null
        || Objects.requireNonNull(spec).commandLine().getParseResult().matchedOptions().stream()
            .anyMatch(option -> spec.argGroups().getFirst().options().contains(option))) {
      throw Refusal.usage(
          "With --file nothing else can be said of a site: write it into the file.");
    }
    return SitesFile.read(yaml);
  }

  /** What the options say, over what is said of the site already. */
  @SuppressWarnings("NullAway") // absent fields are null on their way to the records' constructors
  private SitesFile ofOptions(Sites sites, String site) {
    List<String> mistakes = new ArrayList<>();
    // A name that is none is told by the settings themselves, together with the other mistakes.
    SiteSettings known = sites.find(site).orElseGet(() -> SiteSettings.of("new"));
    CredentialReference credential =
        given.credential == null
            ? known.credential()
            : made(mistakes, () -> CredentialReference.parse(given.credential));
    VCenterAccess vcenter = made(mistakes, () -> vcenter(known.vcenter()));
    SiteCaps caps = made(mistakes, () -> caps(known.caps()));
    RoomSettings room = made(mistakes, () -> room(known.room()));
    SiteSettings settings =
        made(
            mistakes,
            () ->
                known
                    .change()
                    .name(site)
                    .kind(given(given.kind, known.kind()))
                    .address(given(given.address, known.address()))
                    .credential(credential)
                    .vcenter(vcenter)
                    .placement(
                        new Placement(
                            given(given.host, known.placement().host()),
                            given(given.datastore, known.placement().datastore()),
                            given(given.folder, known.placement().folder())))
                    .caps(caps)
                    .appliance(given(given.appliance, known.appliance()))
                    .room(room)
                    .build());
    SitePair pair = given.production == null ? null : made(mistakes, () -> pair(sites, site));
    if (given.networks != null && given.production == null) {
      mistakes.add(
          "--network says what the networks of which site are called: give --recovers, too");
    }
    if (!mistakes.isEmpty()) {
      throw Refusal.usage(
          "Nothing was changed, because the options have %s:%n  - %s"
              .formatted(
                  mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes",
                  String.join(System.lineSeparator() + "  - ", mistakes)));
    }
    return new SitesFile(List.of(settings), pair == null ? List.of() : List.of(pair));
  }

  private @Nullable VCenterAccess vcenter(@Nullable VCenterAccess known) {
    if (given.user == null && given.trust == null) {
      return known;
    }
    return known == null
        ? VCenterAccess.of(given(given.user, ""), given(given.trust, ""))
        : new VCenterAccess(
            given(given.user, known.user()),
            given(given.trust, known.trust()),
            known.operations(),
            known.operationsPerHost());
  }

  private SiteCaps caps(SiteCaps known) {
    return new SiteCaps(
        given(given.starting, known.starting()),
        given(given.startingPerHost, known.startingPerHost()),
        given(given.startingPerDatastore, known.startingPerDatastore()),
        given(given.transferring, known.transferring()),
        given(given.transferringPerHost, known.transferringPerHost()),
        given(given.transferringPerDatastore, known.transferringPerDatastore()));
  }

  private RoomSettings room(RoomSettings known) {
    return new RoomSettings(
        given(given.warnBefore, known.warnBefore()),
        given(given.alarmBefore, known.alarmBefore()),
        given(given.lookEvery, known.lookEvery()));
  }

  private SitePair pair(Sites sites, String site) {
    String production = Objects.requireNonNull(given.production);
    if (given.networks == null) {
      return new SitePair(production, site, sites.networks(production, site));
    }
    List<NetworkMapping> networks = new ArrayList<>();
    given.networks.forEach(
        (there, here) -> {
          int colon = here.indexOf(':');
          networks.add(
              new NetworkMapping(
                  there,
                  colon < 0 ? here : here.substring(0, colon),
                  colon < 0 ? "" : here.substring(colon + 1)));
        });
    return new SitePair(production, site, networks);
  }

  private static <T> T given(@Nullable T asked, T known) {
    return asked == null ? known : asked;
  }

  private static <T> @Nullable T made(List<String> mistakes, Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException refused) {
      mistakes.add(String.valueOf(refused.getMessage()));
      return null;
    }
  }
}
