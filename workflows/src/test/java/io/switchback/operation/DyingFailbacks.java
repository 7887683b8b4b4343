package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.switchback.port.AdmissionActivities.Cap;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;

/** Failbacks, and what ends them, that die after each of their steps and are settled each way. */
abstract class DyingFailbacks {
  @AutoClose final Estate estate = new Estate();
  final Deaths deaths = new Deaths(estate, this::assertConsistent);

  /** Ends after which a next operation was tried: the others are held to be the same in all. */
  private final Set<String> tried = new HashSet<>();

  /** What the target is to hold where it was not put back. */
  String home = "serving";

  /** The input of the failback that is tried. */
  abstract String failback(Replica replica);

  /** The same for later. */
  abstract String later(Replica replica);

  /** The replica serves, as if there had been no failback. */
  abstract void assertServes(Replica replica, String how);

  abstract void assertAwaitsSwitch(Replica replica, String how);

  abstract void assertFailedBack(Replica replica, String how);

  abstract void assertCommitted(Replica replica, String how);

  /** What the VM says that the data go back to. */
  abstract String atTarget(Replica replica);

  abstract void writeAtTarget(Replica replica, String text);

  abstract Replica failedOver(String name);

  /** Undoes the failback, and looks what it has left. */
  abstract void undo(Replica replica, String how);

  /** Takes what an earlier failback has left out of the way of the next. */
  void makeWay(Replica replica) {}

  /** Tries what comes after a commit. */
  void goOnCommitted(Replica replica, String how) {}

  private void assertConsistent(String type, Replica replica, String how) {
    assertThat(estate.registry.isClaimed(replica.id())).as(how).isFalse();
    assertThat(estate.registry.admitted("munich", Cap.STARTING)).as(how).isZero();
    ReplicaState state = estate.state(replica);
    assertThat(how).as("promised, and is " + state).containsPattern("effect=" + state + "\\b");
    switch (state) {
      case FAILOVER -> assertServes(replica, how);
      case READY_TO_SWITCH -> assertAwaitsSwitch(replica, how);
      case FAILBACK -> assertFailedBack(replica, how);
      default -> assertCommitted(replica, how);
    }
    if (tried.add(state + how.substring(how.indexOf("choose")))) {
      tryNext(state, replica, how);
    }
  }

  private void tryNext(ReplicaState state, Replica replica, String how) {
    switch (state) {
      case FAILOVER -> {
        makeWay(replica);
        next("Failback", failback(replica), FAILBACK, how);
        assertThat(atTarget(replica)).as(how).isEqualTo("serving");
      }
      case READY_TO_SWITCH -> {
        estate.write(replica, "switch1");
        next("SwitchOver", named(replica), FAILBACK, how);
        assertThat(atTarget(replica)).as(how).isEqualTo("switch1");
        undo(replica, "switch1", how);
      }
      case FAILBACK -> undo(replica, "serving", how);
      default -> goOnCommitted(replica, how);
    }
  }

  private void undo(Replica replica, String content, String how) {
    undo(replica, how);
    assertThat(estate.content(replica)).as(how).isEqualTo(content);
  }

  final void next(String type, String input, ReplicaState state, String how) {
    MemberResult result = estate.runOne(type, input);
    assertThat(result.outcome()).as("%s after %s: %s", type, how, result).isEqualTo(Outcome.DONE);
    assertThat(result.state()).as("%s after %s", type, how).isEqualTo(state);
  }

  final Replica synchronised(String name) {
    Replica replica = failedOver(name);
    estate.write(replica, "earlier");
    next("Failback", later(replica), READY_TO_SWITCH, "at first");
    estate.write(replica, "serving");
    return replica;
  }

  final Replica failedBack(String name) {
    Replica replica = failedOver(name);
    next("Failback", failback(replica), FAILBACK, "at first");
    home = "newer-1";
    writeAtTarget(replica, home);
    return replica;
  }

  static String named(Replica replica) {
    return "{\"vms\":[\"%s\"]}".formatted(replica.name());
  }
}
