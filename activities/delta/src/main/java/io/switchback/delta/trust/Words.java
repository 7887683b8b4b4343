package io.switchback.delta.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What a name in a grant may be made of. */
final class Words {
  static final int MOST_BYTES = 512;

  private Words() {}

  /**
   * Returns {@code text} when it is one.
   *
   * @throws IllegalArgumentException when it is empty, too long, or not printable in one line
   */
  static String required(String text, String field) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("A grant needs its " + field + ".");
    }
    return optional(text, field);
  }

  static String optional(String text, String field) {
    if (text.chars().anyMatch(Character::isISOControl) || !UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          "The " + field + " of a grant is one line of whole characters.");
    }
    if (text.getBytes(UTF_8).length > MOST_BYTES) {
      throw new IllegalArgumentException(
          "The %s of a grant has at most %d bytes.".formatted(field, MOST_BYTES));
    }
    return text;
  }
}
