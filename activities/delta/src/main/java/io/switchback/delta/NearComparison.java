package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Compares two disks of this machine byte by byte. For use by one thread.
 *
 * <p>Only the source is tagged for the root: a leaf whose bytes are equal has the same tag at the
 * other end, so it is the root of both. What is kept are tags of the bytes that are there.
 */
final class NearComparison implements AutoCloseable {
  private static final int READ_BYTES = AheadReader.PART_BYTES;

  private final AheadReader here;
  private final AheadReader there;
  private final Tally tally;
  private final Tagger tagger;
  private final Optional<Tagger> keeping;
  private ByteBuffer tags = ByteBuffer.allocate(0);
  private ByteBuffer keptTags = ByteBuffer.allocate(0);
  private final List<ByteRange> zerosThere = new ArrayList<>();

  /**
   * @param kept the key of the tags that are kept of what is there, if any are
   */
  NearComparison(
      DiskSource here, DiskSource there, TagKey key, Optional<TagKey> kept, Tally tally) {
    this.here = new AheadReader(here);
    this.there = new AheadReader(there);
    this.tally = tally;
    this.tagger = new Tagger(key);
    this.keeping = kept.map(Tagger::new);
  }

  @Override
  public void close() {
    here.close();
    there.close();
  }

  /**
   * Compares a super.
   *
   * @param differing takes the leaves that differ, ascending, apart from each other
   * @return the tag of the source's
   */
  byte[] of(ByteRange whole, List<ByteRange> differing) throws IOException {
    tags = ByteBuffer.allocate(Geometry.leaves(whole) * Tagger.TAG_BYTES);
    keptTags = ByteBuffer.allocate(tags.capacity());
    zerosThere.clear();
    here.begin(whole);
    there.begin(whole);
    for (long at = whole.offsetBytes(); at < whole.endBytes(); at += READ_BYTES) {
      ByteRange part = ByteRange.between(at, Math.min(at + READ_BYTES, whole.endBytes()));
      boolean dataHere = here.read(part);
      boolean dataThere = there.read(part);
      if (dataHere) {
        tally.read(part.lengthBytes());
      }
      if (dataHere || dataThere) {
        compare(part, dataHere, dataThere, differing);
      } else {
        Tagger.zeroLeaves(Geometry.leaves(part), tags);
        Tagger.zeroLeaves(Geometry.leaves(part), keptTags);
      }
    }
    return tagger.up(TagLevel.SUPER, whole.offsetBytes(), tags.array());
  }

  /** Of the source's super that was compared last: its leaf tags. */
  byte[] tags() {
    return tags.array();
  }

  /** Of what was there of the super that was compared last: its leaf tags with the kept key. */
  byte[] keptTags() {
    return keptTags.array();
  }

  /** The zeros that are equal and may take space there, of the super that was compared last. */
  List<ByteRange> zerosThere() {
    return List.copyOf(zerosThere);
  }

  private void compare(
      ByteRange part, boolean dataHere, boolean dataThere, List<ByteRange> differing) {
    for (int from = 0; from < part.lengthBytes(); from += LEAF_BYTES) {
      int start = from;
      int length = (int) Math.min(LEAF_BYTES, part.lengthBytes() - from);
      long index = (part.offsetBytes() + from) / LEAF_BYTES;
      if (dataHere) {
        tagger.leaf(index, here.bytes(), here.at(from), length, tags);
      } else {
        Tagger.zeroLeaves(1, tags);
      }
      boolean isEqual = isEqual(from, length, dataHere, dataThere);
      if (isEqual && dataThere && isZero(there, from, length)) {
        add(new ByteRange(part.offsetBytes() + from, length), zerosThere);
      }
      if (dataThere) {
        keeping.ifPresent(
            kept -> kept.leaf(index, there.bytes(), there.at(start), length, keptTags));
      } else {
        Tagger.zeroLeaves(1, keptTags);
      }
      if (!isEqual) {
        add(new ByteRange(part.offsetBytes() + from, length), differing);
      }
    }
  }

  private boolean isEqual(int from, int length, boolean dataHere, boolean dataThere) {
    if (dataHere && dataThere) {
      int one = here.at(from);
      int other = there.at(from);
      return Arrays.equals(here.bytes(), one, one + length, there.bytes(), other, other + length);
    }
    return isZero(dataHere ? here : there, from, length);
  }

  private static boolean isZero(AheadReader side, int from, int length) {
    return Tagger.isZero(side.bytes(), side.at(from), length);
  }

  private static void add(ByteRange leaf, List<ByteRange> differing) {
    boolean touches = !differing.isEmpty() && differing.getLast().endBytes() == leaf.offsetBytes();
    differing.add(
        touches ? ByteRange.between(differing.removeLast().offsetBytes(), leaf.endBytes()) : leaf);
  }
}
