package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The suite's sites in memory, with the reference adapter or with one that breaks a promise. */
final class FakeTransferFixture implements TransferFixture {
  private static final long PLACE_BYTES = 100_000;

  private final FakeSite production = new FakeSite("berlin");
  private final FakeSite recovery = new FakeSite("munich");
  private final Replica replica;
  private final TransferActivities transfers;

  FakeTransferFixture(BiFunction<FakeSite, FakeSite, ? extends TransferActivities> adapter) {
    VmRef from = production.addVm("vm-1", "web-01", 2);
    VmRef to = recovery.addVm("vm-1-replica", "web-01-replica", 2);
    this.replica =
        new Replica(
            "web-01.1",
            "web-01",
            from,
            to,
            List.of(
                new DiskPair("vm-1-disk-0", "vm-1-replica-disk-0", 1 << 20),
                new DiskPair("vm-1-disk-1", "vm-1-replica-disk-1", 1 << 20)),
            List.of());
    this.transfers = adapter.apply(production, recovery);
  }

  @Override
  public TransferActivities transfers() {
    return transfers;
  }

  @Override
  public Replica replica() {
    return replica;
  }

  @Override
  public List<Long> places() {
    return List.of(0L, PLACE_BYTES, 2 * PLACE_BYTES, 3 * PLACE_BYTES);
  }

  @Override
  public void write(VmRef vm, String disk, long offsetBytes, byte[] bytes) {
    site(vm).write(vm, disk, offsetBytes, bytes);
  }

  @Override
  public byte[] read(VmRef vm, String disk, long offsetBytes, int length) {
    return site(vm).read(vm, disk, offsetBytes, length);
  }

  @Override
  public Map<String, String> snapshot(String name) {
    return snapshot(production, replica.production(), name);
  }

  @Override
  public void snapshotReplica(String name) {
    snapshot(recovery, replica.recovery(), name);
  }

  private static Map<String, String> snapshot(FakeSite site, VmRef vm, String name) {
    Mandate mandate = new Mandate("outside", "snapshot", new Fence(1, 0, 0, 0));
    return new FakeSnapshotActivities(site)
        .createSnapshot(new CreateSnapshot(mandate, vm, name, false))
        .changeIds();
  }

  @Override
  public void resetChangeTracking() {
    production.resetChangeTracking(replica.production());
  }

  @Override
  public void powerReplica(PowerState power) {
    recovery.power(replica.recovery(), power);
  }

  @Override
  public PowerState powerOfReplica() {
    return recovery.power(replica.recovery());
  }

  @Override
  public void growReplicaDisk(String disk) {
    recovery.growDisk(replica.recovery(), disk, 2 << 20);
  }

  @Override
  public void fillDatastore() {
    recovery.script().fail("writeDisk", FaultScript.ANY, Fault.DATASTORE_FULL, 1000);
  }

  @Override
  public void spoilAfterFlush() {
    recovery
        .script()
        .after(
            "flush",
            FaultScript.ANY,
            () ->
                recovery.write(
                    replica.recovery(),
                    replica.disks().getFirst().recoveryDisk(),
                    0,
                    new byte[] {66}));
  }

  @Override
  public void betweenBatches(Runnable happening) {
    recovery.script().after("batch", FaultScript.ANY, happening);
  }

  @Override
  public void breakProduction() {
    production.reachable(false);
  }

  @Override
  public void breakRecovery() {
    recovery.reachable(false);
  }

  private FakeSite site(VmRef vm) {
    return vm.site().equals(production.name()) ? production : recovery;
  }

  @Override
  public void close() {}
}
