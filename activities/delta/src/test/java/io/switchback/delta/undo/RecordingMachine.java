package io.switchback.delta.undo;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.state.Folder;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A folder and a disk in memory that remember every change and every flush in order, and can show
 * what a crash after any of them leaves: what was flushed, and any part of the rest.
 */
final class RecordingMachine implements Folder {
  private static final int DISK = 0;
  private static final int FOLDER = -1;

  private final Map<Integer, byte[]> files = new HashMap<>();
  private final TreeMap<String, Integer> names = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();
  private byte[] initial = new byte[0];
  private int lastFile = DISK;

  /** What of the changes that were not flushed a crash leaves. */
  enum Loss {
    /** Only the process died: the system still has them all. */
    NOTHING,
    EVERYTHING_UNFLUSHED,
    /** Some are left, in parts. */
    SOME
  }

  private sealed interface Change {
    /** What has to be flushed for this to be safe. */
    int of();
  }

  private record Write(int of, int at, ByteBuffer bytes) implements Change {}

  private record Size(int of, int size) implements Change {}

  private record Name(String name, int file) implements Change {
    @Override
    public int of() {
      return FOLDER;
    }
  }

  private record Rename(String from, String to) implements Change {
    @Override
    public int of() {
      return FOLDER;
    }
  }

  private record Unname(String name) implements Change {
    @Override
    public int of() {
      return FOLDER;
    }
  }

  private record Flush(int of) implements Change {}

  static RecordingMachine withDisk(int capacityBytes) {
    return withDisk(new byte[capacityBytes]);
  }

  /** A machine whose disk held something before anything was recorded. */
  static RecordingMachine withDisk(byte[] content) {
    RecordingMachine machine = new RecordingMachine();
    machine.initial = content.clone();
    machine.files.put(DISK, content.clone());
    return machine;
  }

  /** How many changes and flushes there were. */
  synchronized int recorded() {
    return changes.size();
  }

  synchronized byte[] disk() {
    return file(DISK).clone();
  }

  /** The machine after it crashed when so many changes and flushes were made. */
  synchronized RecordingMachine crashedAfter(int count, Loss loss, RandomGenerator random) {
    RecordingMachine after = withDisk(initial);
    Map<Integer, Integer> flushed = new HashMap<>();
    for (int at = 0; at < count; at++) {
      if (changes.get(at) instanceof Flush flush) {
        flushed.put(flush.of(), at);
      }
    }
    for (int at = 0; at < count; at++) {
      Change change = changes.get(at);
      if (at < flushed.getOrDefault(change.of(), -1) || loss == Loss.NOTHING) {
        after.apply(change);
      } else if (loss == Loss.SOME && random.nextBoolean()) {
        after.apply(random.nextBoolean() ? change : torn(change, random));
      }
    }
    after.lastFile = lastFile;
    return after;
  }

  private static Change torn(Change change, RandomGenerator random) {
    return change instanceof Write write && write.bytes().remaining() > 512
        ? new Write(
            write.of(),
            write.at(),
            write.bytes().slice(0, random.nextInt(write.bytes().remaining() / 512) * 512))
        : change;
  }

  private void apply(Change change) {
    switch (change) {
      case Write write -> {
        byte[] file = files.getOrDefault(write.of(), new byte[0]);
        int length = write.bytes().remaining();
        int end = write.at() + length;
        byte[] grown = end > file.length ? Arrays.copyOf(file, end) : file;
        write.bytes().get(0, grown, write.at(), length);
        files.put(write.of(), grown);
      }
      case Size size ->
          files.put(
              size.of(), Arrays.copyOf(files.getOrDefault(size.of(), new byte[0]), size.size()));
      case Name name -> names.put(name.name(), name.file());
      case Rename rename -> {
        Integer file = names.remove(rename.from());
        if (file != null) {
          names.put(rename.to(), file);
        }
      }
      case Unname unname -> names.remove(unname.name());
      case Flush _ -> {}
    }
  }

  private synchronized void record(Change change) {
    changes.add(change);
    apply(change);
  }

  private byte[] file(int id) {
    return files.getOrDefault(id, new byte[0]);
  }

  @Override
  public synchronized List<String> names() {
    return List.copyOf(names.keySet());
  }

  @Override
  public synchronized Log create(String name) {
    Integer existing = names.get(name);
    if (existing != null) {
      record(new Size(existing, 0));
      return new RecordingFile(existing);
    }
    record(new Name(name, ++lastFile));
    return new RecordingFile(lastFile);
  }

  @Override
  public synchronized Log open(String name) throws IOException {
    Integer file = names.get(name);
    if (file == null) {
      throw new FileNotFoundException(name);
    }
    return new RecordingFile(file);
  }

  @Override
  public void rename(String from, String to) {
    record(new Rename(from, to));
  }

  @Override
  public void delete(String name) {
    record(new Unname(name));
  }

  @Override
  public void sync() {
    record(new Flush(FOLDER));
  }

  /** Changes one byte of a file behind everybody's back. */
  synchronized void damage(String name, int offset) {
    byte[] file = file(names.get(name));
    file[offset < 0 ? file.length + offset : offset] ^= 1;
  }

  /** Changes one byte of the disk behind everybody's back; no crash takes that away. */
  synchronized void damageDisk(int offset) {
    byte[] bytes = {(byte) ~file(DISK)[offset]};
    record(new Write(DISK, offset, ByteBuffer.wrap(bytes)));
    record(new Flush(DISK));
  }

  private final class RecordingFile implements Log {
    private final int id;

    RecordingFile(int id) {
      this.id = id;
    }

    @Override
    public long sizeBytes() {
      synchronized (RecordingMachine.this) {
        return file(id).length;
      }
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      synchronized (RecordingMachine.this) {
        byte[] file = file(id);
        if (offsetBytes + into.remaining() > file.length) {
          throw new EOFException();
        }
        into.put(file, (int) offsetBytes, into.remaining());
      }
    }

    @Override
    public void write(long offsetBytes, ByteBuffer from) {
      byte[] bytes = new byte[from.remaining()];
      from.get(bytes);
      record(new Write(id, (int) offsetBytes, ByteBuffer.wrap(bytes)));
    }

    @Override
    public void truncate(long sizeBytes) {
      if (sizeBytes < sizeBytes()) {
        record(new Size(id, (int) sizeBytes));
      }
    }

    @Override
    public void sync() {
      record(new Flush(id));
    }

    @Override
    public void close() {}
  }

  /** What the disk holds now, unflushed bytes included. */
  DiskSource source() {
    return new Source();
  }

  DiskSink sink() {
    return new Sink();
  }

  private class Source implements DiskSource {
    @Override
    public long capacityBytes() {
      return file(DISK).length;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) {
      synchronized (RecordingMachine.this) {
        into.put(file(DISK), (int) offsetBytes, into.remaining());
      }
    }

    @Override
    public List<ByteRange> allocated(ByteRange within) {
      return List.of(within);
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return DiskTags.of(this, key, level, ranges);
    }

    @Override
    public long taggedBytes() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private final class Sink implements DiskSink {
    @Override
    public long capacityBytes() {
      return file(DISK).length;
    }

    @Override
    public void write(Batch batch) {
      for (Batch.Piece piece : batch.pieces()) {
        byte[] bytes = new byte[(int) piece.range().lengthBytes()];
        if (piece instanceof Batch.Data data) {
          data.bytes().duplicate().get(bytes);
        }
        record(new Write(DISK, (int) piece.range().offsetBytes(), ByteBuffer.wrap(bytes)));
      }
    }

    @Override
    public void flush() {
      record(new Flush(DISK));
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return DiskTags.of(source(), key, level, ranges);
    }

    @Override
    public void close() {}
  }
}
