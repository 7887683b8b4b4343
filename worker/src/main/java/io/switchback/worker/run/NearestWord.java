package io.switchback.worker.run;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a person may have meant by a mistyped word. */
public final class NearestWord {
  private NearestWord() {}

  /** The word within a few keystrokes of {@code typed}, if there is one. */
  public static Optional<String> to(String typed, Collection<String> words) {
    String lower = typed.toLowerCase(Locale.ROOT);
    int limit = Math.max(2, typed.length() / 2);
    return words.stream()
        .filter(word -> distance(lower, word.toLowerCase(Locale.ROOT)) <= limit)
        .min(Comparator.comparingInt(word -> distance(lower, word.toLowerCase(Locale.ROOT))));
  }

  /** Keystrokes from one to the other: insert, delete or replace one character. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, column -> column);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
