package io.switchback.delta.undo;

import io.switchback.delta.DiskInUseException;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.Flushes;
import io.switchback.delta.Proof;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.state.DirectoryFolder;
import io.switchback.delta.state.Folder;
import io.switchback.delta.state.JournalFile;
import io.switchback.delta.state.TagMapFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The restore points of one disk that has no snapshots of its own, and the only way to write it.
 *
 * <p>The disk holds the newest point; {@link #sink} keeps what it overwrites. Whoever finds the
 * disk {@linkplain #isInterrupted interrupted} either goes on writing and commits, or reverts to
 * the newest point. May be used by several threads at once.
 */
public final class RestorePoints implements Closeable {
  private final Folder folder;
  private final DiskSink image;
  private final DiskSource readBack;
  private final TagMapFile storedTags;
  private final Flushes flushes = Flushes.named("the disk");

  /** Held for reading while the disk is written or read, for writing while the points change. */
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  private final Map<String, Integer> views = new HashMap<>();
  private volatile Chain chain;
  private volatile @Nullable IOException broken;
  private volatile boolean mayHaveJournal = true;

  private RestorePoints(
      Folder folder, DiskSink image, DiskSource readBack, TagMapFile storedTags, Chain chain) {
    this.folder = folder;
    this.image = image;
    this.readBack = readBack;
    this.storedTags = storedTags;
    this.chain = chain;
  }

  /**
   * Opens the disk in the file or block device {@code image}, whose points are kept in {@code
   * folder}. A revert that was interrupted is finished.
   *
   * @throws DiskInUseException if somebody else writes the disk
   * @throws DamagedUndoLogException if what is in the folder is not as it was written, or of
   *     another disk
   */
  public static RestorePoints open(Path image, Path folder, FenceCheck fence) throws IOException {
    DiskSink sink = new FileDiskSink(image, fence);
    DiskSource readBack = null;
    try {
      readBack = new FileDiskSource(image);
      return over(sink, readBack, new DirectoryFolder(folder), () -> FileDiskSink.momentOf(image));
    } catch (IOException | RuntimeException failed) {
      if (readBack != null) {
        readBack.close();
      }
      sink.close();
      throw failed;
    }
  }

  /**
   * The same for any disk that nobody else writes.
   *
   * @param readBack what {@code image} holds now, unflushed bytes included; both are closed with
   *     this
   * @param moment when the disk was last written, as far as it tells
   */
  static RestorePoints over(
      DiskSink image, DiskSource readBack, Folder folder, TagMapFile.Moment moment)
      throws IOException {
    Chain chain = Chain.open(folder, image.capacityBytes());
    TagMapFile tags = new TagMapFile(folder, image.capacityBytes(), moment);
    RestorePoints points = new RestorePoints(folder, image, readBack, tags, chain);
    try {
      if (chain.list().revertingTo().isPresent()) {
        points.finishReverting(chain.list().revertingTo().get());
      }
      return points;
    } catch (IOException | RuntimeException failed) {
      points.chain.close();
      throw failed;
    }
  }

  /** All of them, oldest first. */
  public List<RestorePoint> points() {
    return chain.list().entries().stream().map(PointList.Entry::point).toList();
  }

  /**
   * Whether the disk was changed since the newest point. Never before there is a first one: what
   * the disk holds until then is nothing that anybody could go back to.
   */
  public boolean isInterrupted() {
    UndoLog open = chain.open();
    return open != null && open.leaves().count() > 0;
  }

  /**
   * Writes the disk, from the newest point towards the next one. Before a leaf is changed, what it
   * held at the newest point survives a crash. Closing the sink closes nothing else.
   */
  public DiskSink sink() {
    return new UndoSink(this, image, readBack, Optional.empty());
  }

  /**
   * The same for a transfer that goes on where its last attempt ended. What was written by others
   * meanwhile, a revert and the next point make it begin anew.
   *
   * @param source names the source at one moment: the same name, the same bytes
   */
  public DiskSink sink(String source) {
    List<RestorePoint> points = points();
    String base = points.isEmpty() ? "nothing" : "point " + points.getLast().id();
    mayHaveJournal = true;
    return new UndoSink(this, image, readBack, Optional.of(JournalFile.of(folder, base, source)));
  }

  /** After this no transfer goes on. Called under either lock, so it takes one of its own. */
  void forgetTransfer() throws IOException {
    if (mayHaveJournal) {
      synchronized (views) {
        new JournalFile(folder, "").clear();
        mayHaveJournal = false;
      }
    }
  }

  /**
   * Flushes the disk and makes it the newest restore point. Nothing happens when the newest point
   * is that one and the disk was not changed since.
   *
   * @param proof of what the disk holds, which the point claims from now on
   * @throws IllegalArgumentException if there is another point of that name
   */
  public synchronized RestorePoint commit(String id, Proof proof) throws IOException {
    RestorePoint point = new RestorePoint(id, proof);
    lock.writeLock().lock();
    try {
      checkUsable();
      flush();
      Chain now = chain;
      List<PointList.Entry> entries = new ArrayList<>(now.list().entries());
      if (now.list().has(id)) {
        if (entries.getLast().point().equals(point) && !isInterrupted()) {
          return point;
        }
        throw new IllegalArgumentException("There is a restore point '" + id + "' already.");
      }
      List<UndoLog> finished = new ArrayList<>(now.finished());
      UndoLog log = now.openOrCreate(folder);
      if (log != null) {
        log.finish();
        finished.add(log);
      }
      String next = now.list().newLog(id);
      forget(List.of(next));
      entries.add(new PointList.Entry(point, next));
      become(new Chain(now.list().with(entries), finished, null));
      forgetTransfer();
      return point;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * The disk as it stood at the point, whatever is written to it meanwhile.
   *
   * @throws IllegalArgumentException if there is no such point
   */
  public synchronized DiskSource read(String id) throws IOException {
    checkUsable();
    chain.list().indexOf(id);
    views.merge(id, 1, Integer::sum);
    return new PointView(this, id, readBack);
  }

  synchronized void closed(String viewed) {
    views.computeIfPresent(viewed, (_, count) -> count > 1 ? count - 1 : null);
  }

  /**
   * Puts the disk back to the point, which is the newest one then: later ones are gone, and so is
   * what was written since. A crash on the way does not stop it: the next open finishes it.
   *
   * @throws DiskInUseException if somebody reads a point
   * @throws IllegalArgumentException if there is no such point
   */
  public synchronized void revert(String id) throws IOException {
    lock.writeLock().lock();
    try {
      checkUsable();
      Chain now = chain;
      int index = now.list().indexOf(id);
      for (String viewed : views.keySet()) {
        throw beingRead(viewed);
      }
      // A newer holder is found out here, before anything is promised.
      flush();
      if (now.since(index).isEmpty()) {
        return;
      }
      forgetTransfer();
      storedTags.forget();
      become(new Chain(now.list().reverting(id), now.finished(), now.open()));
      finishReverting(id);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void finishReverting(String id) throws IOException {
    Chain now = chain;
    int index = now.list().indexOf(id);
    List<UndoLog> logs = now.since(index);
    new UndoReplay(logs, readBack.capacityBytes()).onto(image);
    flush();
    List<PointList.Entry> entries = now.list().entries();
    List<PointList.Entry> kept = new ArrayList<>(entries.subList(0, index));
    kept.add(new PointList.Entry(entries.get(index).point(), now.list().newLog(id)));
    become(new Chain(now.list().with(kept), now.finished().subList(0, index), null));
    close(logs);
    forget(entries.subList(index, entries.size()).stream().map(PointList.Entry::log).toList());
  }

  /**
   * Gives up a point other than the newest; all others stay what they are. The oldest goes at once,
   * for one in the middle two logs become one.
   *
   * @throws DiskInUseException if somebody reads the point
   * @throws IllegalArgumentException if there is no such point, or it is the newest
   */
  public synchronized void expire(String id) throws IOException {
    checkUsable();
    Chain now = chain;
    List<PointList.Entry> entries = new ArrayList<>(now.list().entries());
    int index = now.list().indexOf(id);
    if (index == entries.size() - 1) {
      throw new IllegalArgumentException("The newest restore point '" + id + "' cannot expire.");
    }
    if (views.containsKey(id)) {
      throw beingRead(id);
    }
    flush();
    List<UndoLog> finished = new ArrayList<>(now.finished());
    List<UndoLog> gone = new ArrayList<>(List.of(finished.remove(index)));
    List<String> files = new ArrayList<>(List.of(entries.remove(index).log()));
    if (index > 0) {
      PointList.Entry older = entries.get(index - 1);
      String name = now.list().newLog(older.point().id());
      gone.addFirst(finished.get(index - 1));
      LogHeader header = new LogHeader(older.point().id(), readBack.capacityBytes());
      UndoLog merged = UndoLog.create(folder, name, header);
      new UndoReplay(gone, readBack.capacityBytes()).onto(merged);
      finished.set(index - 1, merged);
      entries.set(index - 1, new PointList.Entry(older.point(), name));
      files.add(older.log());
    }
    lock.writeLock().lock();
    try {
      become(new Chain(now.list().with(entries), finished, chain.open()));
      close(gone);
    } finally {
      lock.writeLock().unlock();
    }
    forget(files);
  }

  private static DiskInUseException beingRead(String id) {
    return new DiskInUseException(
        "Could not change the restore points: '"
            + id
            + "' is being read. End what reads it, then retry.");
  }

  Chain chain() {
    return chain;
  }

  Folder folder() {
    return folder;
  }

  TagMapFile storedTags() {
    return storedTags;
  }

  ReadWriteLock lock() {
    return lock;
  }

  private void become(Chain next) throws IOException {
    try {
      next.list().store(folder);
    } catch (IOException failed) {
      // Nobody knows which of the two lists a crash would leave.
      broken = failed;
      throw failed;
    }
    chain = next;
  }

  private static void close(List<UndoLog> logs) throws IOException {
    for (UndoLog log : logs) {
      log.close();
    }
  }

  private void forget(List<String> files) throws IOException {
    List<String> names = folder.names();
    if (files.stream().anyMatch(names::contains)) {
      for (String file : files) {
        folder.delete(file);
      }
      folder.sync();
    }
  }

  /** Makes what was written to the disk survive a crash; no point is made after a failure. */
  void flush() throws IOException {
    flushes.flush(image::flush);
  }

  void checkUsable() throws IOException {
    flushes.check();
    IOException failed = broken;
    if (failed != null) {
      throw new IOException(
          "The list of restore points could not be written; open the disk again.", failed);
    }
  }

  @Override
  public void close() throws IOException {
    try (DiskSink closing = image;
        DiskSource alsoClosing = readBack) {
      storedTags.close();
      chain.close();
    }
  }
}
