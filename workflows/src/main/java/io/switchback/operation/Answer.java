package io.switchback.operation;

import org.jspecify.annotations.Nullable;

/**
 * What a person answers to a parked member.
 *
 * @param vm name of the member, or {@code *} for every member parked at that step
 * @param step at which it is parked; absent: whichever it is
 * @param answer {@code retry}, {@code acknowledge} or {@code abort}
 * @param by who answers; needed to acknowledge
 * @param reason why; needed to acknowledge
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

  /** Undoes what was done and ends in the state that the replica came from. */
  public static final String ABORT = "abort";

  /** Every member. */
  public static final String EVERY = "*";

  boolean isFor(String member) {
    return vm == null || vm.equals(EVERY) || vm.equals(member);
  }
}
