package io.switchback.vsphere;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.port.Done;
import io.switchback.port.PortCaller;
import io.switchback.port.SiteEffect;
import io.switchback.port.SnapshotActivities;
import io.switchback.port.SnapshotActivities.ChangeSnapshot;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.SnapshotActivities.Reverted;
import io.switchback.port.SnapshotActivities.Snapshot;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/**
 * A test fixture: a VM of a simulated vCenter, with bytes, whose snapshots are made through the
 * port. What it then has, the judge says.
 */
final class VmWithSnapshots implements AutoCloseable {
  private final VcsimEstate estate;
  private final VcsimSiteFixture site;
  private final PortCaller<SnapshotActivities> port;

  VmWithSnapshots(VcsimEstate estate) {
    this.estate = estate;
    site = VcsimSiteFixture.withBytes(estate);
    port = new PortCaller<>(SnapshotActivities.class, site.snapshots());
  }

  Front front() {
    return site.front();
  }

  Snapshot create(int attempt, long step, String name) {
    return port.attempt(attempt)
        .createSnapshot(new CreateSnapshot(mandate(step), site.vm(), name, false));
  }

  Snapshot createQuiesced(long step, String name) {
    return port.call().createSnapshot(new CreateSnapshot(mandate(step), site.vm(), name, true));
  }

  Reverted revert(int attempt, long step, String name) {
    return port.attempt(attempt).revertToSnapshot(change(step, name));
  }

  Done remove(int attempt, long step, String name) {
    return port.attempt(attempt).removeSnapshot(change(step, name));
  }

  private ChangeSnapshot change(long step, String name) {
    return new ChangeSnapshot(mandate(step), site.vm(), name);
  }

  private static Mandate mandate(long step) {
    return new Mandate("operation", "step", new Fence(1, 7, step, 0));
  }

  /** Makes two; the disks stand on the second one, and hold more. */
  void snapshotTwice() {
    write("first");
    create(1, 1, "one");
    write("secnd");
    create(1, 2, "two");
    write("after");
  }

  /** Writes to all of its disks. */
  void write(String text) {
    site.disks(site.vm())
        .forEach(disk -> site.write(site.vm(), disk, 4096, text.getBytes(US_ASCII)));
  }

  /** What each of its disks holds there: five letters. */
  List<String> content() {
    return site.disks(site.vm()).stream()
        .map(disk -> new String(site.read(site.vm(), disk, 4096, 5), US_ASCII))
        .toList();
  }

  void powerOn() {
    site.power(site.vm(), PowerState.ON);
  }

  /** Suspends it; vSphere then changes nothing of its configuration, and vcsim would. */
  void suspend() {
    powerOn();
    estate.judge().suspend(site.vm().name());
    front()
        .always(
            "ReconfigVM_Task",
            new Deed.Refuse(
                "InvalidPowerState",
                "The attempted operation cannot be performed in the current state (Suspended).",
                "<requestedState>poweredOff</requestedState><existingState>suspended</existingState>"));
  }

  /** Its disks need consolidation from now on. */
  void needConsolidation() {
    front().disks().consolidations().need(now().reference());
  }

  Judge.Vm now() {
    return estate.judge().vm(site.vm().name());
  }

  List<Judge.Snapshot> snapshots() {
    return estate.judge().snapshots(site.vm().name());
  }

  List<String> names() {
    return snapshots().stream().map(Judge.Snapshot::name).toList();
  }

  String fence() {
    return now().extraConfig().get(Fences.KEY);
  }

  long effects(SiteEffect effect) {
    return site.effects(effect, site.vm());
  }

  static void assertFault(Fault fault, ThrowingCallable call) {
    assertFault(fault, "", call);
  }

  /** The sentence says that as well. */
  static void assertFault(Fault fault, String says, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).as(thrown.sentence()).isEqualTo(fault);
              assertThat(thrown.sentence()).contains(says);
            });
  }

  @Override
  public void close() {
    port.close();
    site.close();
  }
}
