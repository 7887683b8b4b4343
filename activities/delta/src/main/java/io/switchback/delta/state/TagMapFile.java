package io.switchback.delta.state;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;

import io.switchback.delta.StoredTags;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Stored tags in two files beside a disk: the tags, by super, each with its CRC32C, and what they
 * are worth, which is replaced as a whole. A super's tags are read and written alone: those of a
 * large disk are never in memory together.
 *
 * <p>Shared by all who write the disk through this process.
 */
public final class TagMapFile {
  public static final String FILE = "tags";
  public static final String WORTH = "tags.worth";
  private static final String TEMPORARY = "tags.worth.tmp";

  private static final int SUPER_TAG_BYTES = SUPER_BYTES / LEAF_BYTES * Tagger.TAG_BYTES;
  private static final int RECORD_BYTES = SUPER_TAG_BYTES + Integer.BYTES;

  private final Folder folder;
  private final long capacityBytes;
  private final Moment moment;
  private Folder.@Nullable Log file;
  private volatile @Nullable Holder inPass;
  private volatile boolean isForgotten;

  /** What the disk itself tells of when it was last written. */
  public interface Moment {
    /** For a disk that tells nothing. */
    Moment UNKNOWN = () -> "-";

    /** In one line: another line, another content. */
    String now() throws IOException;
  }

  public TagMapFile(Folder folder, long capacityBytes, Moment moment) {
    this.folder = folder;
    this.capacityBytes = capacityBytes;
    this.moment = moment;
  }

  /** The tags for one who writes the disk. */
  public StoredTags holder() {
    return new Holder();
  }

  /** To be called before the disk is written, by whom but the pass that has told of itself. */
  public void beforeWrite(StoredTags holder) throws IOException {
    if (inPass != holder && !isForgotten) {
      forget();
    }
  }

  /** Makes the tags useless, also after a crash. */
  public synchronized void forget() throws IOException {
    inPass = null;
    folder.delete(WORTH);
    folder.sync();
    isForgotten = true;
  }

  /** The holder has gone, whatever became of its pass. */
  public synchronized void leave(StoredTags holder) {
    if (inPass == holder) {
      inPass = null;
    }
  }

  /** Gives the file back; whatever needs it opens it again. */
  public synchronized void close() throws IOException {
    Folder.Log open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }

  private synchronized Folder.Log file() throws IOException {
    Folder.Log open = file;
    if (open == null) {
      open = folder.names().contains(FILE) ? folder.open(FILE) : folder.create(FILE);
      file = open;
    }
    return open;
  }

  private synchronized void store(TagMapWorth worth) throws IOException {
    try (Folder.Log fresh = folder.create(TEMPORARY)) {
      fresh.write(0, ByteBuffer.wrap(worth.line().getBytes(StandardCharsets.UTF_8)));
      fresh.sync();
    }
    folder.rename(TEMPORARY, WORTH);
    folder.sync();
    isForgotten = false;
  }

  private synchronized Optional<TagMapWorth> load() throws IOException {
    return folder.names().contains(WORTH)
        ? Optional.of(TagMapWorth.load(folder, WORTH))
        : Optional.empty();
  }

  private static int crc(TagKey key, long superIndex, ByteBuffer tags) {
    CRC32C crc = new CRC32C();
    // Tags of another key are none, and those of another super neither.
    crc.update(key.text().getBytes(StandardCharsets.US_ASCII));
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, superIndex));
    crc.update(tags.duplicate());
    return (int) crc.getValue();
  }

  private int tagBytes(long superIndex) {
    long length = Math.min(SUPER_BYTES, capacityBytes - superIndex * SUPER_BYTES);
    return Math.toIntExact(Math.ceilDiv(length, LEAF_BYTES)) * Tagger.TAG_BYTES;
  }

  private final class Holder implements StoredTags {
    private volatile @Nullable TagKey key;
    private volatile String pass = "";

    @Override
    public Standing standing(String of) throws IOException {
      Optional<TagMapWorth> stored = load();
      if (stored.isEmpty()) {
        // Whoever makes the tags useless leaves the file that they are in.
        return new Useless(
            folder.names().contains(FILE)
                ? TagMapWorth.WRITTEN
                : "no digests of the disk are stored");
      }
      TagMapWorth worth = stored.get();
      Standing standing = worth.standing(of, capacityBytes, moment.now());
      key = standing instanceof Useless ? null : worth.key();
      return standing;
    }

    @Override
    public TagKey update(String of) throws IOException {
      return switch (standing(of)) {
        case Current current -> tell(TagMapWorth.Word.UPDATING, of, current.key());
        case Updating updating -> go(updating.key(), of);
        case Making _, Useless _ ->
            throw new IllegalStateException(
                "Tags that are not there cannot be brought up to date.");
      };
    }

    @Override
    public TagKey make(String of, TagKey fresh) throws IOException {
      if (standing(of) instanceof Making making) {
        return go(making.key(), of);
      }
      synchronized (TagMapFile.this) {
        forget();
        close();
        try (Folder.Log emptied = folder.create(FILE)) {
          emptied.sync();
        }
      }
      return tell(TagMapWorth.Word.MAKING, of, fresh);
    }

    private TagKey tell(TagMapWorth.Word word, String of, TagKey with) throws IOException {
      synchronized (TagMapFile.this) {
        store(new TagMapWorth(capacityBytes, word, of, with, "-"));
        return go(with, of);
      }
    }

    private TagKey go(TagKey with, String of) {
      pass = of;
      key = with;
      inPass = this;
      return with;
    }

    private TagKey key() {
      TagKey known = key;
      if (known == null) {
        throw new IllegalStateException("No tags are there, and none were begun.");
      }
      return known;
    }

    @Override
    public Optional<byte[]> leaves(long superIndex) throws IOException {
      Folder.Log from = file();
      long offsetBytes = superIndex * RECORD_BYTES;
      if (from.sizeBytes() < offsetBytes + RECORD_BYTES) {
        return Optional.empty();
      }
      byte[] bytes = new byte[RECORD_BYTES];
      from.read(offsetBytes, ByteBuffer.wrap(bytes));
      ByteBuffer tags = ByteBuffer.wrap(bytes, 0, SUPER_TAG_BYTES);
      return ByteBuffer.wrap(bytes).getInt(SUPER_TAG_BYTES) == crc(key(), superIndex, tags)
          ? Optional.of(Arrays.copyOf(bytes, tagBytes(superIndex)))
          : Optional.empty();
    }

    @Override
    public void put(long superIndex, byte[] leafTags) throws IOException {
      if (leafTags.length != tagBytes(superIndex)) {
        throw new IllegalArgumentException(
            "Super %d has %d bytes of tags, not %d."
                .formatted(superIndex, tagBytes(superIndex), leafTags.length));
      }
      ByteBuffer bytes = ByteBuffer.allocate(RECORD_BYTES).put(0, leafTags);
      bytes.putInt(SUPER_TAG_BYTES, crc(key(), superIndex, bytes.slice(0, SUPER_TAG_BYTES)));
      file().write(superIndex * RECORD_BYTES, bytes);
    }

    @Override
    public void finish() throws IOException {
      synchronized (TagMapFile.this) {
        Optional<TagMapWorth> begun = load();
        if (inPass == this && begun.isPresent() && begun.get().isOf(pass)) {
          file().sync();
          folder.sync();
          store(new TagMapWorth(capacityBytes, TagMapWorth.Word.CURRENT, "-", key(), moment.now()));
          inPass = null;
        }
      }
    }
  }
}
