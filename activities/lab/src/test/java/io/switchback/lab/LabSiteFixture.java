package io.switchback.lab;

import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.GroupSnapshotActivities;
import io.switchback.port.GuestActivities;
import io.switchback.port.SiteEffect;
import io.switchback.port.SiteFixture;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.VmActivities;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A lab site for the port suites, meddled with through its raw client. */
final class LabSiteFixture implements SiteFixture {
  private final Path directory;
  private final LabDaemon daemon;
  private final LabClient client;
  private final LabSites sites;
  private boolean broken;

  LabSiteFixture() throws IOException {
    directory = Files.createTempDirectory("lab-site");
    daemon = LabDaemon.start(new LabSettings("berlin", directory, 0));
    client = LabClient.of(directory);
    sites = new LabSites(Map.of("berlin", client));
    add("web-01");
    add("web-02");
  }

  Path directory() {
    return directory;
  }

  LabSites sites() {
    return sites;
  }

  private void add(String name) {
    client.createVm(
        new VmDefinition(
            name + "-id",
            name,
            List.of(new NetworkCard("lan", true, "10.10.0.11")),
            List.of(
                DiskDefinition.empty("disk-0", LabFixture.MIB),
                DiskDefinition.empty("disk-1", LabFixture.MIB)),
            new GuestDefinition(0.0, null, null, null, null),
            false),
        null);
  }

  @Override
  public VmActivities vms() {
    return new LabVmActivities(sites);
  }

  @Override
  public GuestActivities guests() {
    return new LabGuestActivities(sites);
  }

  @Override
  public SnapshotActivities snapshots() {
    return new LabSnapshotActivities(sites);
  }

  GroupSnapshotActivities groupSnapshots() {
    return new LabGroupSnapshotActivities(sites);
  }

  @Override
  public VmRef vm() {
    return new VmRef("berlin", "web-01-id", "web-01");
  }

  @Override
  public VmRef other() {
    return new VmRef("berlin", "web-02-id", "web-02");
  }

  @Override
  public void power(VmRef vm, PowerState power) {
    if (power == PowerState.ON) {
      client.powerOn(vm.id(), null);
    } else {
      client.powerOff(vm.id(), null);
    }
  }

  @Override
  public PowerState power(VmRef vm) {
    return PowerState.valueOf(client.look(vm.id()).power().name());
  }

  @Override
  public List<String> disks(VmRef vm) {
    return client.look(vm.id()).disks().stream().map(DiskDefinition::id).toList();
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
    try (DiskConnection connection = client.openDisk(vm.id(), disk)) {
      return LabFixture.read(connection, null, offsetBytes, length);
    }
  }

  @Override
  public void unplug(VmRef vm) {
    List<NetworkCard> unplugged =
        client.look(vm.id()).networks().stream()
            .map(card -> new NetworkCard(card.network(), false, card.address()))
            .toList();
    var _ = client.reconfigureVm(vm.id(), VmChange.none().networks(unplugged), null);
  }

  @Override
  public long effects(SiteEffect effect, VmRef vm) {
    String kind =
        switch (effect) {
          case POWER_ON -> "powerOn";
          case POWER_OFF -> "powerOff";
          case SHUT_DOWN -> "shutDown";
          case CREATE_SNAPSHOT -> "createSnapshot";
          case REVERT_TO_SNAPSHOT -> "revert";
          case REMOVE_SNAPSHOT -> "removeSnapshot";
        };
    return LabFixture.effects(directory).stream()
        .filter(
            one ->
                one.kind().equals(kind) && vm.id().equals(one.vm()) && one.by().equals("operation"))
        .count();
  }

  @Override
  public void breakSite() {
    broken = true;
    try {
      daemon.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void fillHosts() {
    client.script(FaultScript.failing("powerOn", null, "NO_HOST_CAPACITY").times(1000));
  }

  @Override
  public void slowGuest(VmRef vm) {
    client.replaceGuest(
        vm.id(), new GuestDefinition(0.0, null, Duration.ofMillis(300), null, null), null);
  }

  @Override
  public void stubbornGuest(VmRef vm) {
    client.script(FaultScript.delaying("shutDown", vm.id(), Duration.ofHours(1)));
  }

  @Override
  public void silenceGuest(VmRef vm) {
    client.replaceGuest(vm.id(), new GuestDefinition(0.0, null, null, false, null), null);
  }

  @Override
  public void close() {
    try {
      if (!broken) {
        daemon.close();
      }
      sites.close();
      Trees.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
