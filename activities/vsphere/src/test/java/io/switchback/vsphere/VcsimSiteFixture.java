package io.switchback.vsphere;

import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.GuestActivities;
import io.switchback.port.SiteEffect;
import io.switchback.port.SiteFixture;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.VmActivities;
import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Two VMs of a simulated vCenter for the port suites, meddled with by the judge. What no simulated
 * vCenter does comes from the front before it: a host without room, a guest that goes on when it is
 * asked to shut down. The bytes of the disks are files that nobody but the fixture touches.
 */
final class VcsimSiteFixture implements SiteFixture, Judged {
  private final VcsimEstate estate;
  private final Front front;
  private final VCenters vcenters;
  private final VmRef vm;
  private final VmRef other;
  private Runnable onPower = () -> {};

  /** Of the API alone. */
  VcsimSiteFixture(VcsimEstate estate) {
    this(estate, Front.before(estate.vcsim()));
  }

  private VcsimSiteFixture(VcsimEstate estate, Front front) {
    this.estate = estate;
    this.front = front;
    this.vcenters = new VCenters(Map.of("berlin", new VCenter(front.settings())));
    this.vm = take();
    this.other = take();
  }

  /** With bytes behind the disks. */
  static VcsimSiteFixture withBytes(VcsimEstate estate) {
    return new VcsimSiteFixture(estate, Front.withBytes(estate.vcsim()));
  }

  private VmRef take() {
    String name = estate.nextVm();
    tools(name, true);
    estate.judge().setExtraConfig(name, "SET.guest.ipAddress", "10.0.0.7");
    return new VmRef("berlin", estate.judge().vm(name).instanceUuid(), name);
  }

  private void tools(String name, boolean run) {
    estate
        .judge()
        .setExtraConfig(
            name,
            "SET.guest.toolsRunningStatus",
            run ? "guestToolsRunning" : "guestToolsNotRunning");
  }

  @Override
  public VcsimEstate estate() {
    return estate;
  }

  VCenters vcenters() {
    return vcenters;
  }

  Front front() {
    return front;
  }

  @Override
  public VmActivities vms() {
    return new VsphereVmActivities(vcenters);
  }

  @Override
  public GuestActivities guests() {
    return new VsphereGuestActivities(vcenters);
  }

  @Override
  public SnapshotActivities snapshots() {
    return new VsphereSnapshotActivities(vcenters);
  }

  @Override
  public VmRef vm() {
    return vm;
  }

  @Override
  public VmRef other() {
    return other;
  }

  @Override
  public void power(VmRef of, PowerState power) {
    if (power(of) != power) {
      estate.judge().power(of.name(), power == PowerState.ON);
    }
    if (power == PowerState.ON) {
      onPower.run();
    }
  }

  @Override
  public PowerState power(VmRef of) {
    return estate.judge().vm(of.name()).power().equals("poweredOn")
        ? PowerState.ON
        : PowerState.OFF;
  }

  @Override
  public List<String> disks(VmRef of) {
    return estate.judge().disks(of.name()).stream()
        .map(disk -> "%s:%d".formatted(of.id(), disk.key()))
        .toList();
  }

  private String file(VmRef of, String disk) {
    int key = Integer.parseInt(disk.substring(disk.indexOf(':') + 1));
    String descriptor =
        estate.judge().disks(of.name()).stream()
            .filter(one -> one.key() == key)
            .findFirst()
            .orElseThrow()
            .file();
    return estate.vcsim().file(descriptor.replace(".vmdk", "-flat.vmdk")).toString();
  }

  @Override
  public void write(VmRef of, String disk, long offsetBytes, byte[] bytes) {
    try (RandomAccessFile file = new RandomAccessFile(file(of, disk), "rwd")) {
      file.seek(offsetBytes);
      file.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] read(VmRef of, String disk, long offsetBytes, int length) {
    try (RandomAccessFile file = new RandomAccessFile(file(of, disk), "r")) {
      byte[] bytes = new byte[length];
      file.seek(offsetBytes);
      file.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void unplug(VmRef of) {
    estate.judge().unplug(of.name());
  }

  @Override
  public long effects(SiteEffect effect, VmRef of) {
    String reference = estate.judge().vm(of.name()).reference();
    return switch (effect) {
      case POWER_ON -> front.passed("PowerOnVM_Task", reference);
      case POWER_OFF -> front.passed("PowerOffVM_Task", reference);
      case SHUT_DOWN -> front.passed("ShutdownGuest", reference);
      case CREATE_SNAPSHOT -> done("VirtualMachine.createSnapshotEx", reference);
      case REVERT_TO_SNAPSHOT -> done("VirtualMachine.revertToSnapshot", reference);
      case REMOVE_SNAPSHOT -> done("VirtualMachine.removeSnapshot", reference);
    };
  }

  private long done(String kind, String reference) {
    return estate.judge().tasks().stream()
        .filter(task -> task.kind().equals(kind))
        .filter(task -> reference.equals(task.entity()))
        .filter(task -> task.state().equals("success"))
        .count();
  }

  @Override
  public void breakSite() {
    front.close();
  }

  @Override
  public void fillHosts() {
    front.answer(
        "PowerOnVM_Task",
        asked -> Answer.fault("InsufficientMemoryResourcesFault", "No host has the memory.", ""));
  }

  @Override
  public void slowGuest(VmRef of) {
    tools(of.name(), false);
    onPower = () -> Thread.ofVirtual().start(() -> tools(of.name(), true));
  }

  @Override
  public void stubbornGuest(VmRef of) {
    front.answer("ShutdownGuest", asked -> Answer.of("ShutdownGuest", ""));
  }

  @Override
  public void silenceGuest(VmRef of) {
    tools(of.name(), false);
  }

  @Override
  public void close() {
    vcenters.close();
    front.close();
  }
}
