package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.ByteRange;
import io.switchback.delta.FailingChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is frozen of a disk that its device could not hold. */
class FailedFlushTest {
  private static final int CAPACITY = 4 * Layer.GRAIN;

  @TempDir Path directory;

  private FailingChannel open(Path file) throws IOException {
    return new FailingChannel(
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Test
  void aLayerThatCouldNotBeForcedIsNotForcedBeforeTheSiteStartsAgain() throws Exception {
    for (boolean isData : new boolean[] {true, false}) {
      String id = isData ? "data" : "map";
      FailingChannel data = open(Layer.dataFile(directory, id));
      FailingChannel map = open(Layer.mapFile(directory, id));
      try (Layer layer = new Layer(id, directory, null, data, map, new BitSet())) {
        layer.write(0, ByteBuffer.allocate(Layer.GRAIN));
        layer.writeMap();
        (isData ? data : map).failOneFlush();
        assertThatIOException().isThrownBy(layer::force).withMessage("Input/output error");

        assertThatIOException().isThrownBy(layer::force).withMessageContaining("may be lost");
      }
      try (Layer again = Layer.open(directory, id, null)) {
        again.force();
      }
    }
  }

  @Test
  void whatWasWrittenOutEarlyAndFailedIsToldByTheNextForce() throws Exception {
    FailingChannel data = open(Layer.dataFile(directory, "one"));
    FailingChannel map = open(Layer.mapFile(directory, "one"));
    try (Layer layer = new Layer("one", directory, null, data, map, new BitSet())) {
      data.failOneFlush();
      layer.writeOut();

      assertThatIOException().isThrownBy(layer::force).withMessageContaining("may be lost");
    }
  }

  @Test
  void marksThatMayBeLostMakeEveryChangeIdUnknown() throws Exception {
    Path file = directory.resolve("changes.cbt");
    FailingChannel channel = open(file);
    String before;
    try (ChangeTracking tracking =
        new ChangeTracking(file, channel, UUID.randomUUID(), 1, new long[0])) {
      tracking.reset(CAPACITY);
      before = tracking.nextChangeId();
      tracking.mark(new ByteRange(0, 512));
      tracking.writeMarks();
      channel.failOneFlush();
      assertThatIOException().isThrownBy(tracking::force).withMessage("Input/output error");
      assertThatIOException().isThrownBy(tracking::nextChangeId);
    }
    try (ChangeTracking again = ChangeTracking.open(file, CAPACITY)) {
      assertThatThrownBy(() -> again.number(before)).isInstanceOf(LabException.class);
      assertThat(again.nextChangeId()).isNotEqualTo(before);
    }
  }
}
