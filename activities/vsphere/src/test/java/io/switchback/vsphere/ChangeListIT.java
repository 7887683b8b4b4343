package io.switchback.vsphere;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.port.PortCaller;
import io.switchback.port.TransferActivities;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is asked of change tracking, cycle after cycle. */
@ByteTier
class ChangeListIT {
  @AutoClose private static final TransferEstates ESTATES = new TransferEstates();

  @AutoClose private final VcsimTransferFixture sites = ESTATES.byPath();
  private final DiskPair disk = sites.replica().disks().getFirst();

  @AutoClose
  private final PortCaller<TransferActivities> transfers =
      new PortCaller<>(TransferActivities.class, sites.transfers());

  @Test
  void isBelievedWhileTheReplicaStandsOnItsPoint() {
    Map<String, String> ids = firstCycle();

    Transferred done = transfer(2, "two", ids.get(disk.productionDisk()));

    assertThat(done.rung()).as(done.reason()).isEqualTo("CHANGE_LIST");
    assertThat(replicated(1)).isEqualTo("newer");
  }

  @Test
  void isReadToItsEnd() {
    sites.production().disks().tracking().answerAtMost(1);
    Map<String, String> ids = firstCycle();

    Transferred done = transfer(2, "two", ids.get(disk.productionDisk()));

    assertThat(done.rung()).as(done.reason()).isEqualTo("CHANGE_LIST");
    assertThat(replicated(1)).isEqualTo("newer");
    assertThat(replicated(3)).isEqualTo("newer");
  }

  /** Then production has written in two places and has a second snapshot. */
  private Map<String, String> firstCycle() {
    write(0, "fresh");
    write(1, "fresh");
    Map<String, String> ids = sites.snapshot("one");
    var _ = transfer(1, "one", null);
    sites.snapshotReplica("point");
    write(1, "newer");
    write(3, "newer");
    var _ = sites.snapshot("two");
    return ids;
  }

  private void write(int place, String content) {
    sites.write(
        sites.replica().production(),
        disk.productionDisk(),
        sites.places().get(place),
        content.getBytes(US_ASCII));
  }

  private String replicated(int place) {
    return new String(
        sites.read(sites.replica().recovery(), disk.recoveryDisk(), sites.places().get(place), 5),
        US_ASCII);
  }

  private Transferred transfer(long epoch, String snapshot, @Nullable String since) {
    return transfers
        .call()
        .transferDisk(
            new TransferDisk(
                new Mandate("cycle/" + epoch, "transfer", new Fence(1, epoch, 1, 0)),
                sites.replica().production(),
                snapshot,
                sites.replica().recovery(),
                disk,
                since,
                since == null ? null : "point",
                "",
                null));
  }
}
