package io.switchback.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is done at the end of a window, unless somebody was faster. */
public enum WindowEnd {
  COMMIT,
  UNDO;

  /** Its name in inputs and for people, as in {@code commit}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that name; empty when there is none. */
  public static Optional<WindowEnd> named(String word) {
    return Arrays.stream(values()).filter(end -> end.word().equals(word)).findFirst();
  }
}
