package io.switchback.vsphere;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.w3c.dom.Element;

/**
 * A test fixture: what vSphere tells of the files to which disks with snapshots are written, and
 * vcsim does not. Their content ids are equal when their bytes are. Their sizes are those of delta
 * files: never 0, growing by steps, and as old as the last time that somebody had them refreshed.
 * vSphere's steps are larger; these disks are small.
 */
final class RunningFiles {
  static final long STEP = 256L << 10;

  /** What comes after a disk backing's content id. */
  private static final List<String> AFTER_CONTENT_ID =
      List.of(
          "changeId",
          "parent",
          "deltaDiskFormat",
          "digestEnabled",
          "deltaGrainSize",
          "sharing",
          "keyId");

  /** By datastore path of the extent. */
  private final Map<String, Long> sizes = new ConcurrentHashMap<>();

  /** A snapshot was taken or reverted to: the file is new. */
  void fresh(String file) {
    sizes.put(extent(file), STEP);
  }

  /** Somebody had the sizes refreshed: how much of the disk differs from what it stands on. */
  void refresh(String file, Path running, Path parent) {
    long bytes =
        FlatFile.differences(parent, running).stream().mapToLong(FlatFile.Area::lengthBytes).sum();
    sizes.put(extent(file), Math.ceilDiv(bytes + 1, STEP) * STEP);
  }

  /** Puts the content id into a disk's backing. */
  static void tellContent(Element backing, Path running) {
    CRC32C sum = new CRC32C();
    FlatFile.read(
        running,
        (at, block) -> {
          sum.update(ByteBuffer.allocate(Long.BYTES).putLong(at).array());
          sum.update(block);
        });
    Message.child(backing, "contentId").ifPresent(backing::removeChild);
    Message.insert(backing, "contentId", "%08x".formatted(sum.getValue()), AFTER_CONTENT_ID);
  }

  /** Puts the sizes into a layout; whether any was changed. */
  boolean tellSizes(Element about) {
    boolean isChanged = false;
    for (Element file : Message.all(about, "file")) {
      Long size =
          Message.child(file, "name").map(name -> sizes.get(name.getTextContent())).orElse(null);
      if (size != null) {
        Message.child(file, "size").orElseThrow().setTextContent(String.valueOf(size));
        isChanged = true;
      }
    }
    return isChanged;
  }

  private static String extent(String file) {
    return file.replaceFirst("\\.vmdk$", "-flat.vmdk");
  }
}
