package io.switchback.delta;

import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A disk that is read and tagged there where it is, so that only tags travel. */
public interface TaggedDisk {

  /** Size of the disk in bytes. Never changes while the disk is open. */
  long capacityBytes();

  /**
   * Reads {@code ranges} and answers one tag per unit of {@code level}, in the order of the ranges:
   * {@link io.switchback.delta.tag.Tagger#TAG_BYTES} each, as that class defines them. A tag is of
   * what the disk holds, never of what was handed to it. What was never written counts as zeros.
   *
   * @param ranges each starts on a unit of the level and ends on one, or at the end of the disk
   * @throws IllegalArgumentException if a range does not, or reaches beyond the end of the disk
   */
  byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException;

  /**
   * The bytes themselves, where it costs less to read them than to have them tagged: for a disk of
   * this machine. They are of what the disk holds, as the tags are. Belongs to this disk, and is
   * closed with it.
   */
  default Optional<DiskSource> near() {
    return Optional.empty();
  }

  /** The algorithm that is fast where the disk is. */
  default TagAlgorithm tagAlgorithm() {
    return TagAlgorithm.fastest();
  }
}
