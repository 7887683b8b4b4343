package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.FaultInterceptor;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Consistency;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import io.switchback.operation.Answer;
import io.switchback.operation.Attributes;
import io.switchback.operation.MemberResult;
import io.switchback.operation.NetworkExtension;
import io.switchback.operation.NetworkExtensionRequest;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Parked;
import io.switchback.operation.ReplicaStatus;
import io.switchback.operation.Workflows;
import io.switchback.port.Done;
import io.switchback.port.FakeNotifyActivities;
import io.switchback.port.FakeRegistry;
import io.switchback.port.FakeReplicationActivities;
import io.switchback.port.FakeSite;
import io.switchback.port.FakeSiteSettingsActivities;
import io.switchback.port.FakeTransferActivities;
import io.switchback.port.FakeVerifyActivities;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.VmActivities;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The real workflows over the network lab. Registry, hypervisors and Temporal are in memory;
 * appliances, tunnel and packets are real, and powering a VM on or off plugs its card in or out.
 */
final class ExtendedEstate implements AutoCloseable {
  private static final WorkerFactoryOptions WORKERS =
      WorkerFactoryOptions.newBuilder()
          .setWorkerInterceptors(new FaultInterceptor())
          .setUsingVirtualWorkflowThreads(true)
          .build();

  final FakeRegistry registry = new FakeRegistry();
  private final FakeSite production = new FakeSite("berlin");
  private final FakeSite recovery = new FakeSite("munich");
  private final NetworkLab lab;
  private final TestWorkflowEnvironment temporal;
  private final Replica replica;
  private final WorkerFactory workers;
  private int runs;

  ExtendedEstate(NetworkLab lab, LabSites sites) {
    this.lab = lab;
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder()
            .setUseTimeskipping(false)
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder().setDataConverter(Payloads.converter()).build())
            .setWorkerFactoryOptions(WORKERS);
    Attributes.ALL.forEach(
        key -> options.registerSearchAttribute(key.getName(), key.getValueType()));
    temporal = TestWorkflowEnvironment.newInstance(options.build());
    registry.extend(
        "berlin", "munich", new NetworkMapping("lan-berlin", "lan", "", sites.extent()));
    registry.tunnels("berlin", sites.appliance("tenant"));
    registry.tunnels("munich", sites.appliance("provider"));
    replica = protect();
    workers = startWorkers();
  }

  private Replica protect() {
    VmRef here = production.addVm("p-db-01", "db-01", 1);
    VmRef there = recovery.addVm("r-db-01", "db-01", 1);
    production.power(here, PowerState.OFF);
    recovery.address(there, lab.fact("replica.address"));
    Replica made =
        new Replica(
            "id-db-01",
            "db-01",
            here,
            there,
            List.of(new DiskPair("p-db-01-disk-0", "r-db-01-disk-0", 1 << 20)),
            List.of("lan"));
    registry.add(made, ReplicaState.READY);
    of(recovery, SnapshotActivities.class)
        .createSnapshot(
            new SnapshotActivities.CreateSnapshot(
                new Mandate("set-up", "set-up", new Fence(1, 0, 0, 0)), there, "point", false));
    registry.addRestorePoint(
        made.id(), new RestorePoint("db-01-0001", "point", Instant.EPOCH, Consistency.CRASH));
    return made;
  }

  private WorkerFactory startWorkers() {
    WorkerFactory factory = WorkerFactory.newInstance(temporal.getWorkflowClient(), WORKERS);
    Worker operations = factory.newWorker(Queues.SWITCHBACK);
    operations.registerWorkflowImplementationTypes(Workflows.ALL.toArray(Class<?>[]::new));
    operations.registerActivitiesImplementations(registry.activities());
    operations.registerActivitiesImplementations(
        new FakeNotifyActivities(), new FakeSiteSettingsActivities(), new Loops());
    serve(factory, production, recovery);
    serve(factory, recovery, production);
    factory.start();
    return factory;
  }

  private void serve(WorkerFactory factory, FakeSite site, FakeSite other) {
    Worker worker = factory.newWorker(Queues.site(site.name()));
    for (Object adapter : site.activities()) {
      worker.registerActivitiesImplementations(
          adapter instanceof VmActivities vms && site == recovery ? new Plugged(vms) : adapter);
    }
    worker.registerActivitiesImplementations(
        new ApplianceExtensionActivities(
            SshSettings.standard(), LabTunnel::read, new TunnelBook(InstantSource.system())),
        new FakeVerifyActivities(),
        new FakeTransferActivities(other, site));
  }

  /** Runs an operation on the VM. */
  MemberResult run(String type) {
    return member(start(type));
  }

  /** Starts an operation on the VM. */
  WorkflowStub start(String type) {
    WorkflowStub run =
        temporal
            .getWorkflowClient()
            .newUntypedWorkflowStub(
                type,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(type + "/" + ++runs)
                    .setTaskQueue(Queues.SWITCHBACK)
                    .build());
    run.start(Payloads.mapper().readTree("{\"vms\":[\"db-01\"]}"));
    return run;
  }

  /** What came of the VM, at the end of the run. */
  static MemberResult member(WorkflowStub run) {
    List<MemberResult> members = run.getResult(OperationResult.class).members();
    assertThat(members).hasSize(1);
    return members.getFirst();
  }

  /** Waits until the run over the VM waits for a person. */
  Parked parked() throws InterruptedException {
    for (int looks = 0; looks < 600; looks++) {
      Parked parked = status().parked();
      if (parked != null) {
        return parked;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new AssertionError("is not parked: " + status());
  }

  private ReplicaStatus status() {
    try {
      return overReplica().query("status", ReplicaStatus.class);
    } catch (WorkflowNotFoundException notYet) {
      return new ReplicaStatus(replica.name(), "", List.of(), null);
    }
  }

  void answer(String word) {
    var _ = overReplica().update("answer", String.class, new Answer(null, null, word, null, null));
  }

  private WorkflowStub overReplica() {
    return temporal.getWorkflowClient().newUntypedWorkflowStub("replica/" + replica.id());
  }

  /** Looks until it is so, for at most as long as a loop may take to mend something. */
  static void until(Duration limit, BooleanSupplier isSo) {
    long begun = System.nanoTime();
    while (!isSo.getAsBoolean()) {
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(limit);
    }
  }

  private static <T> T of(FakeSite site, Class<T> port) {
    return Arrays.stream(site.activities())
        .filter(port::isInstance)
        .map(port::cast)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    workers.shutdownNow();
    temporal.close();
  }

  /** Starts loops of networks for real, and none of replication. */
  private final class Loops extends FakeReplicationActivities {
    @Override
    public Done extendNetworks(ExtendNetworks request) {
      temporal
          .getWorkflowClient()
          .newUntypedWorkflowStub(
              NetworkExtension.TYPE,
              WorkflowOptions.newBuilder()
                  .setTaskQueue(Queues.SWITCHBACK)
                  .setWorkflowId(NetworkExtension.workflowId(request.pair()))
                  .build())
          .signalWithStart(
              NetworkExtension.WAKE,
              new Object[] {},
              new Object[] {new NetworkExtensionRequest(request.pair())});
      return new Done(true, 1);
    }
  }

  /** The replica's card is in the network as long as it runs. */
  private final class Plugged implements VmActivities {
    private final VmActivities vms;

    Plugged(VmActivities vms) {
      this.vms = vms;
    }

    @Override
    public VmStatus lookAtVm(LookAtVm request) {
      return vms.lookAtVm(request);
    }

    @Override
    public Done powerOnVm(ChangePower request) {
      Done done = vms.powerOnVm(request);
      lab.power("on", "replica");
      return done;
    }

    @Override
    public Done powerOffVm(ChangePower request) {
      Done done = vms.powerOffVm(request);
      lab.power("off", "replica");
      return done;
    }

    @Override
    public Done isolateVm(ChangeNetworks request) {
      return vms.isolateVm(request);
    }

    @Override
    public Done reconnectVm(ChangeNetworks request) {
      return vms.reconnectVm(request);
    }
  }
}
