package io.switchback.delta.trust;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Fences that outlive the process and are shared by all workers of a machine: one small file per
 * disk. A machine that dies leaves the old fence or the new one, never a part.
 */
public final class SeenFencesFolder implements SeenFences {
  private final Path folder;

  /**
   * @param folder made when it is not there
   */
  public SeenFencesFolder(Path folder) {
    this.folder = folder;
  }

  @Override
  public TransferFence raise(String disk, TransferFence fence) throws IOException {
    return OwnFiles.exclusively(
        folder,
        () -> {
          Optional<TransferFence> known = highest(disk);
          if (known.isPresent() && known.get().compareTo(fence) >= 0) {
            return known.get();
          }
          OwnFiles.replace(file(disk), fence + "\n" + disk + "\n");
          return fence;
        });
  }

  @Override
  public Optional<TransferFence> highest(String disk) throws IOException {
    Path file = file(disk);
    try {
      List<String> lines = Files.readAllLines(file);
      return Optional.of(TransferFence.parse(lines.isEmpty() ? "" : lines.getFirst()));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IllegalArgumentException broken) {
      throw new IOException(
          "The file '%s' holds no fence. Find out who wrote to it; without it every older transfer could touch the disk again."
              .formatted(file),
          broken);
    }
  }

  private Path file(String disk) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(disk.getBytes(UTF_8));
      return folder.resolve(HexFormat.of().formatHex(digest) + ".fence");
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256.", absent);
    }
  }
}
