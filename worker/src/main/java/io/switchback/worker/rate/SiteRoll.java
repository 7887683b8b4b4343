package io.switchback.worker.rate;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Counts the workers of a site, by what was heard of them at each look. Not for use by several
 * threads at once.
 *
 * <p>So that all of them together never take more than there is: whoever comes is counted at once,
 * and takes its part only after all others had the time to see it; whoever goes is counted until it
 * was silent for several looks. Looks that fail are none, so that a Temporal that was away, and
 * knows nobody when it comes back, makes nobody disappear.
 */
final class SiteRoll {
  /** Together longer than a worker may be cut off from Temporal until its transfers end. */
  static final int SILENT_LOOKS = 6;

  /** After this worker was on the roll itself; everybody else looks once in that time. */
  static final int LOOKS_TO_BE_SEEN = 2;

  private final String self;
  private final Map<String, Heard> others = new HashMap<>();
  private int looksOnRoll;

  private record Heard(String mark, int silentLooks) {}

  /**
   * @param self identity of this worker
   */
  SiteRoll(String self) {
    this.self = self;
  }

  /**
   * Looks once.
   *
   * @param heard see {@link SiteWorkers#heard}
   * @return how many workers there are, this one included; empty while not all of them can know
   *     that this one is there
   */
  OptionalInt look(Map<String, String> heard) {
    others.replaceAll((worker, last) -> new Heard(last.mark(), last.silentLooks() + 1));
    heard.forEach(
        (worker, mark) -> {
          Heard last = others.get(worker);
          if (last == null || !last.mark().equals(mark)) {
            others.put(worker, new Heard(mark, 0));
          }
        });
    boolean isOnRoll = others.remove(self) != null;
    if (isOnRoll || looksOnRoll > 0) {
      looksOnRoll++;
    }
    // Temporal forgets who was silent for long; whoever is heard again comes as a new one.
    others.entrySet().removeIf(one -> isGone(one.getValue()) && !heard.containsKey(one.getKey()));
    int alive = 1;
    for (Heard other : others.values()) {
      alive += isGone(other) ? 0 : 1;
    }
    return looksOnRoll > LOOKS_TO_BE_SEEN ? OptionalInt.of(alive) : OptionalInt.empty();
  }

  private static boolean isGone(Heard other) {
    return other.silentLooks() >= SILENT_LOOKS;
  }
}
