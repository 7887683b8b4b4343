package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.tag.Tagger.TAG_BYTES;

import io.switchback.delta.StoredTags.Current;
import io.switchback.delta.StoredTags.Making;
import io.switchback.delta.StoredTags.Standing;
import io.switchback.delta.StoredTags.Updating;
import io.switchback.delta.StoredTags.Useless;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * What one pass does with the tags that its sink keeps, if it keeps any.
 *
 * <p>Only what the sink has read back of its own disk is put: after a super was proven, or while
 * the disks are compared. The pass itself has another key, which its proof shows.
 */
final class TagsKept {
  /** So many leaves of a sample are read at once. */
  private static final int CHUNK = 64;

  private final DiskSink sink;
  private final Optional<StoredTags> stored;
  private final Resume resume;
  private final String pass;

  /** The key of the tags, as soon as this pass puts some. */
  private volatile @Nullable TagKey key;

  TagsKept(DiskSink sink, Resume resume) {
    this.sink = sink;
    this.stored = sink.storedTags();
    this.resume = resume;
    // The name is no secret, the key is one.
    this.pass =
        HexFormat.of()
            .formatHex(
                SuperDigest.sha256()
                    .digest(resume.key().text().getBytes(StandardCharsets.US_ASCII)));
  }

  /** The key to compare the source with the stored tags by, where that can be done. */
  Optional<TagKey> usable() throws IOException {
    return stored.isEmpty()
        ? Optional.empty()
        : switch (stored.get().standing(pass)) {
          case Current current -> Optional.of(current.key());
          case Updating updating -> Optional.of(updating.key());
          case Making _, Useless _ -> Optional.empty();
        };
  }

  /** Why there is nothing {@link #usable}; empty at a sink that never keeps any. */
  Optional<String> whyNot() throws IOException {
    return stored.isEmpty()
        ? Optional.empty()
        : switch (stored.get().standing(pass)) {
          case Useless useless -> Optional.of(useless.reason());
          case Making _ -> Optional.of("the digests of its disk are still being stored");
          case Current _, Updating _ -> Optional.empty();
        };
  }

  /**
   * The stored tags of a super; read from the disk where they are not as they were stored.
   *
   * @param with the key that is {@link #usable}
   */
  byte[] leaves(TagKey with, SuperRanges whole) throws IOException {
    Optional<byte[]> known = stored.orElseThrow().leaves(whole.superIndex());
    return known.isPresent() ? known.get() : sink.tags(with, TagLevel.LEAF, whole.ranges());
  }

  /**
   * Holds random leaves of the disk against what is stored.
   *
   * @return the first that is not as it is stored
   */
  Optional<ByteRange> firstWrong(TagKey with, List<ByteRange> sample, Crew crew, Tally tally)
      throws IOException, InterruptedException {
    ConcurrentSkipListMap<Long, ByteRange> wrong = new ConcurrentSkipListMap<>();
    crew.tag(
        (sample.size() + CHUNK - 1) / CHUNK,
        at -> {
          List<ByteRange> chunk =
              sample.subList(at * CHUNK, Math.min((at + 1) * CHUNK, sample.size()));
          byte[] found = sink.tags(with, TagLevel.LEAF, chunk);
          SuperRanges whole = wholeSuperOf(chunk.getFirst());
          Optional<byte[]> known = stored.orElseThrow().leaves(whole.superIndex());
          for (int leaf = 0; leaf < chunk.size(); leaf++) {
            ByteRange range = chunk.get(leaf);
            SuperRanges next = wholeSuperOf(range);
            // The sample ascends, and to ask for a super's tags may be a call to another machine.
            if (next.superIndex() != whole.superIndex()) {
              whole = next;
              known = stored.orElseThrow().leaves(whole.superIndex());
            }
            int from = tagAt(whole, range);
            if (known.isPresent()
                && !Arrays.equals(
                    known.get(),
                    from,
                    from + TAG_BYTES,
                    found,
                    leaf * TAG_BYTES,
                    (leaf + 1) * TAG_BYTES)) {
              wrong.put(range.offsetBytes(), range);
            }
            tally.done(range.lengthBytes());
          }
        });
    return Optional.ofNullable(wrong.firstEntry()).map(first -> first.getValue());
  }

  private SuperRanges wholeSuperOf(ByteRange leaf) {
    return Geometry.wholeSuper(
        (int) (leaf.offsetBytes() / Geometry.SUPER_BYTES), sink.capacityBytes());
  }

  private static int tagAt(SuperRanges whole, ByteRange leaf) {
    long start = whole.ranges().getFirst().offsetBytes();
    return (int) (leaf.offsetBytes() - start) / LEAF_BYTES * TAG_BYTES;
  }

  /** The pass will read all of the sink's disk: its tags are stored anew. */
  void make() throws IOException {
    if (stored.isPresent()) {
      key = stored.get().make(pass, TagKey.random(resume.key().algorithm()));
    }
  }

  /** The pass is about to write what {@code plan} says. */
  void beforeCopy(CopyPlan plan) throws IOException {
    if (stored.isEmpty() || key != null) {
      return;
    }
    Standing standing = stored.get().standing(pass);
    if (plan.rung() == Rung.FULL_COPY) {
      make();
    } else if (standing instanceof Updating || (standing instanceof Current && plan.size() > 0)) {
      key = stored.get().update(pass);
    } else if (plan.rung() == Rung.STORED_DIGESTS && plan.size() > 0) {
      throw new IOException(
          "The digests stored of the sink's disk became useless while the source was compared with them. Retry.");
    }
  }

  /** Whether the pass may write and what is stored stays of use. */
  boolean isToldOf() {
    return stored.isEmpty() || key != null;
  }

  /** The key of the tags that this pass puts, if it puts any. */
  Optional<TagKey> key() {
    return Optional.ofNullable(key);
  }

  /**
   * As the other.
   *
   * @param leafTags with {@link #key}, of what the disk holds
   */
  void seen(int superIndex, byte[] leafTags) throws IOException {
    if (key != null) {
      stored.orElseThrow().put(superIndex, leafTags);
    }
  }

  /** The pass has looked at the whole super, and whether it sends something of it is not said. */
  void seen(SuperRanges whole) throws IOException {
    TagKey with = key;
    if (with != null) {
      byte[] tags = sink.tags(with, TagLevel.LEAF, whole.ranges());
      stored.orElseThrow().put(whole.superIndex(), tags);
    }
  }

  /**
   * The super's leaf tags with the key of the pass, which has {@link #seen} it then. It is read
   * once where the disk is near: to read it costs as much as to tag it.
   */
  byte[] seenWith(TagKey ofPass, SuperRanges whole) throws IOException {
    TagKey with = key;
    Optional<DiskSource> near = sink.near();
    if (with == null || near.isEmpty()) {
      byte[] tags = sink.tags(ofPass, TagLevel.LEAF, whole.ranges());
      seen(whole);
      return tags;
    }
    List<byte[]> tags = DiskTags.leavesWith(List.of(ofPass, with), near.get(), whole);
    stored.orElseThrow().put(whole.superIndex(), tags.getLast());
    return tags.getFirst();
  }

  /** An earlier attempt of the pass has {@link #seen} the super. */
  void seenBefore(SuperRanges whole) throws IOException {
    if (key != null && stored.orElseThrow().leaves(whole.superIndex()).isEmpty()) {
      seen(whole);
    }
  }

  /**
   * The sink was shown to hold what was sent. Nothing is stored of it when it is not what the
   * comparison with the stored tags has found.
   *
   * @param at the position in the plan
   * @return whether it is, as far as the plan tells
   */
  boolean proven(CopyPlan plan, int at) throws IOException {
    TagKey with = key;
    SuperRanges sent = plan.get(at);
    if (with == null) {
      return true;
    }
    SuperRanges whole = Geometry.wholeSuper((int) sent.superIndex(), sink.capacityBytes());
    Optional<byte[]> known =
        sent.equals(whole) ? Optional.empty() : stored.orElseThrow().leaves(sent.superIndex());
    byte[] tags = known.isPresent() ? known.get() : sink.tags(with, TagLevel.LEAF, whole.ranges());
    if (known.isPresent()) {
      byte[] now = sink.tags(with, TagLevel.LEAF, sent.ranges());
      int from = 0;
      for (ByteRange range : sent.ranges()) {
        int length = Geometry.leaves(range) * TAG_BYTES;
        System.arraycopy(now, from, tags, tagAt(whole, range), length);
        from += length;
      }
    }
    if (!plan.isAsStored(at, SuperDigest.ofSome(whole.ranges().getFirst(), sent, tags))) {
      return false;
    }
    stored.orElseThrow().put(sent.superIndex(), tags);
    return true;
  }

  /** The sink has flushed, and all that was sent is {@link #proven}. */
  void finish() throws IOException {
    if (key != null) {
      stored.orElseThrow().finish();
    }
  }
}
