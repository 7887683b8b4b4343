package io.switchback.delta.file;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.DiskShrankException;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskSourceContract;
import io.switchback.delta.UnreadableDiskException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every source promises, kept on a real block device whose last leaf is short. */
@Tag("process")
class BlockDeviceSourceIT extends DiskSourceContract {
  @TempDir Path folder;
  private LoopDevice device;

  @Override
  protected int capacityBytes() {
    return 8 * LEAF_BYTES + 4096 + 512;
  }

  @Override
  protected DiskSource open(byte[] content) throws Exception {
    device = LoopDevice.create(folder, content.length);
    try (RandomAccessFile file = new RandomAccessFile(device.path().toFile(), "rw")) {
      file.write(content);
      file.getFD().sync();
    }
    return new FileDiskSource(device.path());
  }

  @AfterEach
  final void detach() throws Exception {
    if (device != null) {
      device.close();
    }
  }

  @Test
  void aSectorThatCannotBeReadIsNamed() throws Exception {
    long lost = 5L * LEAF_BYTES;
    try (LoopDevice broken = LoopDevice.create(folder, 8L * LEAF_BYTES)) {
      broken.loseFrom(lost);
      try (DiskSource source = new FileDiskSource(broken.path())) {
        assertThat(read(source, 0, LEAF_BYTES)).containsOnly(0);
        assertThatExceptionOfType(UnreadableDiskException.class)
            .isThrownBy(() -> read(source, 4L * LEAF_BYTES + 7, 2 * LEAF_BYTES))
            .withMessageContaining(broken.path().toString())
            .satisfies(
                failed -> assertThat(failed.unreadable()).isEqualTo(new ByteRange(lost, 512)));
      }
    }
  }

  @Test
  void aDeviceThatShrankIsNotReadAsZeros() throws Exception {
    try (LoopDevice shrinking = LoopDevice.create(folder, 8L * LEAF_BYTES);
        DiskSource source = new FileDiskSource(shrinking.path())) {
      shrinking.shrinkTo(4L * LEAF_BYTES);
      assertThatExceptionOfType(DiskShrankException.class)
          .isThrownBy(() -> read(source, 6L * LEAF_BYTES, 100));
    }
  }
}
