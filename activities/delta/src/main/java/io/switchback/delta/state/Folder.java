package io.switchback.delta.state;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The folder in which restore points and the state of sinks are kept. Names that come, go or change
 * may do so after a crash or not until {@link #sync} has returned; the same holds for a file's
 * bytes and its own {@link Log#sync}.
 */
public interface Folder {
  List<String> names() throws IOException;

  /** A new empty file; one of that name that exists is emptied. */
  Log create(String name) throws IOException;

  Log open(String name) throws IOException;

  /** Renames a file. One that has the new name is replaced, in one step. */
  void rename(String from, String to) throws IOException;

  /** Removes a file; nothing happens when there is none. */
  void delete(String name) throws IOException;

  void sync() throws IOException;

  /** One file. Several threads may read while one writes elsewhere in it. */
  interface Log extends Closeable {
    long sizeBytes() throws IOException;

    /** Fills {@code into}; fails when the file ends before. */
    void read(long offsetBytes, ByteBuffer into) throws IOException;

    void write(long offsetBytes, ByteBuffer from) throws IOException;

    void truncate(long sizeBytes) throws IOException;

    void sync() throws IOException;
  }
}
