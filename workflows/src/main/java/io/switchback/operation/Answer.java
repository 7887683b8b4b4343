package io.switchback.operation;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person answers to a parked member.
 *
 * @param vm name of the member, or {@code *} for every member parked at that step
 * @param step at which it is parked; absent: whichever it is
 * @param answer {@code retry}, {@code acknowledge}, {@code skip}, {@code abort} or {@code
 *     reconcile}
 * @param by who answers; needed to acknowledge and to skip
 * @param reason why; needed to acknowledge and to skip
 */
public record Answer(
    @Nullable String vm,
    @Nullable String step,
    @Nullable String answer,
    @Nullable String by,
    @Nullable String reason) {
  /** Tries the step again. */
  public static final String RETRY = "retry";

  /** Goes on against a failed check. */
  public static final String ACKNOWLEDGE = "acknowledge";

  /** Leaves the step out and goes on. */
  public static final String SKIP = "skip";

  /** Undoes what was done and ends in the state that the replica came from. */
  public static final String ABORT = "abort";

  /** Ends the run with everything as it is, its claim included, for reconcile to settle. */
  public static final String RECONCILE = "reconcile";

  /** Every answer. */
  public static final List<String> ALL = List.of(RETRY, ACKNOWLEDGE, SKIP, ABORT, RECONCILE);

  /** Every member. */
  public static final String EVERY = "*";

  private static final Set<String> ON_A_WORD = Set.of(ACKNOWLEDGE, SKIP);

  /** Whether {@code answer} takes effect only on somebody's word: a name and a reason. */
  public static boolean needsWord(@Nullable String answer) {
    return answer != null && ON_A_WORD.contains(answer);
  }

  boolean isFor(String member) {
    return vm == null || vm.equals(EVERY) || vm.equals(member);
  }
}
