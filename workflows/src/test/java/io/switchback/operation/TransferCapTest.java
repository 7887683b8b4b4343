package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.port.AdmissionActivities.Cap;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How many replicas of a site are sent to at once. */
class TransferCapTest {
  @AutoClose private final Estate estate = new Estate();
  private final AtomicInteger sending = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();

  @BeforeEach
  void leasesEndByTheEstatesClock() {
    estate.registry.clock(estate::now);
  }

  @Test
  void firstCopiesOfTenVmsAreSentTwoAtATime() {
    estate.registry.cap("munich", Cap.TRANSFERRING, 2);
    CyclicBarrier two = new CyclicBarrier(2);
    List<Replica> replicas = seeding(10);
    for (Replica replica : replicas) {
      estate.recovery.script().before("transferDisk", Estate.disk(replica), () -> begin(two));
      estate
          .recovery
          .script()
          .after("transferDisk", Estate.disk(replica), sending::decrementAndGet);
    }

    replicas.forEach(estate::loop);

    estate.until("all are ready", () -> replicas.stream().allMatch(this::isReady));
    assertThat(most).as("sent to at once").hasValue(2);
    estate.until(
        "every place is given back",
        () -> estate.registry.admitted("munich", Cap.TRANSFERRING) == 0);
  }

  @Test
  void whoWaitsForAPlaceKeepsNoSnapshotAtProductionAndSaysWhatItWaitsFor() {
    estate.registry.cap("munich", Cap.TRANSFERRING, 0);
    Replica replica = seeding(1).getFirst();

    WorkflowStub loop = estate.loop(replica);

    estate.until("it waits", () -> phase(loop).contains("transfers to munich"));
    assertThat(estate.production.snapshots(replica.production())).isEmpty();
    estate.registry.cap("munich", Cap.TRANSFERRING, 1);
    estate.until("it is ready", () -> isReady(replica));
  }

  @Test
  void aTransferThatTakesLongerThanALeaseKeepsItsPlace() {
    estate.registry.cap("munich", Cap.TRANSFERRING, 1);
    List<Replica> two = seeding(2);
    Replica slow = two.getFirst();
    estate.recovery.script().fail("transferDisk", Estate.disk(slow), Fault.SITE_UNREACHABLE, 90);
    Pace patient = new Pace(null, null, 200, Duration.ofSeconds(30), null);
    WorkflowStub first = estate.loop(slow, patient);
    estate.until("it is sent", () -> phase(first).contains("sends disk"));
    WorkflowStub second = estate.loop(two.getLast());
    estate.until("the other waits", () -> phase(second).contains("transfers to munich"));

    estate.environment().sleep(Duration.ofMinutes(35));

    assertThat(isReady(slow)).isFalse();
    assertThat(phase(second)).contains("waits for a place among the transfers to munich");
    estate.environment().sleep(Duration.ofMinutes(15));
    estate.until("both are ready", () -> two.stream().allMatch(this::isReady));
  }

  @Test
  void aPlaceOfALoopThatIsGoneEndsByItself() {
    estate.registry.cap("munich", Cap.TRANSFERRING, 1);
    List<Replica> two = seeding(2);
    Replica gone = two.getFirst();
    estate.recovery.script().fail("transferDisk", Estate.disk(gone), Fault.SITE_UNREACHABLE, 9999);
    WorkflowStub first =
        estate.loop(gone, new Pace(null, null, 9999, Duration.ofSeconds(30), null));
    estate.until("it is sent", () -> phase(first).contains("sends disk"));
    WorkflowStub second = estate.loop(two.getLast());
    estate.until("the other waits", () -> phase(second).contains("transfers to munich"));

    first.terminate("by a test");
    estate.environment().sleep(Duration.ofMinutes(11));

    estate.until("the other is ready", () -> isReady(two.getLast()));
  }

  @Test
  void aFailedTransferAndACancelledLoopGiveTheirPlacesBack() {
    estate.registry.cap("munich", Cap.TRANSFERRING, 1);
    List<Replica> two = seeding(2);
    estate
        .recovery
        .script()
        .fail("transferDisk", Estate.disk(two.getFirst()), Fault.PROOF_FAILED, 1);
    WorkflowStub failing = estate.loop(two.getFirst());
    estate.until("it failed", () -> !estate.registry.abandoned(two.getFirst().id()).isEmpty());
    estate.until(
        "its place is free", () -> estate.registry.admitted("munich", Cap.TRANSFERRING) == 0);
    estate.registry.cap("munich", Cap.TRANSFERRING, 0);
    WorkflowStub waiting = estate.loop(two.getLast());
    estate.until("it waits", () -> phase(waiting).contains("transfers to munich"));

    waiting.cancel();

    estate.until("it has ended", () -> waiting.describe().getStatus().name().endsWith("CANCELED"));
    assertThat(estate.registry.admitted("munich", Cap.TRANSFERRING)).isZero();
    failing.cancel();
  }

  @Test
  void aGroupThatIsLargerThanTheCapIsSentOneAfterAnother() {
    estate.registry.cap("munich", Cap.TRANSFERRING, 1);
    List<Replica> three = seeding(3);
    estate.registry.group("erp", three.get(0).id(), three.get(1).id(), three.get(2).id());
    for (Replica replica : three) {
      estate.recovery.script().before("transferDisk", Estate.disk(replica), this::begin);
      estate
          .recovery
          .script()
          .after("transferDisk", Estate.disk(replica), sending::decrementAndGet);
    }

    GroupReplicationStatus status =
        estate.groupLoop("erp").update("replicateNow", GroupReplicationStatus.class);

    assertThat(status.problem()).isEmpty();
    assertThat(status.newest()).isNotNull();
    assertThat(most).hasValue(1);
  }

  private List<Replica> seeding(int vms) {
    return IntStream.range(0, vms)
        .mapToObj(
            i -> {
              Replica replica = estate.protect("vm-%02d".formatted(i), SEEDING);
              estate.production.write(
                  replica.production(),
                  "p-" + replica.name() + "-disk-0",
                  0,
                  "first".getBytes(UTF_8));
              return replica;
            })
        .toList();
  }

  /** A transfer begins, and goes on when there is another one beside it. */
  private void begin(CyclicBarrier beside) {
    begin();
    try {
      beside.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
      throw new AssertionError("no other transfer came beside this one", alone);
    }
  }

  private void begin() {
    most.accumulateAndGet(sending.incrementAndGet(), Math::max);
  }

  private boolean isReady(Replica replica) {
    return estate.registry.state(replica.id()) == READY;
  }

  private static String phase(WorkflowStub loop) {
    return loop.query("status", ReplicationStatus.class).phase();
  }
}
