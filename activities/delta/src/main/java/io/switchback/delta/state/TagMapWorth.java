package io.switchback.delta.state;

import io.switchback.delta.StoredTags;
import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * What stored tags are worth, in one line.
 *
 * @param pass that may use them, a word; of no meaning when they are current
 * @param moment of the disk when they became current
 */
record TagMapWorth(long capacityBytes, Word word, String pass, TagKey key, String moment) {
  private static final String FIRST_WORDS = "switchback tags 1 ";

  /** Somebody wrote the disk, and did not tell of a pass. */
  static final String WRITTEN = "the disk was written or reverted since its digests were stored";

  private static final int MOST_BYTES = 4096;
  private static final TagKey NONE = TagKey.parse("gmac:" + "0".repeat(64));

  enum Word {
    CURRENT,
    UPDATING,
    MAKING,
    DAMAGED
  }

  TagMapWorth {
    if (pass.isEmpty() || pass.contains(" ") || moment.lines().count() != 1) {
      throw new IllegalArgumentException("A pass is a word, and a moment is one line.");
    }
  }

  String line() {
    return CheckedLine.of(
            "%s%d %s %s %s %s"
                .formatted(
                    FIRST_WORDS,
                    capacityBytes,
                    word.name().toLowerCase(Locale.ROOT),
                    pass,
                    key.text(),
                    moment))
        + "\n";
  }

  static TagMapWorth load(Folder folder, String name) throws IOException {
    try (Folder.Log file = folder.open(name)) {
      byte[] bytes = new byte[(int) Math.min(file.sizeBytes(), MOST_BYTES)];
      file.read(0, ByteBuffer.wrap(bytes));
      return parse(new String(bytes, StandardCharsets.UTF_8).stripTrailing());
    }
  }

  private static TagMapWorth parse(String line) {
    Optional<String> text =
        CheckedLine.text(line).filter(checked -> checked.startsWith(FIRST_WORDS));
    if (text.isEmpty()) {
      return new TagMapWorth(0, Word.DAMAGED, "-", NONE, "-");
    }
    String[] words = text.get().substring(FIRST_WORDS.length()).split(" ", 5);
    return new TagMapWorth(
        Long.parseLong(words[0]),
        Word.valueOf(words[1].toUpperCase(Locale.ROOT)),
        words[2],
        TagKey.parse(words[3]),
        words[4]);
  }

  /** Whether the pass has begun with the tags, and nobody after it. */
  boolean isOf(String ofPass) {
    return (word == Word.UPDATING || word == Word.MAKING) && pass.equals(ofPass);
  }

  StoredTags.Standing standing(String ofPass, long ofCapacityBytes, String now) {
    if (word == Word.DAMAGED || capacityBytes != ofCapacityBytes) {
      return new StoredTags.Useless("the stored digests are damaged, or of another disk");
    }
    if (word == Word.CURRENT) {
      return moment.equals(now) ? new StoredTags.Current(key) : new StoredTags.Useless(WRITTEN);
    }
    if (!pass.equals(ofPass)) {
      return new StoredTags.Useless(
          "a transfer that was interrupted left the disk other than its stored digests");
    }
    return word == Word.UPDATING ? new StoredTags.Updating(key) : new StoredTags.Making(key);
  }
}
