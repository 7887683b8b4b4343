package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.ReplicationActivities.ExtendNetworks;
import io.switchback.port.ReplicationActivities.TimeSwitch;
import io.switchback.port.ReplicationActivities.TimeWindow;
import io.switchback.port.ReplicationActivities.WakeGroup;
import io.switchback.port.ReplicationActivities.WakeReplication;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link ReplicationActivities} promises. */
public abstract class ReplicationContract {
  private static final String REPLICA = "web-01.1";
  private static final String OTHER = "db-01.2";

  private ReplicationFixture loops;
  private PortCaller<ReplicationActivities> replication;

  /** Loops of their own for one test. */
  protected abstract ReplicationFixture open() throws Exception;

  @BeforeEach
  final void openLoops() throws Exception {
    loops = open();
    replication = new PortCaller<>(ReplicationActivities.class, loops.replication());
  }

  @AfterEach
  final void closeLoops() {
    replication.close();
    loops.close();
  }

  @Test
  void wakesTheLoopThatRuns() {
    loops.start(REPLICA);

    assertThat(wake(1, REPLICA)).isEqualTo(new Done(true, 1));

    assertThat(loops.woken(REPLICA)).isEqualTo(1);
    assertThat(loops.started(REPLICA)).isEqualTo(1);
  }

  @Test
  void startsALoopThatDoesNotRun() {
    wake(1, REPLICA);

    assertThat(loops.started(REPLICA)).isEqualTo(1);
  }

  @Test
  void startsALoopThatHasEnded() {
    loops.start(REPLICA);
    loops.end(REPLICA);

    wake(1, REPLICA);

    assertThat(loops.started(REPLICA)).isEqualTo(2);
  }

  @Test
  void hasOneLoopHoweverOftenItIsAsked() {
    wake(1, REPLICA);

    assertThat(wake(2, REPLICA).attempt()).isEqualTo(2);

    assertThat(loops.started(REPLICA)).isEqualTo(1);
  }

  @Test
  void leavesOtherLoopsAsleep() {
    loops.start(OTHER);

    wake(1, REPLICA);

    assertThat(loops.woken(OTHER)).isZero();
    assertThat(loops.started(OTHER)).isEqualTo(1);
  }

  @Test
  void startsAGroupsLoopOnceAndWakesItOnlyWhenItShallCycleNow() {
    replication.call().wakeGroup(new WakeGroup("erp", false));
    replication.call().wakeGroup(new WakeGroup("erp", false));
    int before = loops.wokenOfGroup("erp");

    assertThat(replication.attempt(2).wakeGroup(new WakeGroup("erp", true)).attempt()).isEqualTo(2);

    assertThat(before).isZero();
    assertThat(loops.wokenOfGroup("erp")).isEqualTo(1);
    assertThat(loops.startedOfGroup("erp")).isEqualTo(1);
  }

  @Test
  void startsATimerOnceAndWakesItEachTime() {
    assertThat(replication.call().timeSwitch(new TimeSwitch(REPLICA, "web-01", true)))
        .isEqualTo(new Done(true, 1));
    assertThat(
            replication.attempt(2).timeSwitch(new TimeSwitch(REPLICA, "web-01", false)).attempt())
        .isEqualTo(2);

    assertThat(loops.startedTimers(REPLICA)).isEqualTo(1);
    assertThat(loops.wokenTimers(REPLICA)).isEqualTo(2);
    assertThat(loops.startedTimers(OTHER)).isZero();
    assertThat(loops.started(REPLICA)).as("replication is not woken").isZero();
  }

  @Test
  void startsTheTimerOfAWindowOnceAndWakesItEachTime() {
    assertThat(replication.call().timeWindow(new TimeWindow(REPLICA, "web-01")))
        .isEqualTo(new Done(true, 1));
    assertThat(replication.attempt(2).timeWindow(new TimeWindow(REPLICA, "web-01")).attempt())
        .isEqualTo(2);

    assertThat(loops.startedWindows(REPLICA)).isEqualTo(1);
    assertThat(loops.wokenWindows(REPLICA)).isEqualTo(2);
    assertThat(loops.startedWindows(OTHER)).isZero();
    assertThat(loops.startedTimers(REPLICA)).as("a switch has a timer of its own").isZero();
  }

  @Test
  void startsTheLoopOfAPairOfNetworksOnceAndWakesItEachTime() {
    assertThat(replication.call().extendNetworks(new ExtendNetworks(7)))
        .isEqualTo(new Done(true, 1));
    assertThat(replication.attempt(2).extendNetworks(new ExtendNetworks(7)).attempt()).isEqualTo(2);

    assertThat(loops.startedPairs(7)).isEqualTo(1);
    assertThat(loops.wokenPairs(7)).isEqualTo(2);
  }

  private Done wake(int attempt, String replicaId) {
    return replication.attempt(attempt).wakeReplication(new WakeReplication(replicaId, "web-01"));
  }
}
