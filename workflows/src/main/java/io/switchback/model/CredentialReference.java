package io.switchback.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;

/**
 * Where the credential for a site is to be found, never the credential itself: only this is written
 * into inputs, histories and the registry. In text as in {@code file:/etc/berlin.token}.
 *
 * @param target absolute path of the file; name of the variable; the command with its arguments,
 *     parted by blanks
 */
public record CredentialReference(Source source, String target) {
  /** Where a worker looks. */
  public enum Source {
    /** The content of a file. */
    FILE,
    /** A variable of the worker's environment. */
    ENV,
    /** What a program prints. */
    COMMAND;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public CredentialReference {
    target = target == null ? "" : target.strip();
    new Mistakes()
        .unless(source != null, "source is missing")
        .unless(!target.isEmpty(), "what it refers to is missing")
        .unless(
            source != Source.FILE || target.isEmpty() || target.startsWith("/"),
            "the file must be named by an absolute path")
        .unless(
            source != Source.ENV || target.isEmpty() || target.matches("[A-Za-z_][A-Za-z0-9_]*"),
            "the variable's name must be of letters, digits and '_'")
        .unless(target.chars().noneMatch(Character::isISOControl), "it must be one line")
        .refuse("credential reference");
  }

  /**
   * Reads the text form. A text that is none is not repeated in the mistake: somebody may have put
   * the credential itself there.
   *
   * @throws IllegalArgumentException when it is none
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static CredentialReference parse(String text) {
    String given = text.strip();
    for (Source source : Source.values()) {
      String head = source.word() + ":";
      if (given.startsWith(head)) {
        return new CredentialReference(source, given.substring(head.length()));
      }
    }
    throw new IllegalArgumentException(
        "credential reference: it must begin with one of "
            + Arrays.stream(Source.values()).map(source -> source.word() + ":").toList()
            + ", and never be the credential itself");
  }

  /** The text form. */
  @JsonValue
  @Override
  public String toString() {
    return source.word() + ":" + target;
  }
}
