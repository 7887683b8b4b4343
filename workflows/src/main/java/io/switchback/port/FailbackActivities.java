package io.switchback.port;

import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.Mandate;
import io.switchback.model.Mistakes;
import io.switchback.model.RestorePoint;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the registry keeps of a failback from its begin to its end, which may be weeks later.
 * Meanwhile neither its target nor the VM that was production comes under another protection, and
 * retention leaves its protective snapshot alone.
 *
 * <p>Every method: REGISTRY_UNAVAILABLE (retried). Every change: FENCED, and nothing changed, when
 * the mandate's operation does not hold the claim, or a higher step of it has been seen.
 * Milliseconds.
 */
@ActivityInterface
public interface FailbackActivities {

  /**
   * Writes down the failback, before anything of its target is changed. If the same operation has
   * written it already, answers {@code changed = false} and leaves it as it is; but asked with a
   * target that the failback makes, names that and its disks, until the first synchronisation.
   *
   * @throws io.switchback.fault.FaultException REFUSED when the replica has a failback of another
   *     operation, or the target is at another site than production, or a VM of another replica, or
   *     has a disk of one
   */
  Done beginFailback(BeginFailback request);

  /** Answers the replica's failback. Changes nothing. */
  FailbackView describeFailback(DescribeFailback request);

  /**
   * Remembers the last synchronisation. If it is remembered already, answers {@code changed =
   * false}.
   *
   * @throws io.switchback.fault.FaultException REFUSED when the replica has no failback
   */
  Done recordRound(RecordRound request);

  /**
   * Moves the time of the switch. If it is that already, answers {@code changed = false}.
   *
   * @throws io.switchback.fault.FaultException REFUSED when the replica has no failback whose
   *     switch is scheduled
   */
  Done moveSwitch(MoveSwitch request);

  /**
   * Makes the target the replica's production VM, in one transaction: the protective snapshot is
   * its newest restore point, change tracking goes on from {@code changeIds}, and where the target
   * is another VM than production was, it and its disks are named in production's place everywhere.
   *
   * <p>If it is so already, answers {@code changed = false}. Another protective snapshot takes the
   * place of an earlier one.
   *
   * @throws io.switchback.fault.FaultException REFUSED when the replica has no failback
   */
  Done completeSwitch(CompleteSwitch request);

  /**
   * Ends the failback. Committed, its protective snapshot stays a restore point; where the target
   * is another VM than production was, that one is excluded from every rule, and rules that named
   * it name the target; the replica's network map has the failback's {@code networks} in place of
   * what it had for the same recovery networks. Otherwise the protective snapshot is no restore
   * point any more, and production, its disks and its change tracking are as they were at {@code
   * beginFailback}.
   *
   * <p>If the replica has none, answers {@code changed = false}.
   *
   * @throws io.switchback.fault.FaultException REFUSED when it is to be committed and its switch is
   *     not complete
   */
  Done endFailback(EndFailback request);

  /** Asks to write a failback down; without a round and a protective point. */
  record BeginFailback(Mandate mandate, String replicaId, Failback failback) {
    public BeginFailback {
      new Mistakes()
          .unless(
              failback == null || (failback.round() == null && failback.protectivePoint() == null),
              "a failback begins without a round and a protective point")
          .refuse("failback");
    }
  }

  /** Asks for the failback. */
  record DescribeFailback(String replicaId) {}

  /** The failback; null when the replica has none. */
  record FailbackView(@Nullable Failback failback) {}

  /** Asks to remember a synchronisation. */
  record RecordRound(Mandate mandate, String replicaId, Round round) {}

  /** Asks for another time of the switch. */
  record MoveSwitch(Mandate mandate, String replicaId, Instant at) {}

  /**
   * Asks to make the target production.
   *
   * @param point the protective snapshot
   * @param changeIds by the target's disk, from a snapshot of it that holds the same bytes; empty
   *     where changes are not tracked
   */
  record CompleteSwitch(
      Mandate mandate, String replicaId, RestorePoint point, Map<String, String> changeIds) {
    public CompleteSwitch {
      changeIds = Map.copyOf(changeIds);
    }
  }

  /** Asks to end the failback, for people with who asked and why. */
  record EndFailback(
      Mandate mandate, String replicaId, boolean committed, String by, String reason) {}
}
