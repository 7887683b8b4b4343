package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The highest fence seen per VM and per disk. A rise is in the file before the mutation it allows;
 * a VM that is deleted keeps its entry, so that a late creation under an old fence is refused.
 */
final class FenceBook implements AutoCloseable {

  private record Entry(String target, LabFence fence) {}

  private final Map<String, LabFence> highest = new HashMap<>();
  private final FileChannel file;

  private FenceBook(FileChannel file) {
    this.file = file;
  }

  static FenceBook open(Path path) throws IOException {
    Map<String, LabFence> known = new HashMap<>();
    if (Files.exists(path)) {
      for (String line : Files.readString(path).split("(?<=\n)")) {
        // A line without its end was cut by a kill before the mutation it would have allowed.
        if (line.endsWith("\n")) {
          Entry entry = Json.read(line.getBytes(StandardCharsets.UTF_8), Entry.class);
          known.put(entry.target(), entry.fence());
        }
      }
    }
    Path compact = path.resolveSibling(path.getFileName() + ".new");
    StringBuilder text = new StringBuilder();
    known.forEach((target, fence) -> text.append(line(target, fence)));
    Files.writeString(compact, text);
    Files.move(compact, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    FenceBook book =
        new FenceBook(FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    book.highest.putAll(known);
    return book;
  }

  static String vm(String vmId) {
    return "vm/" + vmId;
  }

  static String disk(String vmId, String diskId) {
    return "disk/" + vmId + "/" + diskId;
  }

  /**
   * Admits a mutation of {@code target} and raises its entry.
   *
   * @param guards every target whose entry forbids a lower fence, {@code target} among them
   * @throws LabException FENCED, naming both fences
   */
  synchronized void admit(LabFence fence, String target, Iterable<String> guards)
      throws IOException {
    for (String guard : guards) {
      LabFence known = highest.get(guard);
      if (known != null && fence.compareTo(known) < 0) {
        throw new LabException(
            LabFault.FENCED,
            "Fence %s is refused: %s has seen %s. A newer operation or attempt holds it, so stop."
                .formatted(fence, guard, known));
      }
    }
    LabFence known = highest.get(target);
    if (known == null || fence.compareTo(known) > 0) {
      ByteBuffer line = ByteBuffer.wrap(line(target, fence).getBytes(StandardCharsets.UTF_8));
      while (line.hasRemaining()) {
        file.write(line);
      }
      highest.put(target, fence);
    }
  }

  synchronized Optional<LabFence> highest(String target) {
    return Optional.ofNullable(highest.get(target));
  }

  synchronized Optional<LabFence> highest() {
    return highest.values().stream().max(LabFence::compareTo);
  }

  private static String line(String target, LabFence fence) {
    return new String(Json.write(new Entry(target, fence)), StandardCharsets.UTF_8) + "\n";
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
