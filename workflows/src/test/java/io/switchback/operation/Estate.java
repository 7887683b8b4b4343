package io.switchback.operation;

import static io.switchback.model.Consistency.CRASH;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Check;
import io.switchback.model.CredentialReference;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.HttpCheck;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.SiteAppliance;
import io.switchback.model.VmRef;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.Done;
import io.switchback.port.FakeGrantActivities;
import io.switchback.port.FakeNetworkExtensionActivities;
import io.switchback.port.FakeNotifyActivities;
import io.switchback.port.FakeProtection;
import io.switchback.port.FakeRegistry;
import io.switchback.port.FakeReplicationActivities;
import io.switchback.port.FakeSite;
import io.switchback.port.FakeSiteSettingsActivities;
import io.switchback.port.FakeTransferActivities;
import io.switchback.port.FakeVerifyActivities;
import io.switchback.port.LookoutActivities;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.Queues;
import io.switchback.port.RunActivities;
import io.switchback.port.RunActivities.Liveness;
import io.switchback.port.RunActivities.LookAtRun;
import io.switchback.port.RunActivities.RunView;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowTargetOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Two sites, a registry, workers and a Temporal server, all in memory; time skips. */
final class Estate extends TemporalInMemory {
  static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  /** Nobody waits long for a fault. */
  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(10),
          Duration.ofMinutes(30),
          2,
          Duration.ofMillis(100),
          Duration.ofMinutes(5));

  final FakeSite production = new FakeSite("berlin", () -> this.now());
  final FakeSite recovery = new FakeSite("munich");
  final FakeRegistry registry = new FakeRegistry();
  final FakeSiteSettingsActivities sites = new FakeSiteSettingsActivities();
  final FakeProtection protection = registry.protection();
  final FakeNotifyActivities people = new FakeNotifyActivities();

  /** The appliances of both sites; no network is extended unless a test says so. */
  final FakeNetworkExtensionActivities extension = new FakeNetworkExtensionActivities();

  final FakeVerifyActivities checks = new FakeVerifyActivities();
  final FakeGrantActivities grants = new FakeGrantActivities(() -> this.now());

  /** What goes wrong with timers of switches and windows. */
  final FakeReplicationActivities loops = new FakeReplicationActivities();

  /** Replica ids whose loops were woken. */
  final List<String> woken = new CopyOnWriteArrayList<>();

  /** An estate whose workers serve everything. */
  Estate() {
    this(600, "berlin", "munich");
  }

  /**
   * An estate with workers for some sites only.
   *
   * @param cachedRuns how many runs a worker keeps in memory; with none each task replays the run
   */
  Estate(int cachedRuns, String... servedSites) {
    super(cachedRuns);
    registry.pace(PACE);
    protection.pace(PACE);
    serve(environment().getWorkerFactory(), Queues.SWITCHBACK);
    for (String site : servedSites) {
      serve(environment().getWorkerFactory(), Queues.site(site));
    }
    environment().start();
  }

  /** From now on the network of every VM is extended, between appliances at both sites. */
  void extendNetworks() {
    registry.extend(
        "berlin",
        "munich",
        new NetworkMapping(
            "lan-berlin",
            "lan",
            "",
            new NetworkExtent(
                "10.1.0.0/24", "10.1.0.1", "lan0", "recovery0", "127.0.0.1:1194", 1194)));
    appliance("berlin");
    appliance("munich");
  }

  /** The site has an appliance that extends networks. */
  void appliance(String site) {
    registry.tunnels(
        site,
        new SiteAppliance(
            "appliance." + site,
            22,
            "root",
            "SHA256:abc",
            CredentialReference.parse("file:/etc/key"),
            false,
            "/etc/tunnel",
            "acme"));
  }

  private void serve(WorkerFactory factory, String queue) {
    Worker worker =
        factory.newWorker(
            queue,
            WorkerOptions.newBuilder()
                .setUsingVirtualThreads(true)
                .setDefaultDeadlockDetectionTimeout(10_000)
                .build());
    if (queue.equals(Queues.SWITCHBACK)) {
      worker.registerWorkflowImplementationTypes(Workflows.ALL.toArray(Class<?>[]::new));
      worker.registerActivitiesImplementations(registry.activities());
      worker.registerActivitiesImplementations((LookoutActivities) this::watch);
      worker.registerActivitiesImplementations(
          people, sites, grants, new EstateLoops(this), (RunActivities) this::lookAtRun);
    } else if (queue.equals(Queues.site("munich"))) {
      worker.registerActivitiesImplementations(recovery.activities());
      worker.registerActivitiesImplementations(
          extension, checks, new FakeTransferActivities(production, recovery));
    } else {
      worker.registerActivitiesImplementations(production.activities());
      worker.registerActivitiesImplementations(
          extension, checks, new FakeTransferActivities(recovery, production));
    }
  }

  /** What the server says of a run. */
  private RunView lookAtRun(LookAtRun request) {
    WorkflowExecutionStatus status =
        client()
            .newUntypedWorkflowStub(
                WorkflowTargetOptions.newBuilder()
                    .setWorkflowId(request.workflowId())
                    .setRunId(request.runId())
                    .build())
            .describe()
            .getStatus();
    boolean runs = status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    return new RunView(runs ? Liveness.LIVE : Liveness.CLOSED, request.runId() + " " + status);
  }

  private Done watch(LookoutActivities.WatchRule request) {
    wake(
        Newcomers.TYPE,
        Newcomers.workflowId(request.ruleId()),
        Newcomers.LOOK,
        new NewcomersRequest(request.ruleId(), request.words(), Pace.DEFAULT, Map.of()));
    return new Done(true, 1);
  }

  /** A protected VM whose replica is ready, with two restore points. */
  Replica vm(String name) {
    return vm(name, "lan");
  }

  /** The same on that network. */
  Replica vm(String name, String network) {
    Replica replica =
        protect(
            name,
            network,
            ReplicaState.READY,
            new HttpCheck("http://{address}/", 200, Duration.ofSeconds(5)));
    restorePoint(replica, 1);
    restorePoint(replica, 2);
    return replica;
  }

  /** A protected VM, its replica in {@code state} and without a restore point. */
  Replica protect(String name, ReplicaState state, Check... looks) {
    return protect(name, "lan", state, looks);
  }

  private Replica protect(String name, String network, ReplicaState state, Check... looks) {
    VmRef here = production.addVm("p-" + name, name, 1);
    VmRef there = recovery.addVm("r-" + name, name, 1);
    production.address(here, "10.1.0." + name.length(), "fd00::" + name);
    recovery.address(there, "fd00::" + name, "10.1.0." + (100 + name.length()));
    DiskPair disk = new DiskPair("p-" + name + "-disk-0", "r-" + name + "-disk-0", 1 << 20);
    Replica replica = new Replica("id-" + name, name, here, there, List.of(disk), List.of(network));
    registry.add(replica, state, looks);
    return replica;
  }

  /** Gives the replica a restore point, an hour after the one before, that holds its own name. */
  void restorePoint(Replica replica, int number) {
    String snapshot = "point-" + number;
    write(replica, snapshot);
    SnapshotActivities snapshots =
        Arrays.stream(recovery.activities())
            .filter(SnapshotActivities.class::isInstance)
            .map(SnapshotActivities.class::cast)
            .findFirst()
            .orElseThrow();
    Mandate mandate = new Mandate("set-up", "set-up", new Fence(1, 0, 0, 0));
    snapshots.createSnapshot(new CreateSnapshot(mandate, replica.recovery(), snapshot, false));
    registry.addRestorePoint(
        replica.id(),
        new RestorePoint(
            "%s-%04d".formatted(replica.name(), number),
            snapshot,
            EPOCH.plus(Duration.ofHours(number)),
            CRASH));
  }

  /** What the replica's disk says of the restore point that it came from. */
  String content(Replica replica) {
    return new String(recovery.read(replica.recovery(), disk(replica), 0, 7), UTF_8);
  }

  static String disk(Replica replica) {
    return replica.disks().getFirst().recoveryDisk();
  }

  /** One that has failed over; production keeps what it had written before. */
  Replica failedOver(String name) {
    Replica replica = vm(name);
    writeAtProduction(replica, "theirs1");
    run("PartialFailover", "{\"vms\":[\"%s\"]}".formatted(name));
    return replica;
  }

  /** What the replica writes while it serves. */
  void write(Replica replica, String text) {
    recovery.write(replica.recovery(), disk(replica), 0, text.getBytes(UTF_8));
  }

  void writeAtProduction(Replica replica, String text) {
    production.write(replica.production(), productionDisk(replica), 0, text.getBytes(UTF_8));
  }

  /** What production's disk says. */
  String atProduction(Replica replica) {
    return new String(production.read(replica.production(), productionDisk(replica), 0, 7), UTF_8);
  }

  static String productionDisk(Replica replica) {
    return replica.disks().getFirst().productionDisk();
  }

  /** The VM of that name at production's site. */
  VmRef vmAtProduction(String name) {
    return production.vms().stream().filter(vm -> vm.name().equals(name)).findFirst().orElseThrow();
  }

  ReplicaState state(Replica replica) {
    return registry.state(replica.id());
  }

  /** What the audit says of that step, whosever it was. */
  List<AuditEntry> audit(String step) {
    return registry.audit().stream().filter(entry -> entry.step().equals(step)).toList();
  }

  /** The claims that such operations were given. */
  List<AuditEntry> claims(Operation operation) {
    return audit("claim").stream()
        .filter(entry -> entry.operation() == operation && entry.outcome().equals("DONE"))
        .toList();
  }

  /** How often people were called for that. */
  List<Notice> pages(String fault) {
    return people.notices().stream().filter(notice -> notice.fault().equals(fault)).toList();
  }
}
