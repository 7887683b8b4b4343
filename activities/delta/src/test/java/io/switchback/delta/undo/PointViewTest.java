package io.switchback.delta.undo;

import static io.switchback.delta.Geometry.LEAF_BYTES;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskSourceContract;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.TestBytes;
import io.switchback.delta.file.SparseFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What every source promises, kept by a point that the disk has gone on from twice. */
class PointViewTest extends DiskSourceContract {
  @TempDir Path folder;
  private RestorePoints points;

  @Override
  protected DiskSource open(byte[] content) throws Exception {
    Path image = folder.resolve("disk.img");
    SparseFile.create(image, content.length);
    points = RestorePoints.open(image, folder.resolve("points"), FenceCheck.UNFENCED);
    for (int at = 0; at < content.length; at += LEAF_BYTES) {
      int end = Math.min(at + LEAF_BYTES, content.length);
      if (!Arrays.equals(content, at, end, new byte[end - at], 0, end - at)) {
        write(at, Arrays.copyOfRange(content, at, end));
      }
    }
    points.commit("then", Roots.of(content));
    write(0, TestBytes.random(21, 2 * LEAF_BYTES));
    points.commit("later", Roots.of(content));
    write(LEAF_BYTES, TestBytes.random(22, 2 * LEAF_BYTES));
    points
        .sink()
        .write(new Batch(List.of(new Batch.Zeros(new ByteRange(3L * LEAF_BYTES, LEAF_BYTES)))));
    return points.read("then");
  }

  @Override
  protected void writeToLiveDisk(long offsetBytes, byte[] bytes) throws Exception {
    write(offsetBytes, bytes);
    points.commit("now" + bytes.length, Roots.of(bytes));
  }

  private void write(long offsetBytes, byte[] bytes) throws IOException {
    points.sink().write(new Batch(List.of(new Batch.Data(offsetBytes, ByteBuffer.wrap(bytes)))));
  }

  @AfterEach
  final void closePoints() throws Exception {
    if (points != null) {
      points.close();
    }
  }
}
