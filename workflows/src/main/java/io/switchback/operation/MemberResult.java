package io.switchback.operation;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CheckOverride;
import io.switchback.model.RestorePoint;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.Points;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.switchback.port.VerifyActivities.Verification;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operation did with one replica.
 *
 * @param state of the replica now
 * @param rpo age of the restore point when the operation began; null where none was chosen
 * @param rto from the operation's begin until the guest was ready; null when it did not get ready
 *     or was not started
 * @param verified whether the guest got ready and every check passed
 * @param discardedBytes written by the replica and gone with its delta
 * @param skipped steps that a person left out
 * @param gone restore points that were removed for good; null when none were
 * @param reconciliation what was seen of a claim that nobody works on; null where none was looked
 *     for
 * @param failback what a switch to production has moved; null where there was none
 * @param notes what a person should know, in sentences
 */
public record MemberResult(
    String vm,
    String replicaId,
    Outcome outcome,
    @Nullable ReplicaState state,
    @Nullable RestorePoint restorePoint,
    @Nullable Duration rpo,
    @Nullable Duration rto,
    boolean verified,
    @Nullable Verification verification,
    List<NetworkState> network,
    long discardedBytes,
    List<CheckOverride> overrides,
    List<SkippedStep> skipped,
    @Nullable Points gone,
    @Nullable Reconciliation reconciliation,
    @Nullable FailbackFigures failback,
    List<String> notes) {
  public MemberResult {
    network = List.copyOf(network);
    overrides = List.copyOf(overrides);
    skipped = List.copyOf(skipped);
    notes = List.copyOf(notes);
  }

  /** The state for people; what is no longer protected has none. */
  String stateInWords() {
    return state == null ? "not protected" : state.toString();
  }

  /** What came of a member that nothing was started of. */
  static MemberResult of(
      String vm,
      String replicaId,
      Outcome outcome,
      @Nullable ReplicaState state,
      List<SkippedStep> skipped,
      List<String> notes) {
    return new MemberResult(
        vm, replicaId, outcome, state, null, null, null, false, null, List.of(), 0, List.of(),
        skipped, null, null, null, notes);
  }

  /** What is known of a member whose run has no result of its own. */
  static MemberResult without(Member member, Outcome outcome, String why) {
    return new MemberResult(
        member.replica().name(),
        member.replica().id(),
        outcome,
        member.state(),
        member.restorePoint(),
        null,
        null,
        false,
        null,
        List.of(),
        0,
        List.of(),
        List.of(),
        null,
        null,
        null,
        List.of(why));
  }
}
