package io.switchback.lab;

import io.switchback.delta.TransferJournal;
import io.switchback.delta.state.DirectoryFolder;
import io.switchback.delta.state.JournalFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the transfer into a disk's top layer came. It lies in a file named after the layer: where
 * that layer is not the top any more, nobody asks for it.
 *
 * <p>Each attempt has an id that dies with the daemon, because what an attempt has written and not
 * flushed dies with it too. An attempt that others have taken over from can write nothing more.
 */
final class LayerJournal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LayerJournal.class);

  private final Path directory;
  private final String prefix;
  private final Path file;
  private boolean mayExist;
  private @Nullable String attempt;
  private @Nullable JournalFile open;

  LayerJournal(Path directory, String layer) {
    this.directory = directory;
    this.prefix = layer + ".";
    this.file = file(directory, layer);
    this.mayExist = Files.exists(file);
  }

  /** An attempt that may write. */
  record Attempt(String id, TransferJournal.Begun begun) {}

  static Path file(Path directory, String layer) {
    return directory.resolve(layer + "." + JournalFile.FILE);
  }

  private DirectoryFolder folder() throws IOException {
    return new DirectoryFolder(directory, prefix);
  }

  /** Goes on with the transfer from {@code source}, or begins it; earlier attempts are over. */
  synchronized Attempt begin(String source, TransferJournal.Pass pass) throws IOException {
    attempt = null;
    close();
    JournalFile journal = JournalFile.of(folder(), "this layer", source);
    mayExist = true;
    TransferJournal.Begun begun = journal.begin(pass);
    open = journal;
    String id = "attempt-" + UUID.randomUUID();
    attempt = id;
    return new Attempt(id, begun);
  }

  /** Begins an attempt that nobody goes on with; earlier attempts are over. */
  synchronized String beginUntold() throws IOException {
    attempt = null;
    forget();
    String id = "attempt-" + UUID.randomUUID();
    attempt = id;
    return id;
  }

  /**
   * Lets a write pass. One that no attempt makes is remembered by none: the next begins anew.
   *
   * @throws LabException DISK_CHANGED when the attempt is over
   */
  synchronized void admit(@Nullable String writing) throws IOException {
    if (writing == null) {
      forget();
    } else {
      require(writing);
    }
  }

  /**
   * Adds to what is known, unless it was forgotten meanwhile.
   *
   * @throws LabException DISK_CHANGED when the attempt is over
   */
  synchronized void tell(String telling, List<TransferJournal.Note> notes) throws IOException {
    require(telling);
    JournalFile journal = open;
    if (journal != null) {
      journal.add(notes);
    }
  }

  /**
   * Forgets everything, so that the next attempt begins anew.
   *
   * @throws LabException DISK_CHANGED when the attempt is over
   */
  synchronized void clear(String clearing) throws IOException {
    require(clearing);
    forget();
  }

  /**
   * @throws LabException DISK_CHANGED when the attempt is over
   */
  synchronized void require(String id) {
    if (!id.equals(attempt)) {
      throw new LabException(
          LabFault.DISK_CHANGED,
          "The site has started again, another attempt has begun, or the disk was reverted or snapshotted since this attempt began. Begin again.");
    }
  }

  /** Forgets everything, also after a crash; an attempt under way may go on without being told. */
  private void forget() throws IOException {
    if (mayExist) {
      close();
      try (JournalFile journal = new JournalFile(folder(), "")) {
        journal.clear();
      }
      mayExist = false;
    }
  }

  /** Its layer is not the top any more. */
  synchronized void end() {
    attempt = null;
    try {
      close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // Nobody looks for it under this layer's name, and the next start removes it.
      LOG.warn("a transfer's journal stays for now file={}", file, e);
    }
  }

  /** Keeps what is known for the next attempt. */
  @Override
  public synchronized void close() throws IOException {
    JournalFile journal = open;
    open = null;
    if (journal != null) {
      journal.close();
    }
  }
}
