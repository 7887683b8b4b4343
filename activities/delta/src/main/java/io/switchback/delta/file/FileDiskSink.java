package io.switchback.delta.file;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.StoredTags;
import io.switchback.delta.TransferJournal;
import io.switchback.delta.state.DirectoryFolder;
import io.switchback.delta.state.Folder;
import io.switchback.delta.state.JournalFile;
import io.switchback.delta.state.TagMapFile;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A disk in a file that exists and has its size, or on a block device. Nobody else may write it
 * while this is open. Zeros become holes where they can, in a file by pages of 4 KiB.
 *
 * <p>Its state, if it has a folder for that, is a {@link TransferJournal} and {@link StoredTags}.
 * The system tells when somebody wrote a file in the meantime, and then the stored tags are
 * useless; of a device it does not tell, nor of a file whose transfer was interrupted: whoever
 * writes those removes the folder.
 */
public final class FileDiskSink implements DiskSink {
  private final SparseFile file;
  private final DiskSource readBack;
  private final FenceCheck fence;
  private final Optional<State> state;

  /** What lies beside the disk. */
  private record State(JournalFile journal, TagMapFile map, StoredTags tags) {
    static State in(Path folder, Path disk, long capacityBytes, String source) throws IOException {
      Folder files = new DirectoryFolder(folder);
      String name = "file " + disk.toAbsolutePath().normalize();
      TagMapFile map = new TagMapFile(files, capacityBytes, () -> momentOf(disk));
      return new State(JournalFile.of(files, name, source), map, map.holder());
    }

    void close() throws IOException {
      journal.close();
      map.close();
    }
  }

  /** A sink that remembers nothing. */
  public FileDiskSink(Path path, FenceCheck fence) throws IOException {
    this(path, fence, Optional.empty());
  }

  /**
   * A sink that remembers how far a transfer came, and the tags of what the disk holds.
   *
   * @param state a folder for this disk and no other, made when there is none
   * @param source names the source at one moment, in one line: the same name, the same bytes
   */
  public FileDiskSink(Path path, FenceCheck fence, Path state, String source) throws IOException {
    this(path, fence, Optional.of(new Remembered(state, source)));
  }

  private record Remembered(Path folder, String source) {}

  private FileDiskSink(Path path, FenceCheck fence, Optional<Remembered> remembered)
      throws IOException {
    this.file = SparseFile.openForWriting(path);
    DiskSource opened = null;
    try {
      opened = new FileDiskSource(path);
      this.readBack = opened;
      this.state =
          remembered.isPresent()
              ? Optional.of(
                  State.in(
                      remembered.get().folder(), path, file.sizeBytes(), remembered.get().source()))
              : Optional.empty();
    } catch (IOException | RuntimeException failed) {
      if (opened != null) {
        opened.close();
      }
      file.close();
      throw failed;
    }
    this.fence = fence;
  }

  /** Which file it is, and when it was last written or changed; of a device only which it is. */
  public static String momentOf(Path path) throws IOException {
    return SparseFile.momentOf(path);
  }

  @Override
  public long capacityBytes() {
    return file.sizeBytes();
  }

  @Override
  public void write(Batch batch) throws IOException {
    batch.checkInside(capacityBytes());
    fence.check();
    if (state.isPresent()) {
      state.get().map().beforeWrite(state.get().tags());
    }
    for (Batch.Piece piece : batch.pieces()) {
      switch (piece) {
        case Batch.Data data -> file.writeSparsely(data.offsetBytes(), data.bytes());
        case Batch.Zeros zeros -> file.zero(zeros.range());
      }
    }
  }

  @Override
  public void giveBack(ByteRange zeros) throws IOException {
    List<ByteRange> taken = file.taken(zeros);
    if (taken.isEmpty()) {
      return;
    }
    fence.check();
    if (state.isPresent()) {
      state.get().map().beforeWrite(state.get().tags());
    }
    for (ByteRange one : taken) {
      file.giveBack(one);
    }
  }

  @Override
  public void flush() throws IOException {
    fence.check();
    file.force();
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return DiskTags.of(readBack, key, level, ranges);
  }

  @Override
  public Optional<DiskSource> near() {
    return Optional.of(readBack);
  }

  @Override
  public Optional<TransferJournal> journal() {
    return state.map(State::journal);
  }

  @Override
  public Optional<StoredTags> storedTags() {
    return state.map(State::tags);
  }

  @Override
  public void close() throws IOException {
    try (readBack;
        file) {
      if (state.isPresent()) {
        state.get().close();
      }
    }
  }
}
