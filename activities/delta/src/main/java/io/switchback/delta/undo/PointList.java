package io.switchback.delta.undo;

import io.switchback.delta.Proof;
import io.switchback.delta.state.Folder;
import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Which restore points there are, oldest first, and where each has its log. The file that holds
 * this is replaced as a whole, and whatever it does not name does not exist.
 *
 * @param revertingTo the point that the disk is being put back to, whatever became of the process
 */
record PointList(long capacityBytes, List<Entry> entries, Optional<String> revertingTo) {
  static final String FILE = "points";
  static final String TEMPORARY = "points.tmp";
  private static final String FIRST_LINE = "switchback restore points 1";
  private static final int MAX_BYTES = 16 * 1024 * 1024;

  PointList {
    entries = List.copyOf(entries);
  }

  /**
   * One point.
   *
   * @param log file with what the disk held at this point where it was changed before the next one
   */
  record Entry(RestorePoint point, String log) {}

  PointList with(List<Entry> other) {
    return new PointList(capacityBytes, other, Optional.empty());
  }

  PointList reverting(String id) {
    return new PointList(capacityBytes, entries, Optional.of(id));
  }

  int indexOf(String id) {
    for (int at = 0; at < entries.size(); at++) {
      if (entries.get(at).point().id().equals(id)) {
        return at;
      }
    }
    throw new IllegalArgumentException("There is no restore point '" + id + "' of this disk.");
  }

  boolean has(String id) {
    return entries.stream().anyMatch(entry -> entry.point().id().equals(id));
  }

  /** A name for a new log of the point, which no log has. */
  String newLog(String id) {
    List<String> taken = entries.stream().map(Entry::log).toList();
    String name = id + ".undo";
    for (int at = 2; taken.contains(name); at++) {
      name = id + "." + at + ".undo";
    }
    return name;
  }

  static boolean isOurs(String file) {
    return file.endsWith(".undo") || file.equals(TEMPORARY);
  }

  void store(Folder folder) throws IOException {
    try (Folder.Log file = folder.create(TEMPORARY)) {
      file.write(0, ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8)));
      file.sync();
    }
    folder.rename(TEMPORARY, FILE);
    folder.sync();
  }

  static PointList load(Folder folder) throws IOException {
    try (Folder.Log file = folder.open(FILE)) {
      if (file.sizeBytes() > MAX_BYTES) {
        throw new DamagedUndoLogException(FILE, "it is far too large");
      }
      byte[] bytes = new byte[Math.toIntExact(file.sizeBytes())];
      file.read(0, ByteBuffer.wrap(bytes));
      return parse(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    text.append("capacity ").append(capacityBytes).append('\n');
    for (Entry entry : entries) {
      Proof proof = entry.point().proof();
      text.append("point ").append(entry.point().id()).append(' ').append(proof.kind());
      text.append(' ').append(proof.key().text());
      text.append(' ').append(proof.root()).append(' ').append(proof.comparedBytes());
      text.append(' ').append(entry.log()).append('\n');
    }
    revertingTo.ifPresent(id -> text.append("reverting ").append(id).append('\n'));
    String sum = sum(text.toString());
    return text.append("sha256 ").append(sum).append('\n').toString();
  }

  private static PointList parse(String text) throws IOException {
    int sumAt = text.lastIndexOf("sha256 ");
    if (sumAt < 0
        || !text.substring(sumAt).equals("sha256 " + sum(text.substring(0, sumAt)) + "\n")) {
      throw new DamagedUndoLogException(FILE, "its sum is wrong");
    }
    List<String> lines = text.substring(0, sumAt).lines().toList();
    if (!lines.getFirst().equals(FIRST_LINE)) {
      throw new DamagedUndoLogException(FILE, "it is of another version");
    }
    long capacityBytes = 0;
    List<Entry> entries = new ArrayList<>();
    Optional<String> revertingTo = Optional.empty();
    for (String line : lines.subList(1, lines.size())) {
      List<String> words = List.of(line.split(" "));
      switch (words.getFirst()) {
        case "capacity" -> capacityBytes = Long.parseLong(words.get(1));
        case "point" -> entries.add(entry(words));
        case "reverting" -> revertingTo = Optional.of(words.get(1));
        default -> throw new DamagedUndoLogException(FILE, "it says '" + line + "'");
      }
    }
    return new PointList(capacityBytes, entries, revertingTo);
  }

  private static Entry entry(List<String> words) {
    Proof proof =
        new Proof(
            Proof.Kind.valueOf(words.get(2)),
            TagKey.parse(words.get(3)),
            words.get(4),
            Long.parseLong(words.get(5)));
    return new Entry(new RestorePoint(words.get(1), proof), words.get(6));
  }

  private static String sum(String text) {
    return HexFormat.of().formatHex(Frame.hasher().digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
