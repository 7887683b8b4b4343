package io.switchback.delta;

import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.util.Optional;

/**
 * The leaf tags of what a sink's disk holds, kept beside it from one pass to the next, so that the
 * next one need not read the disk to know what is there.
 *
 * <p>They have a key of their own, for as long as they are kept. Only the two ends of a transfer
 * may know it: to whoever writes to the disk and knew it, a change could be hidden. So it is never
 * the key of a {@link Proof}, which is recorded for all to see, and nobody but the owner reads
 * where it is kept.
 *
 * <p>Whatever a crash leaves, {@link Current} tags are of what the disk holds. Whoever writes the
 * disk outside of a pass that has told of itself makes them {@link Useless}, durably, before the
 * first byte. May be used by several threads at once, each for another super.
 */
public interface StoredTags {

  /**
   * What the tags are worth.
   *
   * @param pass a word that names one pass, whichever attempt of it: another pass, another name
   */
  Standing standing(String pass) throws IOException;

  /**
   * Tells that the pass will write, and put the tags of what it has written. The tags are {@link
   * Updating} from here on, also after a crash. Nothing happens when they are already.
   *
   * @return the key of the tags
   * @throws IllegalStateException if they are neither {@link Current} nor {@link Updating}
   */
  TagKey update(String pass) throws IOException;

  /**
   * Forgets all tags and tells that the pass will put those of the whole disk. They are {@link
   * Making} from here on, also after a crash, and none is there. When they are already, what was
   * put stays.
   *
   * @param key for the tags, unless the pass made them before with another
   * @return the key of the tags
   */
  TagKey make(String pass, TagKey key) throws IOException;

  /** The tags of the super's leaves; empty when none were put, or not as they were put. */
  Optional<byte[]> leaves(long superIndex) throws IOException;

  /**
   * Replaces the tags of a super.
   *
   * @param leafTags of all leaves of the super, of what the disk holds, with the key of the tags
   */
  void put(long superIndex, byte[] leafTags) throws IOException;

  /**
   * Ends the pass: the tags are {@link Current}, and stay so after a crash. The disk was flushed
   * since it was written. When somebody else wrote the disk meanwhile, they stay {@link Useless}.
   */
  void finish() throws IOException;

  /** What the tags are worth to a pass. */
  sealed interface Standing {}

  /** They are of what the disk holds now. */
  record Current(TagKey key) implements Standing {}

  /** They are of what the disk held when this pass began, except for what it has put since. */
  record Updating(TagKey key) implements Standing {}

  /** This pass puts them, and has not ended: some supers have none. */
  record Making(TagKey key) implements Standing {}

  /**
   * They say nothing of what the disk holds.
   *
   * @param reason why, as a clause that people read
   */
  record Useless(String reason) implements Standing {}
}
