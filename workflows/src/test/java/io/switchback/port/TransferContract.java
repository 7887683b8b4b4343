package io.switchback.port;

import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static io.switchback.port.SiteContract.assertFault;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.TransferActivities.FenceOff;
import io.switchback.port.TransferActivities.Progress;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link TransferActivities} promises. */
public abstract class TransferContract {
  private static final String EMPTY = "\0\0\0\0\0";

  private TransferFixture sites;
  private Replica replica;
  private DiskPair first;
  private DiskPair second;
  private List<Long> places;
  private PortCaller<TransferActivities> transfers;

  /** Sites of their own for one test. */
  protected abstract TransferFixture open() throws Exception;

  @BeforeEach
  final void openSites() throws Exception {
    sites = open();
    replica = sites.replica();
    first = replica.disks().get(0);
    second = replica.disks().get(1);
    places = sites.places();
    transfers = new PortCaller<>(TransferActivities.class, sites.transfers());
  }

  @AfterEach
  final void closeSites() {
    transfers.close();
    sites.close();
  }

  @Test
  void saysWhetherTheFenceStoodThereAlready() {
    assertThat(fenceOff(5).changed()).isTrue();
    assertThat(fenceOff(5).changed()).isFalse();
    assertThat(fenceOff(6).changed()).isTrue();
  }

  @Test
  void refusesATransferUnderALowerFenceOnEachDisk() {
    produce("fresh", places);
    sites.snapshot("one");
    fenceOff(5);

    for (DiskPair disk : replica.disks()) {
      assertFault(Fault.FENCED, () -> transfer(4, disk, "one", null));
      assertThat(replicated(disk, places.getFirst())).isEqualTo(EMPTY);
    }
  }

  @Test
  void stopsARunningTransferAtItsNextBatch() {
    produce("fresh", places);
    sites.snapshot("one");
    try (PortCaller<TransferActivities> operation =
        new PortCaller<>(TransferActivities.class, sites.transfers())) {
      sites.betweenBatches(
          () -> operation.call().fenceOff(new FenceOff(mandate(5), sites.replica())));

      assertFault(Fault.FENCED, () -> transfer(4, first, "one", null));
    }
    assertThat(replicated(first, places.getLast())).as("written after the fence").isEqualTo(EMPTY);
  }

  @Test
  void changesNothingElseByFencingOff() {
    places.forEach(place -> write(replica.recovery(), first.recoveryDisk(), place, "older"));

    fenceOff(5);

    assertThat(replicated(first, places.getFirst())).isEqualTo("older");
    assertThat(sites.powerOfReplica()).isEqualTo(OFF);
    assertThat(transfers.details(Progress.class)).as("a transfer").isEmpty();
  }

  @Test
  void refusesToFenceOffUnderALowerFence() {
    fenceOff(5);

    assertFault(Fault.FENCED, () -> fenceOff(4));
  }

  @Test
  void fencesOffAReplicaThatRuns() {
    sites.powerReplica(ON);

    assertThat(fenceOff(5).changed()).isTrue();
    assertThat(sites.powerOfReplica()).isEqualTo(ON);
  }

  @Test
  void copiesTheSnapshotAndNothingThatCameAfterIt() {
    produce("fresh", places.subList(0, 2));
    sites.snapshot("one");
    produce("later", places.subList(1, 3));

    Transferred done = transfer(1, first, "one", null);

    assertThat(replicated(first, places.get(0))).isEqualTo("fresh");
    assertThat(replicated(first, places.get(1))).isEqualTo("fresh");
    assertThat(replicated(first, places.get(2))).isEqualTo(EMPTY);
    assertThat(replicated(second, places.get(0))).as("another disk").isEqualTo(EMPTY);
    assertThat(done.disk()).isEqualTo(first.recoveryDisk());
    assertThat(done.totalBytes()).isEqualTo(first.capacityBytes());
    assertThat(done.sentBytes()).isPositive().isLessThanOrEqualTo(done.readBytes());
  }

  @Test
  void copiesAllWithoutAnEarlierChangeIdAndSaysWhy() {
    produce("fresh", places);
    sites.snapshot("one");

    Transferred done = transfer(1, first, "one", null);

    assertThat(done.rung()).isEqualTo("FULL_COPY");
    assertThat(done.reason()).isNotBlank();
    assertThat(places).allSatisfy(place -> assertThat(replicated(first, place)).isEqualTo("fresh"));
  }

  @Test
  void copiesOnlyWhatChangedSinceTheEarlierChangeId() {
    produce("fresh", places);
    Map<String, String> ids = sites.snapshot("one");
    Transferred all = transfer(1, first, "one", null);
    produce("newer", places.subList(3, 4));
    sites.snapshot("two");

    Transferred done = transfer(2, first, "two", ids.get(first.productionDisk()));

    assertThat(done.rung()).isEqualTo("CHANGE_LIST");
    assertThat(done.reason()).isNotBlank();
    assertThat(done.sentBytes()).isPositive().isLessThan(all.sentBytes());
    assertThat(replicated(first, places.get(3))).isEqualTo("newer");
    assertThat(replicated(first, places.get(0))).isEqualTo("fresh");
  }

  @Test
  void doesNotBelieveAChangeListThatLacksSomething() {
    produce("fresh", places);
    Map<String, String> ids = sites.snapshot("one");
    transfer(1, first, "one", null);
    produce("newer", places.subList(3, 4));
    sites.snapshot("two");
    write(replica.recovery(), first.recoveryDisk(), places.getFirst(), "stray");

    Transferred done = transfer(2, first, "two", ids.get(first.productionDisk()));

    assertThat(done.rung()).isEqualTo("FULL_COMPARISON");
    assertThat(done.reason()).containsIgnoringCase("the change list lacks");
    assertThat(replicated(first, places.get(0))).isEqualTo("fresh");
    assertThat(replicated(first, places.get(3))).isEqualTo("newer");
  }

  @Test
  void sendsAgainWhatWasWrittenToTheReplicaSinceItsOwnPoint() {
    produce("fresh", places);
    Map<String, String> ids = sites.snapshot("one");
    Transferred all = transfer(1, first, "one", null);
    sites.snapshotReplica("point");
    produce("newer", places.subList(3, 4));
    sites.snapshot("two");
    write(replica.recovery(), first.recoveryDisk(), places.getFirst(), "stray");

    Transferred done =
        transfers
            .call()
            .transferDisk(
                new TransferDisk(
                    mandate(2),
                    replica.production(),
                    "two",
                    replica.recovery(),
                    first,
                    ids.get(first.productionDisk()),
                    "point",
                    "",
                    null));

    assertThat(done.rung())
        .isEqualTo(sites.listsWritesToReplicas() ? "CHANGE_LIST" : "FULL_COMPARISON");
    assertThat(done.sentBytes()).isPositive().isLessThan(all.sentBytes());
    assertThat(replicated(first, places.get(0))).isEqualTo("fresh");
    assertThat(replicated(first, places.get(3))).isEqualTo("newer");
  }

  @Test
  void comparesBothSidesWhenChangeTrackingWasResetAndSaysSo() {
    produce("fresh", places);
    Map<String, String> ids = sites.snapshot("one");
    Transferred all = transfer(1, first, "one", null);
    sites.resetChangeTracking();
    produce("newer", places.subList(3, 4));
    sites.snapshot("two");

    Transferred done = transfer(2, first, "two", ids.get(first.productionDisk()));

    assertThat(done.rung()).isEqualTo(sites.storesDigests() ? "STORED_DIGESTS" : "FULL_COMPARISON");
    assertThat(done.sentBytes()).isPositive().isLessThan(all.sentBytes());
    assertThat(done.reason()).containsIgnoringCase("change tracking was reset");
    assertThat(replicated(first, places.get(0))).isEqualTo("fresh");
    assertThat(replicated(first, places.get(3))).isEqualTo("newer");
  }

  @Test
  void writesTheSameBytesWhenItRunsAgain() {
    produce("fresh", places);
    sites.snapshot("one");
    Transferred once = transfers.attempt(1).transferDisk(request(1, first, "one", null));
    write(replica.recovery(), first.recoveryDisk(), places.getFirst(), "stray");

    Transferred again = transfers.attempt(2).transferDisk(request(1, first, "one", null));

    assertThat(again.attempt()).isEqualTo(2);
    assertSameRootOrAnotherKey(once, again);
    assertThat(replicated(first, places.getFirst())).isEqualTo("fresh");
  }

  @Test
  void refusesAnEarlierAttemptThatWakesUpLate() {
    produce("fresh", places);
    sites.snapshot("one");
    transfers.attempt(2).transferDisk(request(1, first, "one", null));
    write(replica.recovery(), first.recoveryDisk(), places.getFirst(), "after");

    assertFault(
        Fault.FENCED, () -> transfers.attempt(1).transferDisk(request(1, first, "one", null)));

    assertThat(replicated(first, places.getFirst())).isEqualTo("after");
  }

  @Test
  void heartbeatsHowFarItIs() {
    produce("fresh", places);
    sites.snapshot("one");

    transfer(1, first, "one", null);

    assertThat(transfers.details(Progress.class))
        .isNotEmpty()
        .allSatisfy(
            progress -> {
              assertThat(progress.sentBytes()).isLessThanOrEqualTo(progress.totalBytes());
              assertThat(progress.disk()).isNotBlank();
            });
  }

  @Test
  void provesWhatItSentByOneRootForOneContent() {
    produce("fresh", places);
    sites.snapshot("one");
    Transferred one = transfer(1, first, "one", null);
    produce("other", places);
    sites.snapshot("two");

    assertThat(one.root()).matches("[0-9a-f]{64}");
    assertSameRootOrAnotherKey(one, transfer(2, second, "one", null));
    assertThat(transfer(3, first, "two", null).root()).isNotEqualTo(one.root());
  }

  private static void assertSameRootOrAnotherKey(Transferred one, Transferred other) {
    if (Objects.equals(one.rootKey(), other.rootKey())) {
      assertThat(other.root()).as("equal disks, equal keys").isEqualTo(one.root());
    } else {
      assertThat(other.root()).as("equal disks, different keys").isNotEqualTo(one.root());
    }
  }

  @Test
  void saysThatTheSinkDoesNotHoldWhatItWasSent() {
    produce("fresh", places);
    sites.snapshot("one");
    sites.spoilAfterFlush();

    assertFault(Fault.PROOF_FAILED, () -> transfer(1, first, "one", null));
  }

  @Test
  void saysThatTheSnapshotIsGone() {
    produce("fresh", places);

    assertFault(Fault.RESTORE_POINT_NOT_FOUND, () -> transfer(1, first, "gone", null));

    assertThat(replicated(first, places.getFirst())).isEqualTo(EMPTY);
  }

  @Test
  void refusesToWriteUnderAReplicaThatRuns() {
    produce("fresh", places);
    sites.snapshot("one");
    sites.powerReplica(ON);

    assertFault(Fault.WRONG_POWER_STATE, () -> transfer(1, first, "one", null));

    sites.powerReplica(OFF);
    assertThat(replicated(first, places.getLast())).isEqualTo(EMPTY);
  }

  @Test
  void refusesDisksOfDifferentCapacity() {
    produce("fresh", places);
    sites.snapshot("one");
    sites.growReplicaDisk(first.recoveryDisk());

    assertFault(Fault.SHAPE_CHANGED, () -> transfer(1, first, "one", null));

    assertThat(replicated(first, places.getFirst())).isEqualTo(EMPTY);
  }

  @Test
  void saysThatTheDatastoreIsFull() {
    produce("fresh", places);
    sites.snapshot("one");
    sites.fillDatastore();

    assertFault(Fault.DATASTORE_FULL, () -> transfer(1, first, "one", null));
  }

  @Test
  void namesAVmThatTheHypervisorDoesNotKnow() {
    sites.snapshot("one");
    VmRef nobody = new VmRef(replica.recovery().site(), "vm-nobody-knows", "nobody");
    Replica unknown =
        new Replica("r", "nobody", replica.production(), nobody, replica.disks(), List.of());

    assertFault(
        Fault.VM_NOT_FOUND, () -> transfers.call().fenceOff(new FenceOff(mandate(1), unknown)));
    assertFault(
        Fault.VM_NOT_FOUND,
        () ->
            transfers
                .call()
                .transferDisk(
                    new TransferDisk(
                        mandate(1), replica.production(), "one", nobody, first, null)));
  }

  @Test
  void saysThatTheRecoverySiteDoesNotAnswer() {
    sites.snapshot("one");
    sites.breakRecovery();

    assertFault(Fault.SITE_UNREACHABLE, () -> fenceOff(1));
    assertFault(Fault.SITE_UNREACHABLE, () -> transfer(1, first, "one", null));
  }

  @Test
  void needsProductionForACopyAndNotForAFence() {
    sites.snapshot("one");
    sites.breakProduction();

    assertFault(Fault.SITE_UNREACHABLE, () -> transfer(1, first, "one", null));
    assertThat(fenceOff(2).changed()).isTrue();
  }

  private void produce(String content, List<Long> where) {
    for (DiskPair disk : replica.disks()) {
      where.forEach(place -> write(replica.production(), disk.productionDisk(), place, content));
    }
  }

  private void write(VmRef vm, String disk, long place, String content) {
    sites.write(vm, disk, place, content.getBytes(US_ASCII));
  }

  private String replicated(DiskPair disk, long place) {
    return new String(
        sites.read(replica.recovery(), disk.recoveryDisk(), place, EMPTY.length()), US_ASCII);
  }

  private Done fenceOff(long epoch) {
    return transfers.call().fenceOff(new FenceOff(mandate(epoch), replica));
  }

  private Transferred transfer(long epoch, DiskPair disk, String snapshot, @Nullable String since) {
    return transfers.call().transferDisk(request(epoch, disk, snapshot, since));
  }

  private TransferDisk request(long epoch, DiskPair disk, String snapshot, @Nullable String since) {
    return new TransferDisk(
        mandate(epoch), replica.production(), snapshot, replica.recovery(), disk, since);
  }

  private static Mandate mandate(long epoch) {
    return new Mandate("cycle/" + epoch, "transfer", new Fence(1, epoch, 1, 0));
  }
}
