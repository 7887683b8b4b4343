package io.switchback.lab;

import io.switchback.delta.StoredTags;
import io.switchback.delta.StoredTags.Current;
import io.switchback.delta.StoredTags.Making;
import io.switchback.delta.StoredTags.Standing;
import io.switchback.delta.StoredTags.Updating;
import io.switchback.delta.StoredTags.Useless;
import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** The calls of {@link StoredTags} as they travel between a sink and its disk's site. */
final class TagCalls {
  static final String STANDING = "standingOfTags";
  static final String UPDATE = "updateTags";
  static final String MAKE = "makeTags";
  static final String LEAVES = "storedTags";
  static final String PUT = "putTags";
  static final String FINISH = "finishTags";

  private TagCalls() {}

  /** One call to the site. */
  interface Site {
    /**
     * @return the answer, which may be empty
     */
    byte[] call(String kind, Requests.Storing storing) throws IOException;
  }

  /** What the site answers. */
  static byte[] answer(StoredTags tags, String kind, Requests.Storing storing) throws IOException {
    return switch (kind) {
      case STANDING -> bytes(words(tags.standing(storing.pass())));
      case UPDATE -> bytes(tags.update(storing.pass()).text());
      case MAKE -> bytes(tags.make(storing.pass(), TagKey.parse(storing.key())).text());
      case LEAVES -> tags.leaves(storing.superIndex()).orElse(new byte[0]);
      case PUT -> {
        tags.put(storing.superIndex(), HexFormat.of().parseHex(storing.leafTags()));
        yield new byte[0];
      }
      case FINISH -> {
        tags.finish();
        yield new byte[0];
      }
      default ->
          throw new LabException(LabFault.BAD_REQUEST, "No call '%s' of tags.".formatted(kind));
    };
  }

  private static String words(Standing standing) {
    return switch (standing) {
      case Current current -> "current " + current.key().text();
      case Updating updating -> "updating " + updating.key().text();
      case Making making -> "making " + making.key().text();
      case Useless useless -> "useless " + useless.reason();
    };
  }

  private static Standing standing(String words) throws IOException {
    int end = words.indexOf(' ');
    String rest = words.substring(end + 1);
    return switch (words.substring(0, Math.max(end, 0))) {
      case "current" -> new Current(TagKey.parse(rest));
      case "updating" -> new Updating(TagKey.parse(rest));
      case "making" -> new Making(TagKey.parse(rest));
      case "useless" -> new Useless(rest);
      default -> throw new IOException("The site does not say what its stored digests are worth.");
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The tags that a site stores, for one who writes the disk from elsewhere. */
  static StoredTags at(Site site) {
    return new Remote(site);
  }

  /** An answer that does not come is a failure: the pass ends, and is begun again. */
  private record Remote(Site site) implements StoredTags {
    private String text(String kind, Requests.Storing storing) throws IOException {
      return new String(site.call(kind, storing), StandardCharsets.UTF_8);
    }

    @Override
    public Standing standing(String pass) throws IOException {
      return TagCalls.standing(text(STANDING, Requests.Storing.of(pass)));
    }

    @Override
    public TagKey update(String pass) throws IOException {
      return TagKey.parse(text(UPDATE, Requests.Storing.of(pass)));
    }

    @Override
    public TagKey make(String pass, TagKey key) throws IOException {
      return TagKey.parse(text(MAKE, Requests.Storing.of(pass).with(key.text())));
    }

    @Override
    public Optional<byte[]> leaves(long superIndex) throws IOException {
      byte[] tags = site.call(LEAVES, Requests.Storing.of(superIndex, ""));
      return tags.length == 0 ? Optional.empty() : Optional.of(tags);
    }

    @Override
    public void put(long superIndex, byte[] leafTags) throws IOException {
      var _ = site.call(PUT, Requests.Storing.of(superIndex, HexFormat.of().formatHex(leafTags)));
    }

    @Override
    public void finish() throws IOException {
      var _ = site.call(FINISH, Requests.Storing.of(""));
    }
  }
}
