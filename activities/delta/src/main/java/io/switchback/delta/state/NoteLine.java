package io.switchback.delta.state;

import io.switchback.delta.ByteRange;
import io.switchback.delta.TransferJournal.Applied;
import io.switchback.delta.TransferJournal.Audited;
import io.switchback.delta.TransferJournal.Compared;
import io.switchback.delta.TransferJournal.Disbelieved;
import io.switchback.delta.TransferJournal.Note;
import io.switchback.delta.TransferJournal.With;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A note of a transfer's journal as one line of text. */
public final class NoteLine {
  private NoteLine() {}

  public static String of(Note note) {
    return switch (note) {
      case Audited one -> "audited " + one.leaves();
      case Disbelieved one -> "disbelieved " + one.reason().replace('\n', ' ');
      case Applied one -> "applied " + one.superIndex() + " " + one.digest();
      case Compared one ->
          word(one.with())
              + " "
              + one.superIndex()
              + " "
              + one.tag()
              + (one.differing().isEmpty() ? "" : " " + one.digest())
              + one.differing().stream()
                  .map(range -> " " + range.offsetBytes() + "+" + range.lengthBytes())
                  .collect(Collectors.joining());
    };
  }

  /**
   * @throws IOException if no note is written so
   */
  public static Note read(String line) throws IOException {
    String[] words = line.split(" ");
    try {
      return switch (words[0]) {
        case "audited" -> new Audited(Integer.parseInt(words[1]));
        case "disbelieved" -> new Disbelieved(line.substring(words[0].length() + 1));
        case "applied" -> new Applied(Long.parseLong(words[1]), words[2]);
        case "compared" -> compared(With.DISK, words);
        case "matched" -> compared(With.STORED_TAGS, words);
        default -> throw unknown(line, null);
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException malformed) {
      throw unknown(line, malformed);
    }
  }

  private static String word(With with) {
    return with == With.DISK ? "compared" : "matched";
  }

  private static Compared compared(With with, String[] words) {
    List<ByteRange> differing = new ArrayList<>();
    for (int at = 4; at < words.length; at++) {
      int plus = words[at].indexOf('+');
      differing.add(
          new ByteRange(
              Long.parseLong(words[at].substring(0, plus)),
              Long.parseLong(words[at].substring(plus + 1))));
    }
    return new Compared(
        with, Long.parseLong(words[1]), words[2], differing, words.length > 3 ? words[3] : "");
  }

  private static IOException unknown(
      String line, @org.jspecify.annotations.Nullable Exception cause) {
    return new IOException("The transfer's journal says '" + line + "'.", cause);
  }
}
