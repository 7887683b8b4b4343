package io.switchback.delta.file;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskInUseException;
import io.switchback.delta.DiskShrankException;
import io.switchback.delta.Flushes;
import io.switchback.delta.FullDisk;
import io.switchback.delta.UnreadableDiskException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file or block device of fixed size whose holes can be seen and made. May be used by several
 * threads at once.
 *
 * <p>Where the platform, the file system or the device has no holes, all of it counts as data and
 * zeros are written. Block devices do not tell their holes, but many make them.
 */
public final class SparseFile implements Closeable {
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1024 * 1024).asReadOnlyBuffer();

  /** Holes of a device begin and end on its blocks, none of which is larger. */
  private static final int DEVICE_BLOCK_BYTES = 4096;

  /** So small a piece can fail alone. */
  private static final int SECTOR_BYTES = 512;

  private static final int FILE_TYPE = 0170000;
  private static final int BLOCK_DEVICE = 0060000;

  private final Path path;
  private final FileChannel channel;
  private final Flushes flushes;
  private final @Nullable LinuxFile linux;
  private final @Nullable ColdReads cold;
  private final boolean isDevice;
  private final long sizeBytes;
  private volatile boolean punches;

  private SparseFile(
      Path path,
      FileChannel channel,
      @Nullable LinuxFile linux,
      @Nullable ColdReads cold,
      boolean isDevice,
      long sizeBytes) {
    this.path = path;
    this.channel = channel;
    this.flushes = Flushes.of(path);
    this.linux = linux;
    this.cold = cold;
    this.isDevice = isDevice;
    this.sizeBytes = sizeBytes;
    // A device does not tell its holes, so nobody would know which are there already.
    this.punches = linux != null && !isDevice;
  }

  /** Makes a new file that is one hole of {@code sizeBytes}. Fails when the file exists. */
  public static void create(Path path, long sizeBytes) throws IOException {
    Files.createFile(path);
    // The size is set by a truncation upwards, which takes no space; FileChannel has no call for
    // it.
    try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(sizeBytes);
    }
  }

  public static SparseFile openForReading(Path path) throws IOException {
    LinuxFile linux = LinuxFile.isSupported() ? LinuxFile.openForReading(path) : null;
    return open(path, linux, StandardOpenOption.READ);
  }

  /**
   * Opens a file or device for the only writer it may have at a time, and for reading.
   *
   * @throws DiskInUseException if another writer has it, or it is mounted
   */
  public static SparseFile openForWriting(Path path) throws IOException {
    LinuxFile linux = null;
    if (LinuxFile.isSupported()) {
      linux = isDevice(path) ? LinuxFile.openDevice(path) : LinuxFile.openFile(path);
    }
    return open(path, linux, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static SparseFile open(
      Path path, @Nullable LinuxFile linux, StandardOpenOption... options) throws IOException {
    FileChannel channel = null;
    try {
      channel = FileChannel.open(path, options);
      if (linux == null && options.length > 1) {
        lock(path, channel);
      }
      ColdReads cold = linux == null ? null : ColdReads.open(path, linux).orElse(null);
      return new SparseFile(path, channel, linux, cold, isDevice(path), channel.size());
    } catch (IOException | RuntimeException failed) {
      if (linux != null) {
        linux.close();
      }
      if (channel != null) {
        channel.close();
      }
      throw failed;
    }
  }

  /** The same through a channel that somebody else has opened, which this closes. */
  static SparseFile over(Path path, FileChannel channel) throws IOException {
    return new SparseFile(path, channel, null, null, isDevice(path), channel.size());
  }

  private static void lock(Path path, FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() == null) {
        throw LinuxFile.inUse(path);
      }
    } catch (OverlappingFileLockException here) {
      throw LinuxFile.inUse(path);
    }
  }

  private static boolean isDevice(Path path) throws IOException {
    return LinuxFile.isSupported()
        && ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == BLOCK_DEVICE;
  }

  /** Which file it is, and when it was last written or changed; of a device only which it is. */
  static String momentOf(Path path) throws IOException {
    if (!LinuxFile.isSupported()) {
      return "written " + Files.getLastModifiedTime(path);
    }
    // Nobody can set the time of the last change, as they can that of the last write.
    return isDevice(path)
        ? "device " + Files.getAttribute(path, "unix:rdev")
        : "file %s changed %s"
            .formatted(
                Files.getAttribute(path, "unix:ino"), Files.getAttribute(path, "unix:ctime"));
  }

  public Path path() {
    return path;
  }

  /** Size of the file when it was opened, in bytes. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Fills {@code into}, from its position to its limit, with the bytes from {@code offsetBytes} on.
   *
   * @throws UnreadableDiskException if a part of that cannot be read; it names the first one
   */
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    checkInside(offsetBytes, into.remaining());
    ByteRange asked = into.hasRemaining() ? new ByteRange(offsetBytes, into.remaining()) : null;
    try {
      readFully(offsetBytes, into);
    } catch (DiskShrankException | ClosedChannelException clear) {
      throw clear;
    } catch (IOException failed) {
      if (asked != null) {
        nameUnreadable(asked);
      }
      throw failed;
    }
  }

  private void readFully(long offsetBytes, ByteBuffer into) throws IOException {
    long positionBytes = offsetBytes;
    while (into.hasRemaining()) {
      int count = cold == null ? 0 : cold.read(positionBytes, into);
      if (!channel.isOpen()) {
        // The number of a descriptor that is closed may mean another file already.
        throw new ClosedChannelException();
      }
      if (count == 0) {
        count = channel.read(into, positionBytes);
      }
      if (count < 0) {
        checkSize();
        throw new EOFException("'" + path + "' ended at " + positionBytes + ".");
      }
      positionBytes += count;
    }
  }

  /** How much may be read past the page cache at once now; 0 as long as nothing was. */
  int underWayBytes() {
    return cold == null ? 0 : cold.underWayBytes();
  }

  /** Fails with the first sector of {@code asked} that cannot be read; returns when all can. */
  private void nameUnreadable(ByteRange asked) throws IOException {
    ByteBuffer sector = ByteBuffer.allocate(SECTOR_BYTES);
    for (long at = asked.offsetBytes(); at < asked.endBytes(); ) {
      long end = Math.min((at / SECTOR_BYTES + 1) * SECTOR_BYTES, asked.endBytes());
      try {
        readFully(at, sector.clear().limit((int) (end - at)));
      } catch (DiskShrankException | ClosedChannelException clear) {
        throw clear;
      } catch (IOException failed) {
        throw new UnreadableDiskException(path.toString(), ByteRange.between(at, end), failed);
      }
      at = end;
    }
  }

  /**
   * Writes {@code from}, from its position to its limit, at {@code offsetBytes}. Its position
   * stays.
   */
  public void write(long offsetBytes, ByteBuffer from) throws IOException {
    checkInside(offsetBytes, from.remaining());
    // A file that shrank would grow again, with a hole where something else was.
    checkSize();
    ByteBuffer rest = from.duplicate();
    long positionBytes = offsetBytes;
    try {
      while (rest.hasRemaining()) {
        positionBytes += channel.write(rest, positionBytes);
      }
    } catch (IOException failed) {
      throw namingFullDisk(failed, rest.remaining());
    }
  }

  /**
   * The same, but whole pages of zeros stay holes, or become some, where holes can be seen and
   * made.
   */
  public void writeSparsely(long offsetBytes, ByteBuffer from) throws IOException {
    ByteBuffer rest = from.duplicate();
    long at = offsetBytes;
    while (rest.hasRemaining()) {
      ByteRange zeros = punches ? ZeroPages.first(at, rest).orElse(null) : null;
      int data = zeros == null ? rest.remaining() : (int) (zeros.offsetBytes() - at);
      if (data > 0) {
        write(at, rest.slice(rest.position(), data));
      }
      if (zeros != null) {
        leaveHole(zeros);
        data += (int) zeros.lengthBytes();
      }
      at += data;
      rest.position(rest.position() + data);
    }
  }

  private void leaveHole(ByteRange zeros) throws IOException {
    checkInside(zeros.offsetBytes(), zeros.lengthBytes());
    LinuxFile file = Objects.requireNonNull(linux);
    long data = file.nextData(zeros.offsetBytes());
    if (data < 0 || data >= zeros.endBytes()) {
      checkSize();
    } else {
      zero(zeros);
    }
  }

  /** The parts of {@code zeros} that take space which could be given back. */
  List<ByteRange> taken(ByteRange zeros) throws IOException {
    return punches ? data(zeros) : List.of();
  }

  /** Gives the space of {@code zeros} back, which read as zeros already, where that can be done. */
  void giveBack(ByteRange zeros) throws IOException {
    checkInside(zeros.offsetBytes(), zeros.lengthBytes());
    punches = punches && Objects.requireNonNull(linux).punch(zeros);
  }

  /** Makes {@code range} read as zeros and gives its space back where that is possible. */
  public void zero(ByteRange range) throws IOException {
    checkInside(range.offsetBytes(), range.lengthBytes());
    checkSize();
    ByteRange hole = isDevice ? wholeBlocks(range) : range;
    if (linux == null || hole == null || !linux.punch(hole)) {
      punches = false;
      writeZeros(range.offsetBytes(), range.endBytes());
      return;
    }
    writeZeros(range.offsetBytes(), hole.offsetBytes());
    writeZeros(hole.endBytes(), range.endBytes());
  }

  private static @Nullable ByteRange wholeBlocks(ByteRange range) {
    long start = Math.ceilDiv(range.offsetBytes(), DEVICE_BLOCK_BYTES) * DEVICE_BLOCK_BYTES;
    long end = range.endBytes() / DEVICE_BLOCK_BYTES * DEVICE_BLOCK_BYTES;
    return start < end ? ByteRange.between(start, end) : null;
  }

  private void writeZeros(long startBytes, long endBytes) throws IOException {
    for (long at = startBytes; at < endBytes; at += ZEROS.capacity()) {
      write(at, ZEROS.slice(0, (int) Math.min(ZEROS.capacity(), endBytes - at)));
    }
  }

  /**
   * The parts of {@code within} that are not holes, ascending and apart from each other.
   *
   * @throws DiskShrankException if the file lost its end, which would look like a hole
   */
  public List<ByteRange> data(ByteRange within) throws IOException {
    checkInside(within.offsetBytes(), within.lengthBytes());
    if (linux == null || isDevice) {
      return List.of(within);
    }
    List<ByteRange> found = new ArrayList<>();
    long start = linux.nextData(within.offsetBytes());
    while (start >= 0 && start < within.endBytes()) {
      long hole = linux.nextHole(start);
      long end = hole < 0 ? start : Math.min(hole, within.endBytes());
      // Somebody may punch a hole between the two calls.
      if (end > start) {
        found.add(ByteRange.between(start, end));
      }
      start = end < within.endBytes() ? linux.nextData(Math.max(end, start + 1)) : -1;
    }
    checkSize();
    return found;
  }

  /**
   * Makes everything written so far survive a crash of the machine. Once that failed it fails until
   * the file is opened again: see {@link Flushes}.
   */
  public void force() throws IOException {
    flushes.flush(this::forceNow);
    checkSize();
  }

  private void forceNow() throws IOException {
    try {
      channel.force(false);
    } catch (IOException failed) {
      throw namingFullDisk(failed, 0);
    }
  }

  @Override
  public void close() throws IOException {
    if (!channel.isOpen()) {
      return;
    }
    // In this order: whoever reads meanwhile looks at the channel afterwards.
    channel.close();
    if (cold != null) {
      cold.close();
    }
    if (linux != null) {
      linux.close();
    }
  }

  private void checkInside(long offsetBytes, long lengthBytes) {
    if (offsetBytes < 0 || lengthBytes > sizeBytes - offsetBytes) {
      throw new IllegalArgumentException(
          "Bytes "
              + offsetBytes
              + " to "
              + (offsetBytes + lengthBytes)
              + " are not all inside a disk of "
              + sizeBytes
              + " bytes.");
    }
  }

  private void checkSize() throws IOException {
    long nowBytes = channel.size();
    if (nowBytes < sizeBytes) {
      throw new DiskShrankException(path.toString(), sizeBytes, nowBytes);
    }
  }

  private IOException namingFullDisk(IOException failed, long neededBytes) {
    return isDevice ? FullDisk.naming(failed, path) : FullDisk.naming(failed, path, neededBytes);
  }
}
