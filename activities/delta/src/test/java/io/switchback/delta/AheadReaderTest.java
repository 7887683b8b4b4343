package io.switchback.delta;

import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AheadReaderTest {
  private static final int PART = AheadReader.PART_BYTES;
  private static final int SIZE = 4 * PART + 512;
  private static final int HOLE = 2;

  private final byte[] content = random(1, SIZE);
  private final Device device;
  private final AheadReader reader;

  AheadReaderTest() {
    Arrays.fill(content, HOLE * PART, (HOLE + 1) * PART, (byte) 0);
    device = new Device(content);
    reader = new AheadReader(device);
  }

  @AfterEach
  void close() {
    device.turns.release(SIZE);
    reader.close();
  }

  @Test
  void readsTheWholeButItsHoles() throws Exception {
    device.turns.release(SIZE);
    for (int again = 0; again < 2; again++) {
      reader.begin(new ByteRange(0, SIZE));
      for (int part = 0; part < 5; part++) {
        assertThat(reader.read(part(part))).isEqualTo(part != HOLE);
        assertThat(part == HOLE || holds(part)).isTrue();
      }
    }
    assertThat(device.asked).containsExactly(0, 1, 3, 4, 0, 1, 3, 4);
  }

  @Test
  void theNextPartComesMeanwhile() throws Exception {
    device.turns.release(1);
    reader.begin(new ByteRange(0, SIZE));
    assertThat(reader.read(part(0))).isTrue();
    assertThat(device.next()).isZero();
    assertThat(device.next()).isEqualTo(1);
    assertThat(holds(0)).isTrue();
    device.turns.release(1);
    assertThat(reader.read(part(1))).isTrue();
    assertThat(holds(1)).isTrue();
    assertThat(device.next()).as("behind the hole").isEqualTo(3);
  }

  @Test
  void whatTheCacheHoldsIsNotAskedForAhead() throws Exception {
    device.turns.release(SIZE);
    device.underWayBytes = 0;
    reader.begin(new ByteRange(0, SIZE));
    assertThat(device.asked).isEmpty();
    assertThat(reader.read(part(0))).isTrue();
    assertThat(device.asked).containsExactly(0);
  }

  @Test
  void whoWantsAPartIsToldWhyItCouldNotBeRead() throws Exception {
    device.turns.release(SIZE);
    device.bad = 1;
    reader.begin(new ByteRange(0, SIZE));
    assertThat(reader.read(part(0))).isTrue();
    assertThatThrownBy(() -> reader.read(part(1)))
        .isInstanceOf(UnreadableDiskException.class)
        .isSameAs(device.thrown);
  }

  @Test
  void nothingIsUnderWayAfterTheEnd() throws Exception {
    device.turns.release(1);
    AheadReader closed = new AheadReader(device);
    closed.begin(new ByteRange(0, SIZE));
    assertThat(closed.read(part(0))).isTrue();
    assertThat(device.next()).isZero();
    assertThat(device.next()).isEqualTo(1);
    Thread closing = Thread.ofPlatform().start(closed::close);
    while (closing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
      assertThat(closing.isAlive()).as("it waits for the device").isTrue();
    }
    device.turns.release(1);
    closing.join();
    assertThat(device.underWay).hasValue(0);
  }

  private static ByteRange part(int number) {
    return ByteRange.between((long) number * PART, Math.min((number + 1L) * PART, SIZE));
  }

  private boolean holds(int number) {
    int length = (int) part(number).lengthBytes();
    return Arrays.equals(
        reader.bytes(),
        reader.at(0),
        reader.at(0) + length,
        content,
        number * PART,
        number * PART + length);
  }

  /** Each read waits for its turn. */
  private static final class Device extends ForwardingSource {
    private final Semaphore turns = new Semaphore(0);
    private final BlockingQueue<Integer> asked = new LinkedBlockingQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile int underWayBytes = 1;
    private volatile int bad = -1;
    private volatile IOException thrown = new IOException("nothing was");

    Device(byte[] content) {
      super(new MemoryDisk.Source(content));
    }

    int next() throws InterruptedException {
      Integer part = asked.poll(20, TimeUnit.SECONDS);
      return part == null ? -1 : part;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      int part = (int) (offsetBytes / PART);
      underWay.incrementAndGet();
      asked.add(part);
      turns.acquireUninterruptibly();
      try {
        if (part == bad) {
          thrown =
              new UnreadableDiskException(
                  "disk", new ByteRange(offsetBytes, 512), new IOException("bad sector"));
          throw thrown;
        }
        super.read(offsetBytes, into);
      } finally {
        underWay.decrementAndGet();
      }
    }

    @Override
    public long underWayBytes() {
      return underWayBytes;
    }
  }
}
