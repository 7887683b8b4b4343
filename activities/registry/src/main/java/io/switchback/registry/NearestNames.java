package io.switchback.registry;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Finds what a person may have meant by a mistyped name. */
final class NearestNames {
  private static final int AT_MOST = 3;

  private NearestNames() {}

  /** The names that lie within a few slips of the keyboard, nearest first. */
  static List<String> to(String typed, Collection<String> names) {
    int limit = Math.max(2, typed.length() / 3);
    return names.stream()
        .distinct()
        .filter(name -> distance(typed, name) <= limit)
        .sorted(
            Comparator.comparingInt((String name) -> distance(typed, name))
                .thenComparing(Comparator.naturalOrder()))
        .limit(AT_MOST)
        .toList();
  }

  /**
   * Slips from one to the other: a character too many, missing, wrong, or swapped with the next.
   */
  private static int distance(String from, String to) {
    int[][] slips = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        slips[i][j] = i == 0 || j == 0 ? i + j : slips(slips, from, i, to, j);
      }
    }
    return slips[from.length()][to.length()];
  }

  private static int slips(int[][] known, String from, int i, String to, int j) {
    int wrong = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
    int fewest =
        Math.min(known[i - 1][j - 1] + wrong, Math.min(known[i - 1][j], known[i][j - 1]) + 1);
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(fewest, known[i - 2][j - 2] + 1) : fewest;
  }
}
