package io.switchback.delta;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class FileDiskSourceTest extends DiskSourceContract {
  @TempDir Path folder;

  @Override
  protected DiskSource open(byte[] content) throws Exception {
    Path image = folder.resolve("disk.img");
    SparseFile.create(image, content.length);
    try (SparseFile file = SparseFile.openForWriting(image)) {
      for (int at = 0; at < content.length; at += Geometry.LEAF_BYTES) {
        int length = Math.min(Geometry.LEAF_BYTES, content.length - at);
        if (!LeafDigests.isZero(ByteBuffer.wrap(content, at, length))) {
          file.write(at, ByteBuffer.wrap(content, at, length));
        }
      }
    }
    return new FileDiskSource(image);
  }
}
