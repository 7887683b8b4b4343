package io.switchback.lab;

import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.InventoryActivities;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlacementFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A lab site without VMs for the suites, meddled with through its raw client. */
class LabPlacementFixture implements PlacementFixture {
  private static final String SITE = "potsdam";

  private final LabDaemon daemon;
  final LabClient client;
  final LabSites sites;
  private boolean broken;

  LabPlacementFixture() throws IOException {
    Path directory = Files.createTempDirectory("lab-site");
    daemon = LabDaemon.start(new LabSettings(SITE, directory, 0));
    client = LabClient.of(directory);
    sites = new LabSites(Map.of(SITE, client));
  }

  @Override
  public InventoryActivities inventory() {
    return new LabInventoryActivities(sites);
  }

  @Override
  public PlaceholderActivities placeholders() {
    return new LabPlaceholderActivities(sites);
  }

  @Override
  public String site() {
    return SITE;
  }

  @Override
  public Placement placement() {
    return new Placement("host-1", "datastore-1", "");
  }

  @Override
  public VmRef vm(String name, int disks, String folder, List<String> tags) {
    String id = name + "-id";
    List<DiskDefinition> all =
        java.util.stream.IntStream.range(0, disks)
            .mapToObj(number -> DiskDefinition.empty(id + "-disk-" + number, LabFixture.MIB))
            .toList();
    var _ =
        client.createVm(
            new VmDefinition(
                id,
                name,
                List.of(new NetworkCard("lan", true, "10.10.0.11")),
                all,
                new GuestDefinition(0.0, null, null, null, null),
                false,
                folder,
                tags,
                null,
                null,
                null,
                null,
                null,
                null),
            null);
    return new VmRef(SITE, id, name);
  }

  @Override
  public long takenBytes() {
    return client.resources().datastores().stream()
        .mapToLong(store -> store.capacityBytes() - store.freeBytes())
        .sum();
  }

  @Override
  public void change(VmRef vm, Hardware hardware) {
    var _ =
        client.reconfigureVm(
            vm.id(),
            VmChange.none()
                .cpus(hardware.cpus())
                .memoryBytes(hardware.memoryBytes())
                .firmware(hardware.firmware())
                .networks(
                    hardware.nics().stream()
                        .map(
                            nic ->
                                new NetworkCard(
                                    nic.network(),
                                    nic.connected(),
                                    nic.addresses().isEmpty() ? null : nic.addresses().getFirst()))
                        .toList()),
            null);
  }

  @Override
  public void rename(VmRef vm, String name) {
    var _ = client.reconfigureVm(vm.id(), VmChange.none().name(name), null);
  }

  @Override
  public void write(VmRef vm, String disk, long offsetBytes, byte[] bytes) {
    try (DiskConnection connection = client.openDisk(vm.id(), disk)) {
      connection.write(offsetBytes, ByteBuffer.wrap(bytes), null);
    }
    client.flush(vm.id(), disk, null);
  }

  @Override
  public byte[] read(VmRef vm, String disk, long offsetBytes, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    try (DiskConnection connection = client.openDisk(vm.id(), disk)) {
      connection.read(null, offsetBytes, bytes);
    }
    return bytes.array();
  }

  @Override
  public Optional<VmProfile> look(VmRef vm) {
    return client.site().vms().stream()
        .filter(one -> one.id().equals(vm.id()))
        .findFirst()
        .map(one -> LabInventoryActivities.profile(SITE, one));
  }

  @Override
  public String managedBy(VmRef vm) {
    return LabPlaceholderActivities.replicaId(client.look(vm.id()));
  }

  @Override
  public void power(VmRef vm, PowerState power) {
    var _ = power == PowerState.ON ? client.forcePowerOn(vm.id()) : client.powerOff(vm.id(), null);
  }

  @Override
  public void snapshot(VmRef vm, Mandate mandate, String name) {
    var fence = mandate.fence();
    var _ =
        client.createSnapshot(
            vm.id(),
            name,
            false,
            new Stamp(
                mandate.operationId(),
                mandate.step(),
                new LabFence(fence.generation(), fence.epoch(), fence.step(), 1)));
  }

  @Override
  public int vms() {
    return client.site().vms().size();
  }

  @Override
  public void breakSite() {
    close();
  }

  @Override
  public void close() {
    if (broken) {
      return;
    }
    broken = true;
    try {
      daemon.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
