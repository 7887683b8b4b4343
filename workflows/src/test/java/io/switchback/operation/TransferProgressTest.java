package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Replica;
import io.switchback.port.TransferActivities.Progress;
import io.temporal.client.WorkflowStub;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class TransferProgressTest {
  @AutoClose private final Estate estate = new Estate();
  private final CountDownLatch copied = new CountDownLatch(1);

  @AfterEach
  void letItEnd() {
    copied.countDown();
  }

  @Test
  void aLoopShowsHowFarItsTransferIs() {
    Replica replica = sendingSlowly("web-01");
    WorkflowStub loop = estate.loop(replica);
    estate.until("it sends", () -> phase(loop).contains("sends disk"));

    loop.signal(Replication.PROGRESSED, progress(replica, 42.9, 118L << 20, 170L));

    String words = "sends disk %s: 42 %%, 118 MiB/s, 3 min left".formatted(disk(replica));
    assertThat(phase(loop)).isEqualTo(words);
    assertThat(Estate.details(loop)).contains("42 %, 118 MiB/s, 3 min left");
    copied.countDown();
    estate.until("the copy is over", () -> !phase(loop).contains("sends disk"));
    loop.signal(Replication.PROGRESSED, progress(replica, 99, 0, null));
    assertThat(phase(loop)).as("that came too late").doesNotContain("%");
  }

  @Test
  void whatAnotherDisksTransferTellsIsNotTakenForThisOnes() {
    Replica replica = sendingSlowly("web-01");
    Replica other = estate.protect("web-02", SEEDING);
    WorkflowStub loop = estate.loop(replica);
    estate.until("it sends", () -> phase(loop).contains("sends disk"));

    loop.signal(Replication.PROGRESSED, progress(other, 42, 0, null));

    assertThat(phase(loop)).endsWith(disk(replica));
  }

  @Test
  void aGroupsLoopShowsEachMembersTransfer() {
    Replica replica = sendingSlowly("web-01");
    Replica other = sendingSlowly("web-02");
    estate.registry.group("erp", replica.id(), other.id());
    WorkflowStub loop = estate.groupLoop("erp");
    estate.until("both are sent", () -> Estate.details(loop).split("sends disk").length == 3);

    loop.signal(Replication.PROGRESSED, progress(other, 7, 0, 42L));

    assertThat(Estate.details(loop).lines())
        .anyMatch(line -> line.contains("web-02") && line.endsWith("7 %, 42 s left"))
        .anyMatch(line -> line.contains("web-01") && line.endsWith(disk(replica)));
  }

  @Test
  void whatIsNotKnownIsNotSaid() {
    Replica replica = estate.protect("web-01", SEEDING);
    assertThat(progress(replica, 0.4, 0, null).words()).isEqualTo("0 %");
    assertThat(progress(replica, 99.9, 10_240, 89L).words()).isEqualTo("99 %, 10 KiB/s, 89 s left");
    assertThat(progress(replica, 1, 1 << 20, 7200L).words()).isEqualTo("1 %, 1 MiB/s, 2 h left");
  }

  private Replica sendingSlowly(String vm) {
    Replica replica = estate.protect(vm, SEEDING);
    estate
        .recovery
        .script()
        .before(
            "transferDisk",
            Estate.disk(replica),
            () -> {
              try {
                assertThat(copied.await(10, TimeUnit.SECONDS)).isTrue();
              } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
              }
            });
    return replica;
  }

  private static Progress progress(
      Replica replica, double percent, long bytesPerSecond, Long remainingSeconds) {
    return new Progress(
        replica.recovery(),
        replica.disks().getFirst().recoveryDisk(),
        0,
        0,
        100,
        percent,
        bytesPerSecond,
        remainingSeconds);
  }

  private static String disk(Replica replica) {
    return replica.disks().getFirst().productionDisk();
  }

  private static String phase(WorkflowStub loop) {
    return loop.query("status", ReplicationStatus.class).phase();
  }
}
