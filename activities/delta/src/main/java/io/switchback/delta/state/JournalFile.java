package io.switchback.delta.state;

import io.switchback.delta.TransferJournal;
import io.switchback.delta.tag.TagKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a transfer into a disk, in one file beside it: a line for the transfer and one for
 * each note, each with its CRC32C. What a crash has torn ends it.
 */
public final class JournalFile implements TransferJournal, Closeable {
  public static final String FILE = "transfer";
  private static final String TEMPORARY = "transfer.tmp";
  private static final String FIRST_WORDS = "switchback transfer 2 ";

  private final Folder folder;
  private final String name;
  private Folder.@Nullable Log file;
  private long endBytes;

  /**
   * @param name of the source's moment and of the sink's, in one line: another pair, another
   *     journal
   */
  public JournalFile(Folder folder, String name) {
    this.folder = folder;
    this.name = name;
  }

  /**
   * The journal of transfers from {@code source} onto {@code sink}.
   *
   * @param source names the source at one moment, in one line: the same name, the same bytes
   */
  public static JournalFile of(Folder folder, String sink, String source) {
    if (source.isBlank() || source.lines().count() != 1) {
      throw new IllegalArgumentException("A source is named in one line, not '" + source + "'.");
    }
    return new JournalFile(folder, "onto " + sink + " from " + source);
  }

  @Override
  public synchronized Begun begin(Pass pass) throws IOException {
    close();
    if (folder.names().contains(FILE)) {
      file = folder.open(FILE);
      List<String> lines = read(file);
      Optional<TagKey> key = lines.isEmpty() ? Optional.empty() : key(lines.getFirst(), pass);
      if (key.isPresent()) {
        file.truncate(endBytes);
        List<Note> notes = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
          notes.add(NoteLine.read(line));
        }
        return new Begun(key.get(), notes);
      }
      close();
    }
    create(pass);
    return new Begun(pass.key(), List.of());
  }

  private void create(Pass pass) throws IOException {
    String first = firstWords(pass) + pass.key().text() + " " + name;
    Folder.Log fresh = folder.create(TEMPORARY);
    file = fresh;
    endBytes = 0;
    append(List.of(first));
    fresh.sync();
    folder.rename(TEMPORARY, FILE);
    folder.sync();
  }

  private static String firstWords(Pass pass) {
    return FIRST_WORDS + pass.capacityBytes() + " " + pass.changes() + " ";
  }

  /** The key that this transfer was begun with, if the journal is of it. */
  private Optional<TagKey> key(String first, Pass pass) {
    String words = firstWords(pass);
    int keyEnd = first.indexOf(' ', words.length());
    return first.startsWith(words) && keyEnd > 0 && first.substring(keyEnd + 1).equals(name)
        ? Optional.of(TagKey.parse(first.substring(words.length(), keyEnd)))
        : Optional.empty();
  }

  /** The good lines; where they end is remembered. */
  private List<String> read(Folder.Log from) throws IOException {
    byte[] bytes = new byte[Math.toIntExact(from.sizeBytes())];
    from.read(0, ByteBuffer.wrap(bytes));
    List<String> lines = new ArrayList<>();
    endBytes = 0;
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        int start = (int) endBytes;
        String line = new String(bytes, start, at - start, StandardCharsets.UTF_8);
        Optional<String> text = CheckedLine.text(line);
        if (text.isEmpty()) {
          break;
        }
        lines.add(text.get());
        endBytes = at + 1L;
      }
    }
    return lines;
  }

  @Override
  public synchronized void add(List<Note> notes) throws IOException {
    append(notes.stream().map(NoteLine::of).toList());
    // So often the sink is flushed too, and a note that is lost costs only time.
    Folder.Log to = file;
    if (to != null && notes.stream().anyMatch(Applied.class::isInstance)) {
      to.sync();
    }
  }

  private void append(List<String> lines) throws IOException {
    Folder.Log to = file;
    if (to == null) {
      throw new IllegalStateException("Nothing was begun.");
    }
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(CheckedLine.of(line)).append('\n'));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    to.write(endBytes, ByteBuffer.wrap(bytes));
    endBytes += bytes.length;
  }

  @Override
  public synchronized void clear() throws IOException {
    close();
    folder.delete(FILE);
    folder.sync();
  }

  /** Gives the file back; {@link #begin} opens it again. */
  @Override
  public synchronized void close() throws IOException {
    Folder.Log open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }
}
