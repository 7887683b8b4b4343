package io.switchback.port;

import static io.switchback.lifecycle.Operation.FAILBACK_LATER;
import static io.switchback.lifecycle.Operation.PARTIAL_FAILOVER;
import static io.switchback.lifecycle.Operation.SWITCH_OVER;
import static io.switchback.lifecycle.Operation.UNDO_FAILOVER;
import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CommitWindow;
import io.switchback.model.Fence;
import io.switchback.model.HttpCheck;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.TcpCheck;
import io.switchback.model.Undoable;
import io.switchback.model.WindowEnd;
import io.switchback.model.WindowTerms;
import io.switchback.port.ReconcileActivities.TakeOverReplica;
import io.switchback.port.WindowActivities.DescribeWindow;
import io.switchback.port.WindowActivities.EndWindow;
import io.switchback.port.WindowActivities.MoveWindow;
import io.switchback.port.WindowActivities.OpenWindow;
import io.switchback.port.WindowActivities.Opened;
import io.switchback.port.WindowActivities.PlanWindow;
import io.switchback.port.WindowActivities.WindowView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link WindowActivities} promises. */
public abstract class WindowContract extends RegistryContract {
  private static final WindowTerms TERMS =
      new WindowTerms(
          Duration.ofHours(4),
          WindowEnd.COMMIT,
          List.of(
              new HttpCheck("http://{address}/", 200, Duration.ofSeconds(5)),
              new TcpCheck("{address}:22", Duration.ofSeconds(5))));
  private static final Instant END = NOON.plus(Duration.ofHours(4));

  private PortCaller<WindowActivities> windows;

  @BeforeEach
  final void openWindows() {
    windows = new PortCaller<>(WindowActivities.class, registry.windows());
  }

  @AfterEach
  final void closeWindows() {
    windows.close();
  }

  @Test
  void keepsAWindowThatDoesNotCountYet() {
    Replica replica = failingOver();

    assertThat(plan(replica, Undoable.FAILOVER)).isEqualTo(new Done(true, 1));

    assertThat(described(replica)).isEqualTo(new WindowView(null, null));
    assertThat(claim(replica, OURS, PARTIAL_FAILOVER).windows())
        .containsExactly(asked(Undoable.FAILOVER));
  }

  @Test
  void keepsTheSameWindowOnceEvenWhenItCountsAlready() {
    Replica replica = failedOver();

    Done again =
        windows
            .attempt(2)
            .planWindow(new PlanWindow(ours(replica, 3), replica.id(), asked(Undoable.FAILOVER)));

    assertThat(again).isEqualTo(new Done(false, 2));

    assertThat(described(replica).window()).isEqualTo(asked(Undoable.FAILOVER).until(END, 0));
  }

  @Test
  void aLaterWordTakesThePlaceOfAnEarlierOne() {
    Replica replica = failingOver();
    plan(replica, Undoable.FAILOVER);
    CommitWindow other =
        new CommitWindow(
            THEIRS,
            Undoable.FAILOVER,
            new WindowTerms(Duration.ofDays(2), WindowEnd.UNDO, List.of()),
            "kim");

    var _ = windows.call().planWindow(new PlanWindow(ours(replica, 2), replica.id(), other));

    assertThat(claim(replica, OURS, PARTIAL_FAILOVER).windows()).containsExactly(other);
  }

  @Test
  void countsFromTheMomentThatItIsOpened() {
    Replica replica = failingOver();
    plan(replica, Undoable.FAILOVER);
    registry.state(replica, FAILOVER);

    Opened opened = open(replica, Undoable.FAILOVER, NOON);

    CommitWindow counting = asked(Undoable.FAILOVER).until(END, 0);
    assertThat(opened).isEqualTo(new Opened(counting, true, 1));
    assertThat(described(replica)).isEqualTo(new WindowView(replica, counting));
  }

  @Test
  void isOpenedOnce() {
    Replica replica = failedOver();

    Opened again = open(replica, Undoable.FAILOVER, NOON.plusSeconds(60));

    assertThat(again).isEqualTo(new Opened(asked(Undoable.FAILOVER).until(END, 0), false, 1));
  }

  @Test
  void opensNoneWhereNoneIsKept() {
    Replica replica = failingOver();
    plan(replica, Undoable.FAILOVER);

    assertThat(open(replica, Undoable.FAILBACK, NOON)).isEqualTo(new Opened(null, false, 1));
  }

  @Test
  void countsOnlyInTheStateThatItIsAbout() {
    Replica replica = failedOver();

    registry.state(replica, READY_TO_SWITCH);

    assertThat(described(replica)).isEqualTo(new WindowView(null, null));
  }

  @Test
  void answersNoneForWhoIsNotProtected() {
    assertThat(windows.call().describeWindow(new DescribeWindow("nobody")))
        .isEqualTo(new WindowView(null, null));
  }

  @Test
  void movesItsEnd() {
    Replica replica = failedOver();

    assertThat(move(replica, END, END.plusSeconds(60), false)).isEqualTo(new Done(true, 1));
    assertThat(move(replica, END, END.plusSeconds(60), false).changed()).isFalse();

    assertThat(described(replica).window())
        .isEqualTo(asked(Undoable.FAILOVER).until(END.plusSeconds(60), 0));
  }

  @Test
  void countsHowOftenTheProbesHaveMovedItSinceAPersonHas() {
    Replica replica = failedOver();
    move(replica, END, END.plusSeconds(1), true);
    move(replica, END.plusSeconds(1), END.plusSeconds(2), true);
    assertThat(described(replica).window())
        .isEqualTo(asked(Undoable.FAILOVER).until(END.plusSeconds(2), 2));

    move(replica, END.plusSeconds(2), END.plusSeconds(3), false);

    assertThat(described(replica).window())
        .isEqualTo(asked(Undoable.FAILOVER).until(END.plusSeconds(3), 0));
  }

  @Test
  void movesNothingThatIsNotAsItWasSeen() {
    Replica replica = failedOver();
    move(replica, END, END.plusSeconds(60), false);

    assertFault(Fault.REFUSED, () -> move(replica, END, END.plusSeconds(90), false));
    assertFault(
        Fault.REFUSED,
        () ->
            windows
                .call()
                .moveWindow(
                    new MoveWindow(
                        replica.id(),
                        THEIRS,
                        Undoable.FAILOVER,
                        END.plusSeconds(60),
                        END.plusSeconds(90),
                        false)));

    assertThat(described(replica).window())
        .isEqualTo(asked(Undoable.FAILOVER).until(END.plusSeconds(60), 0));
  }

  @Test
  void forgetsItWhenItIsEnded() {
    Replica replica = failedOver();

    assertThat(end(replica, THEIRS).changed()).as("another window").isFalse();
    assertThat(end(replica, OURS)).isEqualTo(new Done(true, 1));
    assertThat(end(replica, OURS).changed()).isFalse();

    assertThat(described(replica)).isEqualTo(new WindowView(null, null));
  }

  @Test
  void aReplicaThatIsReleasedHasLeftBehindWhatIsNotAboutItsState() {
    for (ReplicaState state : List.of(READY, READY_TO_SWITCH, FAILBACK)) {
      Replica replica = failedOver(state.name());
      registry.state(replica, state);
      release(replica, ours(replica, 9));
      registry.state(replica, FAILOVER);

      assertThat(described(replica)).as(state.name()).isEqualTo(new WindowView(null, null));
    }
  }

  @Test
  void aReplicaThatIsReleasedAsItWasKeepsItsWindow() {
    Replica replica = failedOver();
    release(replica, ours(replica, 9));

    CommitWindow counting = asked(Undoable.FAILOVER).until(END, 0);
    assertThat(described(replica).window()).isEqualTo(counting);
    assertThat(claim(replica, THEIRS, UNDO_FAILOVER).windows()).containsExactly(counting);
  }

  @Test
  void whatNeverCountedIsGoneWithItsOperation() {
    Replica replica = failingOver();
    plan(replica, Undoable.FAILOVER);
    release(replica, ours(replica, 9));

    assertThat(claim(replica, THEIRS, PARTIAL_FAILOVER).windows()).isEmpty();
  }

  @Test
  void aFailbackThatWaitsForItsSwitchKeepsItsWindow() {
    Replica replica = registry.protect("web-01", FAILOVER);
    claim(replica, OURS, FAILBACK_LATER);
    plan(replica, Undoable.FAILBACK);
    registry.state(replica, READY_TO_SWITCH);

    release(replica, ours(replica, 9));

    assertThat(claim(replica, THEIRS, SWITCH_OVER).windows())
        .containsExactly(asked(Undoable.FAILBACK));
  }

  @Test
  void aFailbackThatIsGivenUpLeavesTheWindowOfTheFailover() {
    Replica replica = failedOver();
    release(replica, ours(replica, 9));
    Fence theirs = claim(replica, THEIRS, FAILBACK_LATER).fence();
    CommitWindow back = new CommitWindow(THEIRS, Undoable.FAILBACK, TERMS, "kim");
    var _ =
        windows.call().planWindow(new PlanWindow(mandate(THEIRS, theirs, 1), replica.id(), back));

    release(replica, mandate(THEIRS, theirs, 2));

    assertThat(claim(replica, NOBODYS, UNDO_FAILOVER).windows())
        .containsExactly(asked(Undoable.FAILOVER).until(END, 0));
  }

  @Test
  void whoTakesAReplicaOverIsToldOfItsWindows() {
    Replica replica = failingOver();
    plan(replica, Undoable.FAILOVER);

    try (PortCaller<ReconcileActivities> reconcile =
        new PortCaller<>(ReconcileActivities.class, registry.reconcile())) {
      TakeOverReplica takeOver =
          new TakeOverReplica(
              THEIRS,
              replica.id(),
              OURS,
              registry.fence(replica).epoch(),
              "reconcile",
              "run-2",
              "kim");
      assertThat(reconcile.call().takeOverReplica(takeOver).windows())
          .containsExactly(asked(Undoable.FAILOVER));
    }
  }

  @Test
  void isGoneWithItsReplica() {
    Replica replica = failedOver();

    registry.unprotect(replica);

    assertThat(described(replica)).isEqualTo(new WindowView(null, null));
    assertFault(Fault.REFUSED, () -> move(replica, END, END.plusSeconds(60), false));
    assertThat(end(replica, OURS).changed()).isFalse();
  }

  @Test
  void refusesWhoeverDoesNotHoldTheReplicaAndLateSteps() {
    Replica replica = failingOver();
    plan(replica, Undoable.FAILOVER);
    Mandate nobodys = mandate(NOBODYS, registry.fence(replica), 9);

    for (Mandate fenced : List.of(nobodys, ours(replica, 0))) {
      for (ThrowingCallable change : everyChange(replica, fenced)) {
        assertFault(Fault.FENCED, change);
      }
    }
    assertThat(claim(replica, OURS, PARTIAL_FAILOVER).windows())
        .containsExactly(asked(Undoable.FAILOVER));
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    Replica replica = failedOver();
    Mandate mandate = ours(replica, 3);
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> described(replica));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> move(replica, END, END.plusSeconds(60), false));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> end(replica, OURS));
    for (ThrowingCallable change : everyChange(replica, mandate)) {
      assertFault(Fault.REGISTRY_UNAVAILABLE, change);
    }
  }

  private List<ThrowingCallable> everyChange(Replica replica, Mandate mandate) {
    return List.of(
        () ->
            windows
                .call()
                .planWindow(new PlanWindow(mandate, replica.id(), asked(Undoable.FAILBACK))),
        () ->
            windows
                .call()
                .openWindow(new OpenWindow(mandate, replica.id(), Undoable.FAILOVER, NOON)));
  }

  private Replica failingOver() {
    return failingOver("web-01");
  }

  private Replica failingOver(String vm) {
    Replica replica = registry.protect(vm, READY);
    claim(replica, OURS, PARTIAL_FAILOVER);
    return replica;
  }

  /** Held still, with a window that counts. */
  private Replica failedOver() {
    return failedOver("web-01");
  }

  private Replica failedOver(String vm) {
    Replica replica = failingOver(vm);
    plan(replica, Undoable.FAILOVER);
    registry.state(replica, FAILOVER);
    open(replica, Undoable.FAILOVER, NOON);
    return replica;
  }

  private static CommitWindow asked(Undoable of) {
    return new CommitWindow(OURS, of, TERMS, "dana");
  }

  private Mandate ours(Replica replica, long step) {
    return mandate(OURS, registry.fence(replica), step);
  }

  private Done plan(Replica replica, Undoable of) {
    return windows.call().planWindow(new PlanWindow(ours(replica, 1), replica.id(), asked(of)));
  }

  private Opened open(Replica replica, Undoable of, Instant now) {
    return windows.call().openWindow(new OpenWindow(ours(replica, 2), replica.id(), of, now));
  }

  private WindowView described(Replica replica) {
    return windows.call().describeWindow(new DescribeWindow(replica.id()));
  }

  private Done move(Replica replica, Instant seen, Instant to, boolean byProbes) {
    return windows
        .call()
        .moveWindow(new MoveWindow(replica.id(), OURS, Undoable.FAILOVER, seen, to, byProbes));
  }

  private Done end(Replica replica, String id) {
    return windows.call().endWindow(new EndWindow(replica.id(), id, Undoable.FAILOVER));
  }
}
