package io.switchback.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers every mistake of a record before it is refused, so that a person corrects an input once
 * and not five times.
 */
public final class Mistakes {
  private final List<String> found = new ArrayList<>();

  /** Notes {@code sentence} unless {@code holds}. */
  public Mistakes unless(boolean holds, String sentence) {
    if (!holds) {
      found.add(sentence);
    }
    return this;
  }

  /** Notes that {@code field} is missing when {@code value} is null or blank. */
  public Mistakes required(@Nullable String value, String field) {
    return unless(value != null && !value.isBlank(), field + " is missing");
  }

  /** Notes a sentence. */
  public Mistakes add(String sentence) {
    found.add(sentence);
    return this;
  }

  /** Every sentence noted so far. */
  public List<String> found() {
    return List.copyOf(found);
  }

  /**
   * Ends the gathering.
   *
   * @throws IllegalArgumentException that lists every mistake, when there is one
   */
  public void refuse(String what) {
    if (!found.isEmpty()) {
      throw new IllegalArgumentException(what + ": " + String.join("; ", found));
    }
  }
}
