package io.switchback.lab;

import io.switchback.delta.StoredTags;
import io.switchback.delta.state.DirectoryFolder;
import io.switchback.delta.state.TagMapFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tags of what a disk holds, stored beside it. They are of the disk, not of a layer: a snapshot
 * and the merging of layers change none of its bytes, and a start of the daemon neither.
 *
 * <p>An attempt of a transfer is one holder. Whoever writes without being the attempt that has told
 * of its pass makes them useless first.
 */
final class DiskTagMap implements AutoCloseable {
  static final Set<String> FILES = Set.of(TagMapFile.FILE, TagMapFile.WORTH);

  private final TagMapFile map;
  private final StoredTags nobody;
  private StoredTags holder;
  private @Nullable String attempt;

  /**
   * @param moment another one whenever the disk's bytes were replaced as a whole
   */
  DiskTagMap(Path directory, long capacityBytes, TagMapFile.Moment moment) throws IOException {
    this.map = new TagMapFile(new DirectoryFolder(directory), capacityBytes, moment);
    this.nobody = map.holder();
    this.holder = nobody;
  }

  /** The tags for an attempt that may write; what earlier ones have told is of their pass alone. */
  synchronized StoredTags of(String writing) {
    if (!writing.equals(attempt)) {
      map.leave(holder);
      holder = map.holder();
      attempt = writing;
    }
    return holder;
  }

  /** To be called before each write of the disk. */
  void beforeWrite(@Nullable String writing) throws IOException {
    map.beforeWrite(writing == null ? nobody : of(writing));
  }

  @Override
  public void close() throws IOException {
    map.close();
  }
}
