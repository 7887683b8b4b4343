package io.switchback.delta.undo;

import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSinkContract;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FencedException;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.file.SparseFile;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What every sink promises, kept while a log takes down what is overwritten. */
class UndoSinkTest extends DiskSinkContract {
  @TempDir Path folder;
  private RestorePoints points;
  private volatile boolean fenced;

  @Override
  protected DiskSink open(int capacityBytes) throws Exception {
    SparseFile.create(image(), capacityBytes);
    points = RestorePoints.open(image(), folder.resolve("points"), this::check);
    points.commit("empty", Roots.of(new byte[capacityBytes]));
    return points.sink();
  }

  private void check() throws FencedException {
    if (fenced) {
      throw new FencedException("a newer holder writes " + image() + ".");
    }
  }

  @Override
  protected DiskSource look() throws Exception {
    return new FileDiskSource(image());
  }

  @Override
  protected void raiseFence() {
    fenced = true;
  }

  @Override
  protected void damage(long offsetBytes) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(image().toFile(), "rw")) {
      file.seek(offsetBytes);
      int now = file.read();
      file.seek(offsetBytes);
      file.write(~now);
    }
  }

  @AfterEach
  final void closePoints() throws Exception {
    if (points != null) {
      points.close();
    }
  }

  private Path image() {
    return folder.resolve("disk.img");
  }
}
