package io.switchback.operation;

import static io.switchback.model.Consistency.CRASH;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.switchback.fault.FaultInterceptor;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Check;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.HttpCheck;
import io.switchback.model.Mandate;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
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
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.port.ReplicationActivities;
import io.switchback.port.RunActivities;
import io.switchback.port.RunActivities.Liveness;
import io.switchback.port.RunActivities.LookAtRun;
import io.switchback.port.RunActivities.RunView;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowTargetOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Two sites, a registry, workers and a Temporal server, all in memory; time skips. */
final class Estate implements AutoCloseable {
  /** Tells of listeners that come too late for a server that is shut down: noise. */
  private static final Logger CONTEXT = Logger.getLogger("io.grpc.Context");

  static {
    CONTEXT.setLevel(Level.OFF);
  }

  static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private static final WorkflowClientOptions CLIENT =
      WorkflowClientOptions.newBuilder()
          .setDataConverter(Payloads.converter())
          .setIdentity("estate")
          .build();

  final FakeSite production = new FakeSite("berlin", () -> this.now());
  final FakeSite recovery = new FakeSite("munich");
  final FakeRegistry registry = new FakeRegistry();
  final FakeSiteSettingsActivities sites = new FakeSiteSettingsActivities();
  final FakeProtection protection = registry.protection();
  final FakeNotifyActivities people = new FakeNotifyActivities();
  final FakeNetworkExtensionActivities extension = new FakeNetworkExtensionActivities();
  final FakeVerifyActivities checks = new FakeVerifyActivities();
  final FakeGrantActivities grants = new FakeGrantActivities(() -> this.now());

  /** What goes wrong with timers of switches and windows. */
  final FakeReplicationActivities loops = new FakeReplicationActivities();

  /** Replica ids whose loops were woken. */
  final List<String> woken = new CopyOnWriteArrayList<>();

  private final TestWorkflowEnvironment environment;
  private int runs;

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
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder()
            .setWorkflowClientOptions(CLIENT)
            .setWorkerFactoryOptions(factoryOptions(cachedRuns));
    Attributes.ALL.forEach(
        key -> options.registerSearchAttribute(key.getName(), key.getValueType()));
    environment = TestWorkflowEnvironment.newInstance(options.build());
    registry.pace(
        new Pace(
            Duration.ofSeconds(10),
            Duration.ofMinutes(30),
            2,
            Duration.ofMillis(100),
            Duration.ofMinutes(5)));
    protection.pace(
        new Pace(
            Duration.ofSeconds(10),
            Duration.ofMinutes(30),
            2,
            Duration.ofMillis(100),
            Duration.ofMinutes(5)));
    serve(environment.getWorkerFactory(), Queues.SWITCHBACK);
    for (String site : servedSites) {
      serve(environment.getWorkerFactory(), Queues.site(site));
    }
    environment.start();
  }

  private static WorkerFactoryOptions factoryOptions(int cachedRuns) {
    return WorkerFactoryOptions.newBuilder()
        .setWorkerInterceptors(new FaultInterceptor())
        .setUsingVirtualWorkflowThreads(true)
        .setWorkflowCacheSize(cachedRuns)
        .build();
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
          people, sites, grants, new Loops(), (RunActivities) this::lookAtRun);
    } else if (queue.equals(Queues.site("munich"))) {
      worker.registerActivitiesImplementations(recovery.activities());
      worker.registerActivitiesImplementations(
          extension, checks, new FakeTransferActivities(production, recovery));
    } else {
      worker.registerActivitiesImplementations(production.activities());
      worker.registerActivitiesImplementations(
          checks, new FakeTransferActivities(recovery, production));
    }
  }

  /** Wakes loops that run; starts none of a replica, because most tests are not about them. */
  private final class Loops implements ReplicationActivities {
    @Override
    public Done wakeReplication(WakeReplication request) {
      woken.add(request.replicaId());
      return wake(Replication.workflowId(request.replicaId()), Replication.WAKE);
    }

    @Override
    public Done wakeGroup(WakeGroup request) {
      woken.add(request.group());
      return request.now()
          ? wake(GroupReplication.workflowId(request.group()), GroupReplication.WAKE)
          : new Done(false, 1);
    }

    @Override
    public Done timeSwitch(TimeSwitch request) {
      var _ = loops.timeSwitch(request);
      client()
          .newUntypedWorkflowStub(
              SwitchTimer.TYPE,
              WorkflowOptions.newBuilder()
                  .setWorkflowId(SwitchTimer.workflowId(request.replicaId()))
                  .setTaskQueue(Queues.SWITCHBACK)
                  .build())
          .signalWithStart(
              SwitchTimer.WAKE,
              new Object[] {},
              new Object[] {new SwitchTimerRequest(request.replicaId(), request.vm())});
      return new Done(true, 1);
    }

    @Override
    public Done timeWindow(TimeWindow request) {
      var _ = loops.timeWindow(request);
      client()
          .newUntypedWorkflowStub(
              WindowTimer.TYPE,
              WorkflowOptions.newBuilder()
                  .setWorkflowId(WindowTimer.workflowId(request.replicaId()))
                  .setTaskQueue(Queues.SWITCHBACK)
                  .build())
          .signalWithStart(
              WindowTimer.WAKE,
              new Object[] {},
              new Object[] {new WindowTimerRequest(request.replicaId(), request.vm())});
      return new Done(true, 1);
    }

    private Done wake(String workflowId, String signal) {
      try {
        client().newUntypedWorkflowStub(workflowId).signal(signal);
        return new Done(true, 1);
      } catch (WorkflowNotFoundException noLoop) {
        return new Done(false, 1);
      }
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
    client()
        .newUntypedWorkflowStub(
            Newcomers.TYPE,
            WorkflowOptions.newBuilder()
                .setWorkflowId(Newcomers.workflowId(request.ruleId()))
                .setTaskQueue(Queues.SWITCHBACK)
                .build())
        .signalWithStart(
            Newcomers.LOOK,
            new Object[] {},
            new Object[] {
              new NewcomersRequest(request.ruleId(), request.words(), Pace.DEFAULT, Map.of())
            });
    return new Done(true, 1);
  }

  /** A protected VM whose replica is ready, with two restore points. */
  Replica vm(String name) {
    Replica replica =
        protect(
            name,
            ReplicaState.READY,
            new HttpCheck("http://{address}/", 200, Duration.ofSeconds(5)));
    restorePoint(replica, 1);
    restorePoint(replica, 2);
    return replica;
  }

  /** A protected VM, its replica in {@code state} and without a restore point. */
  Replica protect(String name, ReplicaState state, Check... looks) {
    VmRef here = production.addVm("p-" + name, name, 1);
    VmRef there = recovery.addVm("r-" + name, name, 1);
    production.address(here, "10.1.0." + name.length(), "fd00::" + name);
    recovery.address(there, "fd00::" + name);
    DiskPair disk = new DiskPair("p-" + name + "-disk-0", "r-" + name + "-disk-0", 1 << 20);
    Replica replica = new Replica("id-" + name, name, here, there, List.of(disk), List.of("lan"));
    registry.add(replica, state, looks);
    return replica;
  }

  /** Gives the replica a restore point, an hour after the one before, that holds its own name. */
  void restorePoint(Replica replica, int number) {
    String snapshot = "point-" + number;
    recovery.write(replica.recovery(), disk(replica), 0, snapshot.getBytes(UTF_8));
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

  /** The time of runs, which skips. */
  Instant now() {
    return Instant.ofEpochMilli(environment.currentTimeMillis());
  }

  TestWorkflowEnvironment environment() {
    return environment;
  }

  WorkflowClient client() {
    return environment.getWorkflowClient();
  }

  /** Starts a run as a person does: a type, and one JSON document; null is none. */
  WorkflowStub start(String type, @Nullable String input) {
    runs++;
    return start(type, type + "/" + runs, input);
  }

  private WorkflowStub start(String type, String workflowId, @Nullable String input) {
    WorkflowStub run =
        client()
            .newUntypedWorkflowStub(
                type,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(workflowId)
                    .setTaskQueue(Queues.SWITCHBACK)
                    .setWorkflowIdConflictPolicy(
                        WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                    .build());
    if (input == null) {
      run.start();
    } else {
      run.start(Payloads.mapper().readTree(input));
    }
    return run;
  }

  /** Runs an operation to its end. */
  OperationResult run(String type, String input) {
    return result(start(type, input));
  }

  OperationResult result(WorkflowStub run) {
    return result(run, OperationResult.class);
  }

  /**
   * The same beside a run that waits for a person. Who awaits a result lets time skip, and between
   * the end of the one run and the answer there is nothing left to skip to but the time at which
   * the server gives the other one up.
   */
  OperationResult resultBesideParked(WorkflowStub run) {
    until(
        "ended",
        () ->
            run.describe().getStatus()
                != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    WorkflowClient onlooker =
        WorkflowClient.newInstance(environment.getWorkflowServiceStubs(), CLIENT);
    return result(
        onlooker.newUntypedWorkflowStub(run.getExecution().getWorkflowId()), OperationResult.class);
  }

  <T> T result(WorkflowStub run, Class<T> type) {
    try {
      return run.getResult(20, TimeUnit.SECONDS, type);
    } catch (TimeoutException stuck) {
      throw new AssertionError("has not ended: " + run.getExecution(), stuck);
    }
  }

  /** The run over one replica. */
  WorkflowStub member(Replica replica) {
    return client().newUntypedWorkflowStub("replica/" + replica.id());
  }

  /** Starts the loop of a replica. */
  WorkflowStub loop(Replica replica) {
    return loop(replica, Pace.DEFAULT);
  }

  WorkflowStub loop(Replica replica, Pace pace) {
    WorkflowStub loop =
        client()
            .newUntypedWorkflowStub(
                Replication.TYPE,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(Replication.workflowId(replica.id()))
                    .setTaskQueue(Queues.SWITCHBACK)
                    .build());
    loop.start(new ReplicationRequest(replica.id(), replica.name(), pace));
    return loop;
  }

  /** Starts the loop of a group. */
  WorkflowStub groupLoop(String group) {
    WorkflowStub loop =
        client()
            .newUntypedWorkflowStub(
                GroupReplication.TYPE,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(GroupReplication.workflowId(group))
                    .setTaskQueue(Queues.SWITCHBACK)
                    .build());
    loop.start(new GroupReplicationRequest(group));
    return loop;
  }

  /** Lets the estate's time pass until {@code condition} holds. */
  void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not so within 20 s: " + what);
      }
      environment.sleep(Duration.ofMillis(200));
    }
  }

  /** Waits until the run over the replica waits for a person. */
  Parked parked(Replica replica) {
    until(replica.name() + " is parked", () -> statusOf(replica).parked() != null);
    Parked parked = statusOf(replica).parked();
    return requireNonNull(parked);
  }

  private ReplicaStatus statusOf(Replica replica) {
    try {
      return member(replica).query("status", ReplicaStatus.class);
    } catch (WorkflowNotFoundException notYet) {
      return new ReplicaStatus(replica.name(), "", List.of(), null);
    }
  }

  /** What the Temporal UI shows as current details. */
  static String details(WorkflowStub run) {
    return run.query("__temporal_workflow_metadata", WorkflowMetadata.class).getCurrentDetails();
  }

  static JsonNode json(String text) {
    return Payloads.mapper().readTree(text);
  }

  @Override
  public void close() {
    environment.close();
  }
}
