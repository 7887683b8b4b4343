package io.switchback.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What happened at a site, one JSON line per effect, in the order of the effects. A line is in the
 * file before the call that made the effect answers; a torn last line, left by a kill, is cut off
 * at the next start.
 */
final class EffectJournal implements AutoCloseable {

  /** Makes an effect durable. It is handed the line, so that it can store it with the state. */
  interface Commit {
    void persist(Effect effect) throws IOException;
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final FileChannel file;
  private long lastSeq;
  private Instant lastAt = Instant.EPOCH;

  private EffectJournal(FileChannel file) {
    this.file = file;
  }

  /** Opens the journal and hands every line in it to {@code reader}. */
  static EffectJournal open(Path path, Consumer<Effect> reader) throws IOException {
    if (Files.exists(path)) {
      cutTornLine(path);
    }
    EffectJournal journal =
        new EffectJournal(
            FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.APPEND));
    try (BufferedReader lines = Files.newBufferedReader(path)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Effect effect = Json.read(line.getBytes(StandardCharsets.UTF_8), Effect.class);
        journal.lastSeq = effect.seq();
        journal.lastAt = effect.at() == null ? journal.lastAt : effect.at();
        reader.accept(effect);
      }
    }
    return journal;
  }

  private static void cutTornLine(Path path) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(path.toFile(), "rw")) {
      long end = bytes.length();
      while (end > 0) {
        bytes.seek(end - 1);
        if (bytes.read() == '\n') {
          break;
        }
        end--;
      }
      bytes.setLength(end);
    }
  }

  Effect append(Effect draft) throws IOException {
    return commit(draft, effect -> {});
  }

  /** Persists the effect and writes its line, with no other line between the two. */
  Effect commit(Effect draft, Commit state) throws IOException {
    lock.lock();
    try {
      Instant now = Instant.now();
      Effect effect = draft.numbered(lastSeq + 1, now.isBefore(lastAt) ? lastAt : now);
      state.persist(effect);
      write(effect);
      return effect;
    } finally {
      lock.unlock();
    }
  }

  /** Writes a line that a state file knows and that a kill kept out of the journal. */
  void recover(Effect known) throws IOException {
    lock.lock();
    try {
      if (known.seq() > lastSeq) {
        write(known.numbered(lastSeq + 1, known.at() == null ? Instant.now() : known.at()));
      }
    } finally {
      lock.unlock();
    }
  }

  private void write(Effect effect) throws IOException {
    byte[] json = Json.write(effect);
    ByteBuffer line = ByteBuffer.allocate(json.length + 1).put(json).put((byte) '\n').flip();
    while (line.hasRemaining()) {
      file.write(line);
    }
    lastSeq = effect.seq();
    lastAt = effect.at() == null ? lastAt : effect.at();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
