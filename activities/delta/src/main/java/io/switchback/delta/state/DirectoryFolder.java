package io.switchback.delta.state;

import io.switchback.delta.Flushes;
import io.switchback.delta.FullDisk;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of this machine's file system. What it holds tells the content of disks, and keys: a new
 * file is its owner's alone.
 */
public final class DirectoryFolder implements Folder {
  private final Path path;
  private final String prefix;
  private final Flushes flushes;

  /** The folder is made when there is none. */
  public DirectoryFolder(Path path) throws IOException {
    this(path, "");
  }

  /** Of the folder only the files whose names begin with {@code prefix}, without it. */
  public DirectoryFolder(Path path, String prefix) throws IOException {
    this.path = Files.createDirectories(path);
    this.prefix = prefix;
    this.flushes = Flushes.of(path);
  }

  private Path file(String name) {
    return path.resolve(prefix + name);
  }

  @Override
  public List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .map(name -> name.substring(prefix.length()))
          .toList();
    }
  }

  @Override
  public Log create(String name) throws IOException {
    return open(
        name,
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE));
  }

  @Override
  public Log open(String name) throws IOException {
    return open(name, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  private Log open(String name, Set<StandardOpenOption> options) throws IOException {
    Path file = file(name);
    try {
      return log(file, FileChannel.open(file, options, ownersAlone()));
    } catch (IOException failed) {
      throw FullDisk.naming(failed, file, 0);
    }
  }

  /** A file that somebody has opened, which its log closes. */
  static Log log(Path file, FileChannel channel) {
    return new FileLog(file, channel, Flushes.of(file));
  }

  private FileAttribute<?>[] ownersAlone() {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(
        file(from), file(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  @Override
  public void sync() throws IOException {
    flushes.flush(
        () -> {
          try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
            folder.force(true);
          }
        });
  }

  private record FileLog(Path path, FileChannel channel, Flushes flushes) implements Log {
    @Override
    public long sizeBytes() throws IOException {
      return channel.size();
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      long at = offsetBytes;
      while (into.hasRemaining()) {
        int count = channel.read(into, at);
        if (count < 0) {
          throw new EOFException("'" + path + "' ends at " + at + ".");
        }
        at += count;
      }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) throws IOException {
      long at = offsetBytes;
      try {
        while (from.hasRemaining()) {
          at += channel.write(from, at);
        }
      } catch (IOException failed) {
        throw FullDisk.naming(failed, path, from.remaining());
      }
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
      channel.truncate(sizeBytes);
    }

    @Override
    public void sync() throws IOException {
      flushes.flush(this::force);
    }

    private void force() throws IOException {
      try {
        channel.force(false);
      } catch (IOException failed) {
        throw FullDisk.naming(failed, path, 0);
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
