package io.switchback.delta.file;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static io.switchback.delta.TestBytes.readAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskInUseException;
import io.switchback.delta.DiskShrankException;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSinkContract;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.FencedException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every sink promises, kept on a real block device whose last leaf is short. */
@Tag("process")
class BlockDeviceSinkIT extends DiskSinkContract {
  private static final int HOLE_BYTES = 4096;

  @TempDir Path folder;
  private LoopDevice device;
  private volatile boolean fenced;

  @Override
  protected int capacityBytes() {
    return 8 * LEAF_BYTES + 4096 + 512;
  }

  @Override
  protected DiskSink open(int capacityBytes) throws Exception {
    device = LoopDevice.create(folder, capacityBytes);
    return new FileDiskSink(
        device.path(),
        () -> {
          if (fenced) {
            throw new FencedException("a newer holder writes " + device.path() + ".");
          }
        });
  }

  @Override
  protected DiskSource look() throws Exception {
    return new FileDiskSource(device.path());
  }

  @Override
  protected void raiseFence() {
    fenced = true;
  }

  @Override
  protected void damage(long offsetBytes) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(device.path().toFile(), "rw")) {
      file.seek(offsetBytes);
      int now = file.read();
      file.seek(offsetBytes);
      file.write(~now);
    }
  }

  @AfterEach
  final void detach() throws Exception {
    if (device != null) {
      device.close();
    }
  }

  @Test
  void zerosGiveTheirSpaceBack() throws Exception {
    try (LoopDevice other = LoopDevice.create(folder, 4L * LEAF_BYTES + 512);
        DiskSink sink = new FileDiskSink(other.path(), FenceCheck.UNFENCED)) {
      byte[] expected = random(1, 4 * LEAF_BYTES + 512);
      sink.write(new Batch(List.of(new Batch.Data(0, ByteBuffer.wrap(expected.clone())))));
      sink.flush();
      // Neither end lies on a block of the device.
      sink.write(new Batch(List.of(new Batch.Zeros(ByteRange.between(100, 3 * LEAF_BYTES + 5)))));
      sink.write(new Batch(List.of(new Batch.Zeros(new ByteRange(4L * LEAF_BYTES + 10, 500)))));
      sink.flush();
      java.util.Arrays.fill(expected, 100, 3 * LEAF_BYTES + 5, (byte) 0);
      java.util.Arrays.fill(expected, 4 * LEAF_BYTES + 10, 4 * LEAF_BYTES + 510, (byte) 0);
      try (DiskSource disk = new FileDiskSource(other.path())) {
        assertSameBytes(readAll(disk), expected);
      }
      assertThat(other.allocatedBytes()).isLessThanOrEqualTo(LEAF_BYTES + 3 * HOLE_BYTES);
    }
  }

  @Test
  void aDeviceThatIsInUseIsRefused() {
    assertThatExceptionOfType(DiskInUseException.class)
        .isThrownBy(() -> new FileDiskSink(device.path(), FenceCheck.UNFENCED))
        .withMessageContaining(device.path().toString())
        .withMessageContaining("in use");
  }

  @Test
  void aDeviceThatShrankIsNotWrittenAnyMore() throws Exception {
    try (LoopDevice other = LoopDevice.create(folder, 4L * LEAF_BYTES);
        DiskSink sink = new FileDiskSink(other.path(), FenceCheck.UNFENCED)) {
      other.shrinkTo(2L * LEAF_BYTES);
      Batch batch = new Batch(List.of(new Batch.Data(0, ByteBuffer.wrap(random(1, 4096)))));
      assertThatExceptionOfType(DiskShrankException.class)
          .isThrownBy(() -> sink.write(batch))
          .withMessageContaining("262144")
          .withMessageContaining("131072");
      assertThatExceptionOfType(DiskShrankException.class).isThrownBy(sink::flush);
    }
  }
}
