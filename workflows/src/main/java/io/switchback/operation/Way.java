package io.switchback.operation;

/**
 * A way to settle a claim that nobody works on any more.
 *
 * @param choose what to give as {@code choose} to take it
 * @param effect what it does with this replica as it is now, in a sentence
 */
public record Way(String choose, String effect) {
  /** Accepts what the hypervisor shows; only the registry is changed. */
  public static final String ADOPT = "adopt";

  /** Does what is left of the operation. */
  public static final String ROLL_FORWARD = "roll forward";

  /** Puts the replica back to the state that it came from. */
  public static final String ROLL_BACK = "roll back";
}
