package io.switchback.lab;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskFullException;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskTags;
import io.switchback.delta.FencedException;
import io.switchback.delta.StoredTags;
import io.switchback.delta.TransferJournal;
import io.switchback.delta.state.NoteLine;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A disk of a lab VM that is off, written through its site's daemon, which checks the stamp's fence
 * at every batch. Each thread has a connection of its own.
 */
public final class LabDiskSink implements DiskSink {
  private final LabClient site;
  private final String vm;
  private final String disk;
  private final Stamp stamp;
  private final long capacityBytes;
  private volatile @Nullable String source;
  // The one that may write, once the transfer has begun.
  private volatile @Nullable String attempt;
  private final ConcurrentLinkedDeque<DiskConnection> idle = new ConcurrentLinkedDeque<>();

  private LabDiskSink(LabClient site, String vm, String disk, Stamp stamp, long capacityBytes) {
    this.site = site;
    this.vm = vm;
    this.disk = disk;
    this.stamp = stamp;
    this.capacityBytes = capacityBytes;
  }

  /**
   * @throws LabException NO_SUCH_VM, NO_SUCH_DISK, UNREACHABLE
   */
  public static LabDiskSink open(LabClient site, String vm, String disk, Stamp stamp) {
    long capacityBytes =
        site.look(vm).disks().stream()
            .filter(one -> one.id().equals(disk))
            .findFirst()
            .orElseThrow(
                () ->
                    new LabException(
                        LabFault.NO_SUCH_DISK, "VM '%s' has no disk '%s'.".formatted(vm, disk)))
            .capacityBytes();
    return new LabDiskSink(site, vm, disk, stamp, capacityBytes);
  }

  /**
   * Lets the transfer go on where its last attempt from {@code source} ended: what was written by
   * others meanwhile, a revert and a snapshot make it begin anew.
   *
   * @param source names the source at one moment, in one line: the same name, the same bytes
   */
  public void remember(String source) {
    this.source = source;
  }

  @Override
  public long capacityBytes() {
    return capacityBytes;
  }

  @Override
  public void write(Batch batch) throws IOException {
    batch.checkInside(capacityBytes);
    List<ByteRange> ranges = new ArrayList<>();
    List<ByteBuffer> payload = new ArrayList<>();
    List<ByteRange> zeros = new ArrayList<>();
    for (Batch.Piece piece : batch.pieces()) {
      switch (piece) {
        case Batch.Data data -> {
          ranges.add(data.range());
          payload.add(data.bytes().duplicate());
        }
        case Batch.Zeros zero -> zeros.add(zero.range());
      }
    }
    var _ =
        connected(
            connection -> {
              connection.write(ranges, payload, zeros, stamp, attempt);
              return true;
            });
  }

  @Override
  public void flush() throws IOException {
    try {
      site.flush(vm, disk, stamp);
    } catch (LabException e) {
      throw asIo(e);
    }
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    ranges.forEach(range -> DiskTags.checkOnUnits(range, level, capacityBytes));
    return connected(connection -> connection.tags(key, level, ranges));
  }

  @Override
  public Optional<TransferJournal> journal() {
    return Optional.ofNullable(source).map(Journal::new);
  }

  /** Kept by the site, beside the disk; for the attempt that writes, remembered or not. */
  @Override
  public Optional<StoredTags> storedTags() {
    return Optional.of(
        TagCalls.at(
            (kind, storing) -> {
              String calling = attempt();
              return connected(
                  connection -> connection.ofStoredTags(kind, calling, storing, stamp));
            }));
  }

  private synchronized String attempt() throws IOException {
    String begun = attempt;
    if (begun == null) {
      begun = connected(connection -> connection.beginTransfer(null, stamp)).getFirst();
      attempt = begun;
    }
    return begun;
  }

  /** Kept by the site, beside the disk's newest layer. */
  private final class Journal implements TransferJournal {
    private final String from;

    Journal(String from) {
      this.from = from;
    }

    @Override
    public Begun begin(Pass pass) throws IOException {
      Requests.Beginning beginning =
          new Requests.Beginning(from, pass.capacityBytes(), pass.changes(), pass.key().text());
      List<String> lines = connected(connection -> connection.beginTransfer(beginning, stamp));
      attempt = lines.getFirst();
      List<Note> notes = new ArrayList<>();
      for (String line : lines.subList(2, lines.size())) {
        notes.add(NoteLine.read(line));
      }
      return new Begun(TagKey.parse(lines.get(1)), notes);
    }

    @Override
    public void add(List<Note> notes) throws IOException {
      String telling = begun();
      List<String> lines = notes.stream().map(NoteLine::of).toList();
      var _ =
          connected(
              connection -> {
                connection.tellTransfer(telling, lines, stamp);
                return true;
              });
    }

    @Override
    public void clear() throws IOException {
      String clearing = begun();
      var _ =
          connected(
              connection -> {
                connection.forgetTransfer(clearing, stamp);
                return true;
              });
    }

    private String begun() {
      String now = attempt;
      if (now == null) {
        throw new IllegalStateException("Nothing was begun.");
      }
      return now;
    }
  }

  private <T> T connected(Function<DiskConnection, T> call) throws IOException {
    DiskConnection connection = null;
    try {
      DiskConnection kept = idle.poll();
      connection = kept == null ? site.openDisk(vm, disk) : kept;
      T answer = call.apply(connection);
      idle.push(connection);
      return answer;
    } catch (LabException e) {
      // After a refusal the connection's state is known, after anything else it is not: both are
      // rare, so it goes.
      if (connection != null) {
        connection.close();
      }
      throw asIo(e);
    }
  }

  private static IOException asIo(LabException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.fault()) {
      case "FENCED" -> {
        FencedException fenced = new FencedException(message);
        fenced.initCause(e);
        yield fenced;
      }
      case "DATASTORE_FULL" -> new DiskFullException(message, e);
      default -> new IOException(message, e);
    };
  }

  @Override
  public void close() {
    for (DiskConnection one = idle.poll(); one != null; one = idle.poll()) {
      one.close();
    }
  }
}
