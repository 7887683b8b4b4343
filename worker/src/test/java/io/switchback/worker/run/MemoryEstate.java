package io.switchback.worker.run;

import io.switchback.fault.FaultInterceptor;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Consistency;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.HttpCheck;
import io.switchback.model.Mandate;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.operation.Attributes;
import io.switchback.operation.PartialFailoverOfReplicaWorkflow;
import io.switchback.operation.PartialFailoverWorkflow;
import io.switchback.operation.UndoFailoverOfReplicaWorkflow;
import io.switchback.operation.UndoFailoverWorkflow;
import io.switchback.port.CatalogueActivities;
import io.switchback.port.FakeNetworkExtensionActivities;
import io.switchback.port.FakeNotifyActivities;
import io.switchback.port.FakeRegistry;
import io.switchback.port.FakeReplicationActivities;
import io.switchback.port.FakeSite;
import io.switchback.port.FakeSiteSettingsActivities;
import io.switchback.port.FakeTransferActivities;
import io.switchback.port.FakeVerifyActivities;
import io.switchback.port.InventoryActivities;
import io.switchback.port.Payloads;
import io.switchback.port.ProtectionPlanActivities;
import io.switchback.port.Queues;
import io.switchback.port.RoomActivities;
import io.switchback.port.SiteActivities;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.VmActivities;
import io.switchback.port.WatchActivities;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Two sites, a registry and a Temporal server in memory, as commands find them. */
final class MemoryEstate implements SiteLooks, AutoCloseable {
  static final Instant POINT = Instant.parse("2026-01-01T00:00:00Z");

  final FakeSite production = new FakeSite("berlin");
  final FakeSite recovery = new FakeSite("munich");
  final FakeRegistry registry = new FakeRegistry();
  private final TestWorkflowEnvironment environment;

  MemoryEstate() {
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder()
            // A parked run waits for a person, and skipping that time would end it.
            .setUseTimeskipping(false)
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder().setDataConverter(Payloads.converter()).build())
            .setWorkerFactoryOptions(
                WorkerFactoryOptions.newBuilder()
                    .setWorkerInterceptors(new FaultInterceptor())
                    .setUsingVirtualWorkflowThreads(true)
                    .build());
    Attributes.ALL.forEach(
        key -> options.registerSearchAttribute(key.getName(), key.getValueType()));
    environment = TestWorkflowEnvironment.newInstance(options.build());
    registry.pace(
        new Pace(
            Duration.ofSeconds(10),
            Duration.ofMinutes(30),
            1,
            Duration.ofMillis(100),
            Duration.ofMinutes(5)));
    Worker operations = environment.newWorker(Queues.SWITCHBACK);
    operations.registerWorkflowImplementationTypes(
        PartialFailoverWorkflow.class,
        PartialFailoverOfReplicaWorkflow.class,
        UndoFailoverWorkflow.class,
        UndoFailoverOfReplicaWorkflow.class);
    operations.registerActivitiesImplementations(registry.activities());
    operations.registerActivitiesImplementations(
        new FakeNotifyActivities(), new FakeReplicationActivities());
    environment
        .newWorker(Queues.site("berlin"))
        .registerActivitiesImplementations(production.activities());
    Worker there = environment.newWorker(Queues.site("munich"));
    there.registerActivitiesImplementations(recovery.activities());
    there.registerActivitiesImplementations(
        new FakeNetworkExtensionActivities(),
        new FakeVerifyActivities(),
        new FakeTransferActivities(production, recovery));
    environment.start();
  }

  /** A protected VM with one restore point; its twin at production is off. */
  Replica vm(String name) {
    VmRef here = production.addVm("p-" + name, name, 1);
    VmRef there = recovery.addVm("r-" + name, name, 1);
    production.address(here, "fd00::" + name);
    recovery.address(there, "fd00::" + name);
    DiskPair disk = new DiskPair("p-" + name + "-disk-0", "r-" + name + "-disk-0", 1 << 20);
    Replica replica = new Replica("id-" + name, name, here, there, List.of(disk), List.of("lan"));
    registry.add(
        replica,
        ReplicaState.READY,
        new HttpCheck("http://{address}/", 200, Duration.ofSeconds(5)));
    adapter(recovery, SnapshotActivities.class)
        .createSnapshot(
            new SnapshotActivities.CreateSnapshot(
                new Mandate("set-up", "set-up", new Fence(1, 0, 0, 0)), there, "point", false));
    registry.addRestorePoint(
        replica.id(), new RestorePoint(name + "-0001", "point", POINT, Consistency.CRASH));
    return replica;
  }

  CatalogueActivities catalogue() {
    return ofRegistry(CatalogueActivities.class);
  }

  /** What of a new location is found at either site. */
  LocationPreview locations() {
    return new LocationPreview(
        ofRegistry(ProtectionPlanActivities.class),
        new FakeSiteSettingsActivities(),
        new Inventories(),
        adapter(production, SiteActivities.class),
        adapter(production, RoomActivities.class));
  }

  private final class Inventories implements InventoryActivities {
    @Override
    public Inventory findVms(FindVms request) {
      return adapter(production, InventoryActivities.class).findVms(request);
    }

    @Override
    public VmProfile describeVm(DescribeVm request) {
      return adapter(site(request.vm()), InventoryActivities.class).describeVm(request);
    }
  }

  WorkflowClient client() {
    return environment.getWorkflowClient();
  }

  static RunRequest request(StartableOperation operation, String json) {
    return RunRequest.of(operation, (ObjectNode) Payloads.mapper().readTree(json), "kim");
  }

  @Override
  public Optional<VmActivities.VmStatus> look(VmRef vm) {
    return Optional.of(
        adapter(site(vm), VmActivities.class).lookAtVm(new VmActivities.LookAtVm(vm)));
  }

  @Override
  public Optional<SnapshotActivities.Snapshots> snapshots(VmRef vm) {
    return Optional.of(
        adapter(site(vm), SnapshotActivities.class)
            .listSnapshots(new SnapshotActivities.ListSnapshots(vm)));
  }

  @Override
  public Optional<RoomActivities.Room> room(String site, List<VmRef> toStart) {
    return Optional.of(
        adapter(site.equals(production.name()) ? production : recovery, RoomActivities.class)
            .measureRoom(new RoomActivities.MeasureRoom(site, toStart)));
  }

  private FakeSite site(VmRef vm) {
    return vm.site().equals(production.name()) ? production : recovery;
  }

  WatchActivities watch() {
    return ofRegistry(WatchActivities.class);
  }

  private <T> T ofRegistry(Class<T> port) {
    return first(registry.activities(), port);
  }

  private static <T> T adapter(FakeSite site, Class<T> port) {
    return first(site.activities(), port);
  }

  private static <T> T first(Object[] adapters, Class<T> port) {
    return Arrays.stream(adapters)
        .filter(port::isInstance)
        .map(port::cast)
        .findFirst()
        .orElseThrow();
  }

  @Override
  public void close() {
    environment.close();
  }
}
