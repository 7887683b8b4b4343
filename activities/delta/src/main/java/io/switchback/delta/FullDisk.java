package io.switchback.delta;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Tells that a write failed for want of space, from what the system says and, because it says that
 * in the language of its user, from how much space there is.
 */
public final class FullDisk {
  private static final List<String> WORDS =
      List.of("No space left on device", "Disk quota exceeded");

  /** A file system that has less than this beyond what was wanted may need it for itself. */
  private static final long SLACK_BYTES = 64L * 1024;

  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  private FullDisk() {}

  /** How much space there is, in bytes. */
  @FunctionalInterface
  interface Room {
    long usableBytes() throws IOException;
  }

  /** Whether Linux means by this number that there is no space. */
  public static boolean isMeantBy(int errno) {
    return errno == ENOSPC || errno == EDQUOT;
  }

  /**
   * What to throw for {@code failed}: a {@link DiskFullException} if there is no space.
   *
   * @param path of the file that was written
   * @param neededBytes that were to be written
   */
  public static IOException naming(IOException failed, Path path, long neededBytes) {
    return naming(failed, path, neededBytes, () -> usableBytes(path));
  }

  static IOException naming(IOException failed, Path path, long neededBytes, Room room) {
    return isOrdinary(failed) && (isSaid(failed) || isSeen(neededBytes, room))
        ? of(path, failed)
        : failed;
  }

  /** Of a device, whose space is its own: only what the system says counts. */
  public static IOException naming(IOException failed, Path path) {
    return isOrdinary(failed) && isSaid(failed) ? of(path, failed) : failed;
  }

  /** That there is no space for {@code path}. */
  public static DiskFullException of(Path path, Throwable cause) {
    return new DiskFullException(
        "Could not write to '" + path + "': no space is left. Make room, then retry.", cause);
  }

  /** Whether it says no more than that the system failed. */
  private static boolean isOrdinary(IOException failed) {
    return failed.getClass() == IOException.class || failed.getClass() == FileSystemException.class;
  }

  private static boolean isSaid(IOException failed) {
    String message = String.valueOf(failed.getMessage());
    return WORDS.stream().anyMatch(message::contains);
  }

  private static boolean isSeen(long neededBytes, Room room) {
    try {
      return room.usableBytes() < neededBytes + SLACK_BYTES;
    } catch (IOException untold) {
      return false;
    }
  }

  private static long usableBytes(Path path) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    return Files.getFileStore(folder != null && !Files.exists(path) ? folder : path)
        .getUsableSpace();
  }
}
