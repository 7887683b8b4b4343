package io.switchback.delta.undo;

import io.switchback.delta.state.Folder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The restore points with their logs, oldest first. The newest point has one only once the disk was
 * changed since.
 */
final class Chain implements Closeable {
  private final PointList list;
  private final List<UndoLog> finished;
  private volatile @Nullable UndoLog open;

  Chain(PointList list, List<UndoLog> finished, @Nullable UndoLog open) {
    this.list = list;
    this.finished = List.copyOf(finished);
    this.open = open;
  }

  /** Opens what is there, and removes what a crash left of logs that no point needs. */
  static Chain open(Folder folder, long capacityBytes) throws IOException {
    List<String> names = folder.names();
    PointList list =
        names.contains(PointList.FILE)
            ? PointList.load(folder)
            : new PointList(capacityBytes, List.of(), Optional.empty());
    if (list.capacityBytes() != capacityBytes) {
      throw new DamagedUndoLogException(
          PointList.FILE,
          "its points are of a disk of %d bytes, and this one has %d"
              .formatted(list.capacityBytes(), capacityBytes));
    }
    List<String> needed = list.entries().stream().map(PointList.Entry::log).toList();
    for (String name : names) {
      if (PointList.isOurs(name) && !needed.contains(name)) {
        if (!names.contains(PointList.FILE) && !name.equals(PointList.TEMPORARY)) {
          throw new DamagedUndoLogException(name, "the list of restore points is missing");
        }
        folder.delete(name);
      }
    }
    return openLogs(folder, list, names);
  }

  private static Chain openLogs(Folder folder, PointList list, List<String> names)
      throws IOException {
    List<UndoLog> logs = new ArrayList<>();
    try {
      for (PointList.Entry entry : list.entries()) {
        LogHeader header = new LogHeader(entry.point().id(), list.capacityBytes());
        if (entry.equals(list.entries().getLast())) {
          UndoLog open =
              names.contains(entry.log())
                  ? UndoLog.openToAppend(folder, entry.log(), header)
                  : null;
          return new Chain(list, logs, open);
        }
        logs.add(UndoLog.openFinished(folder, entry.log(), header));
      }
      return new Chain(list, logs, null);
    } catch (IOException | RuntimeException failed) {
      for (UndoLog log : logs) {
        log.close();
      }
      throw failed;
    }
  }

  PointList list() {
    return list;
  }

  List<UndoLog> finished() {
    return finished;
  }

  @Nullable UndoLog open() {
    return open;
  }

  /** The log of the newest point, made when there is none yet; nothing when there is no point. */
  synchronized @Nullable UndoLog openOrCreate(Folder folder) throws IOException {
    if (open == null && !list.entries().isEmpty()) {
      PointList.Entry newest = list.entries().getLast();
      open =
          UndoLog.create(
              folder, newest.log(), new LogHeader(newest.point().id(), list.capacityBytes()));
    }
    return open;
  }

  /** The logs since the point at {@code index}: the first that has a leaf has what it held then. */
  List<UndoLog> since(int index) {
    List<UndoLog> logs = new ArrayList<>(finished.subList(index, finished.size()));
    UndoLog newest = open;
    if (newest != null) {
      logs.add(newest);
    }
    return logs;
  }

  /** What the leaf held, when one of {@code logs} has it; empty for a leaf of none. */
  static Optional<ByteBuffer> read(List<UndoLog> logs, long leaf, boolean isProven)
      throws IOException {
    for (UndoLog log : logs) {
      if (log.leaves().has(leaf)) {
        return Optional.of(log.read(leaf, isProven));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    for (UndoLog log : since(0)) {
      log.close();
    }
  }
}
