package io.switchback.worker.command;

import io.switchback.lab.LabClient;
import io.switchback.lab.VmView;
import io.switchback.model.HttpCheck;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.operation.ReplicationRequest;
import io.switchback.registry.EnrolledSite;
import io.switchback.registry.RegistryDatabase;
import io.switchback.worker.LabEnrolment;
import io.switchback.worker.TemporalReplicationActivities;
import io.switchback.worker.local.Cache;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.RegistryAddress;
import io.switchback.worker.local.RegistryService;
import io.switchback.worker.run.NearestWord;
import io.switchback.worker.run.TemporalConnection;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab enroll}: puts lab VMs under protection. */
@Command(
    name = "enroll",
    mixinStandardHelpOptions = true,
    description = {
      "Protect lab VMs: create a replica VM for each at the recovery site, write both into the registry as SEEDING,"
          + " and start their replication. The first cycle makes them READY.",
      "",
      "Running it again changes only what differs. A home without a registry gets an embedded PostgreSQL."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab enroll --from berlin --to potsdam",
      "  switchback lab enroll web-01 --from berlin --to potsdam --every 15s --keep 20"
    })
public final class LabEnrollCommand implements Runnable {
  private static final String POLICY = "lab";
  private static final Duration CHECK_LIMIT = Duration.ofSeconds(30);

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "<vm>",
      description = "VMs at the production site; else all that are there.")
  List<String> vms = List.of();

  @Option(
      names = "--from",
      required = true,
      paramLabel = "<site>",
      description = "The production site.")
  String from = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "<site>",
      description = "The recovery site.")
  String to = "";

  @Option(
      names = "--every",
      paramLabel = "<time>",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "From one replication cycle to the next: ${DEFAULT-VALUE}.")
  Duration every = Duration.ofSeconds(30);

  @Option(
      names = "--keep",
      paramLabel = "<n>",
      defaultValue = "14",
      description = "Restore points that are kept for each VM: ${DEFAULT-VALUE}.")
  int keep;

  @Override
  public void run() {
    if (from.equals(to)) {
      throw Refusal.usage("--from and --to name the same site; a replica stands at another one.");
    }
    Home home = homeOption.home();
    if (connectionOptions.leavesRegistryToHome()) {
      startRegistryOf(home);
    }
    try (Connections connections = connectionOptions.to(home.services().read());
        LabClient production = connections.site(from);
        LabClient recovery = connections.site(to)) {
      List<String> names = names(production);
      // Everything that is needed answers before anything is written.
      TemporalConnection temporal = connections.temporal();
      RegistryDatabase registry = connections.registry();
      List<Replica> replicas =
          new LabEnrolment(registry, production, recovery).enrol(names, sites(), policy());
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      for (Replica replica : replicas) {
        TemporalReplicationActivities.wake(
            temporal.client(), new ReplicationRequest(replica.id(), replica.name(), Pace.DEFAULT));
        out.printf("%s protected, %s → %s (%s)%n", replica.name(), from, to, replica.id());
      }
      out.printf("Watch it with `%s`.%n", Homes.commands(home).command("status", "--watch"));
    }
  }

  /** A home that has no registry gets one here: enrolling is what first needs it. */
  private void startRegistryOf(Home home) {
    RegistryAddress known = home.services().read().registry();
    if (known == null || known.kind() == RegistryAddress.Kind.EMBEDDED) {
      PrintWriter err = Objects.requireNonNull(spec).commandLine().getErr();
      var _ =
          new RegistryService(
                  home, Cache.of(System.getenv()), known == null ? err::println : line -> {})
              .start(null);
    }
  }

  private List<String> names(LabClient production) {
    List<String> there =
        production.site().vms().stream()
            .map(VmView::name)
            .filter(name -> !name.endsWith(LabEnrolment.SUFFIX))
            .toList();
    for (String vm : vms) {
      if (!there.contains(vm)) {
        throw Refusal.usage(
            "No VM '%s' at site '%s'%s"
                .formatted(
                    vm,
                    from,
                    NearestWord.to(vm, there)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse(". `switchback lab list` shows which there are.")));
      }
    }
    List<String> names = vms.isEmpty() ? there : vms.stream().distinct().toList();
    if (names.isEmpty()) {
      throw Refusal.usage(
          "Site '%s' has no VM yet. Create one: `switchback lab create web-01 --site %s`."
              .formatted(from, from));
    }
    return names;
  }

  private List<EnrolledSite> sites() {
    return List.of(
        new EnrolledSite(from, Pace.DEFAULT, 10), new EnrolledSite(to, Pace.DEFAULT, 10));
  }

  private Policy policy() {
    if (every.toSeconds() < 1) {
      throw Refusal.usage("--every must be at least 1s.");
    }
    if (keep < 1) {
      throw Refusal.usage("--keep must be at least 1: an operation needs a restore point.");
    }
    return Policy.every(POLICY, every)
        .keeping(keep)
        .checkedBy(new HttpCheck("http://{address}/", 200, CHECK_LIMIT));
  }
}
