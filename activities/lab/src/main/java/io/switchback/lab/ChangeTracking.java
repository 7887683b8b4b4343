package io.switchback.lab;

import io.switchback.delta.ByteRange;
import io.switchback.delta.Flushes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import java.util.function.IntPredicate;

/**
 * When each grain of a disk was last written, counted in snapshots. A change id is {@code
 * <uuid>/<n>}; whatever was written since is marked with a number above n.
 *
 * <p>A mark is in the file before the bytes that it speaks of, so that after a kill the list may
 * name too much and never too little. Not safe for use by several threads at once.
 */
final class ChangeTracking implements AutoCloseable {
  private static final long MAGIC = 0x53424c4142434254L; // "SBLABCBT"
  private static final int TABLE = 4096;

  private final Path path;
  private final FileChannel file;
  private final Flushes flushes = Flushes.named("the marks of change tracking");
  private UUID uuid;
  private long[] lastChange;
  private long current;
  private int dirtyFrom = Integer.MAX_VALUE;
  private int dirtyTo = -1;

  ChangeTracking(Path path, FileChannel file, UUID uuid, long current, long[] lastChange) {
    this.path = path;
    this.file = file;
    this.uuid = uuid;
    this.current = current;
    this.lastChange = lastChange;
  }

  static ChangeTracking create(Path path, long capacityBytes) throws IOException {
    FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    ChangeTracking tracking = new ChangeTracking(path, file, UUID.randomUUID(), 1, new long[0]);
    tracking.reset(capacityBytes);
    return tracking;
  }

  /**
   * Opens the file; one that is torn or made for another capacity starts anew, which makes every
   * old change id unknown.
   */
  static ChangeTracking open(Path path, long capacityBytes) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    int grains = grains(capacityBytes);
    ByteBuffer header = ByteBuffer.allocate(40);
    ByteBuffer table = ByteBuffer.allocate(grains * Long.BYTES);
    readFully(file, header, 0);
    readFully(file, table, TABLE);
    boolean whole = !header.hasRemaining() && !table.hasRemaining();
    header.flip();
    table.flip();
    if (!whole || header.getLong() != MAGIC || header.getLong() != capacityBytes) {
      ChangeTracking fresh = new ChangeTracking(path, file, UUID.randomUUID(), 1, new long[0]);
      fresh.reset(capacityBytes);
      return fresh;
    }
    long current = header.getLong();
    UUID uuid = new UUID(header.getLong(), header.getLong());
    long[] marks = new long[grains];
    table.asLongBuffer().get(marks);
    return new ChangeTracking(path, file, uuid, current, marks);
  }

  private static int grains(long capacityBytes) {
    return (int) (capacityBytes / Layer.GRAIN);
  }

  private static void readFully(FileChannel file, ByteBuffer target, long offset)
      throws IOException {
    while (target.hasRemaining() && file.read(target, offset + target.position()) >= 0) {}
  }

  private static void writeFully(FileChannel file, ByteBuffer bytes, long offset)
      throws IOException {
    long position = offset;
    while (bytes.hasRemaining()) {
      position += file.write(bytes, position);
    }
  }

  /** Forgets everything: change ids given so far are unknown from here. */
  void reset(long capacityBytes) throws IOException {
    uuid = UUID.randomUUID();
    current = 1;
    lastChange = new long[grains(capacityBytes)];
    dirtyFrom = 0;
    dirtyTo = lastChange.length - 1;
    // The header goes last: with the old header the old marks are complete, with the new one nobody
    // knows an id.
    writeMarks();
    writeHeader();
    force();
  }

  private void writeHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(40);
    header.putLong(MAGIC).putLong((long) lastChange.length * Layer.GRAIN).putLong(current);
    header.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    writeFully(file, header.flip(), 0);
  }

  void mark(ByteRange range) {
    int last = (int) ((range.endBytes() - 1) / Layer.GRAIN);
    for (int grain = (int) (range.offsetBytes() / Layer.GRAIN); grain <= last; grain++) {
      mark(grain);
    }
  }

  private void mark(int grain) {
    if (lastChange[grain] != current) {
      lastChange[grain] = current;
      dirtyFrom = Math.min(dirtyFrom, grain);
      dirtyTo = Math.max(dirtyTo, grain);
    }
  }

  /**
   * Marks what changed since {@code n} once more: a revert takes those grains back, which is a
   * change too.
   */
  void markAgainSince(long n) {
    for (int grain = 0; grain < lastChange.length; grain++) {
      if (lastChange[grain] > n) {
        mark(grain);
      }
    }
  }

  /** Writes the marks made so far to the file. */
  void writeMarks() throws IOException {
    if (dirtyTo < 0) {
      return;
    }
    ByteBuffer part = ByteBuffer.allocate((dirtyTo - dirtyFrom + 1) * Long.BYTES);
    part.asLongBuffer().put(lastChange, dirtyFrom, dirtyTo - dirtyFrom + 1);
    writeFully(file, part, TABLE + (long) dirtyFrom * Long.BYTES);
    dirtyFrom = Integer.MAX_VALUE;
    dirtyTo = -1;
  }

  /** Ends the present count and answers its change id: later writes are marked above it. */
  String nextChangeId() throws IOException {
    writeMarks();
    String id = uuid + "/" + current;
    current++;
    writeHeader();
    force();
    return id;
  }

  /**
   * Makes the marks survive a crash. Once that failed, it fails until the site starts again, and no
   * change id is known then.
   */
  void force() throws IOException {
    try {
      flushes.flush(() -> file.force(false));
    } catch (ClosedChannelException gone) {
      throw gone;
    } catch (IOException lost) {
      // A mark that is missing would hide a change; without the file every disk is compared.
      Files.deleteIfExists(path);
      throw lost;
    }
  }

  /**
   * What was written since the earlier of two change ids, in whole grains.
   *
   * @throws LabException CHANGE_TRACKING_RESET when an id is of another uuid
   */
  List<ByteRange> changedBetween(String since, String until) {
    long n = Math.min(number(since), number(until));
    return ranges(lastChange.length, grain -> lastChange[grain] > n);
  }

  /**
   * @throws LabException CHANGE_TRACKING_RESET when the id is of another uuid; BAD_REQUEST when it
   *     is no change id
   */
  long number(String changeId) {
    int slash = changeId.lastIndexOf('/');
    try {
      UUID other = UUID.fromString(changeId.substring(0, Math.max(slash, 0)));
      long n = Long.parseLong(changeId.substring(slash + 1));
      if (other.equals(uuid) && n < current) {
        return n;
      }
    } catch (IllegalArgumentException e) {
      throw new LabException(
          LabFault.BAD_REQUEST, "'%s' is no change id <uuid>/<n>.".formatted(changeId), e);
    }
    throw new LabException(
        LabFault.CHANGE_TRACKING_RESET,
        "Change id '%s' is not known: tracking was reset. Compare or copy the whole disk."
            .formatted(changeId));
  }

  static List<ByteRange> ranges(BitSet grains) {
    return ranges(grains.length(), grains::get);
  }

  private static List<ByteRange> ranges(int count, IntPredicate wanted) {
    List<ByteRange> ranges = new ArrayList<>();
    int grain = 0;
    while (grain < count) {
      int from = grain;
      while (grain < count && wanted.test(grain)) {
        grain++;
      }
      if (grain > from) {
        ranges.add(new ByteRange((long) from * Layer.GRAIN, (long) (grain - from) * Layer.GRAIN));
      } else {
        grain++;
      }
    }
    return ranges;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
