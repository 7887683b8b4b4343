package io.switchback.delta;

import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.util.List;

/**
 * What lies beside a sink and tells how far one transfer into it came, so that the next attempt
 * goes on whoever makes it. Nothing is believed of a transfer with another source, another sink or
 * another list of changes.
 */
public interface TransferJournal {

  /**
   * Goes on with the transfer, when the journal is of that one; otherwise it becomes an empty
   * journal of it, which survives a crash on return.
   *
   * @return what is known already, with the key that it was made with
   */
  Begun begin(Pass pass) throws IOException;

  /** Adds notes, in their order. A crash may lose the last ones: what they tell is done again. */
  void add(List<Note> notes) throws IOException;

  /** Forgets everything, also after a crash. */
  void clear() throws IOException;

  /**
   * What a transfer is made of.
   *
   * @param changes a digest of what was said to have changed
   * @param key for its tags, unless it was begun with another
   */
  record Pass(long capacityBytes, String changes, TagKey key) {}

  /** A transfer that goes on: nothing is known of a new one. */
  record Begun(TagKey key, List<Note> notes) {
    public Begun {
      notes = List.copyOf(notes);
    }
  }

  /** One thing that need not be done again. */
  sealed interface Note {}

  /** So many leaves that the list leaves out, or stored tags tell of, were found equal. */
  record Audited(int leaves) implements Note {}

  /** The list or the stored tags are not believed, and why: both disks are compared. */
  record Disbelieved(String reason) implements Note {}

  /**
   * A super of the source was compared.
   *
   * @param tag of the source's super, in hexadecimal digits
   * @param differing leaves, ascending, apart from each other
   * @param digest of the source's tags of those leaves, as 64 hexadecimal digits; none when nothing
   *     differs
   */
  record Compared(With with, long superIndex, String tag, List<ByteRange> differing, String digest)
      implements Note {
    public Compared {
      differing = List.copyOf(differing);
      if (!digest.matches(differing.isEmpty() ? "" : "[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "'" + digest + "' is no digest of " + differing.size() + " stretches.");
      }
    }

    /** Nothing differs. */
    static Compared equal(With with, long superIndex, String tag) {
      return new Compared(with, superIndex, tag, List.of(), "");
    }
  }

  /** What the source is compared with. */
  enum With {
    DISK,
    STORED_TAGS
  }

  /**
   * A super was sent, and the sink has flushed it since.
   *
   * @param digest of what was sent, in hexadecimal digits
   */
  record Applied(long superIndex, String digest) implements Note {}
}
