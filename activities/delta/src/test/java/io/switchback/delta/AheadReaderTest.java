package io.switchback.delta;

import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AheadReaderTest {
  private static final int PART = AheadReader.PART_BYTES;
  private static final int PARTS = 7;
  private static final int SIZE = (PARTS - 1) * PART + 512;
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
    device.answerAll();
    reader.close();
  }

  @Test
  void readsTheWholeButItsHoles() throws Exception {
    device.answerAll();
    for (int again = 0; again < 2; again++) {
      reader.begin(new ByteRange(0, SIZE));
      for (int part = 0; part < PARTS; part++) {
        assertThat(reader.read(part(part))).isEqualTo(part != HOLE);
        assertThat(part == HOLE || holds(part)).isTrue();
      }
    }
    assertThat(device.asked).containsExactlyInAnyOrder(0, 1, 3, 4, 5, 6, 0, 1, 3, 4, 5, 6);
  }

  @Test
  void theNextTwoPartsComeMeanwhile() throws Exception {
    reader.begin(new ByteRange(0, SIZE));
    assertThat(device.nextTwo()).containsExactlyInAnyOrder(0, 1);
    device.answer(0);
    assertThat(reader.read(part(0))).isTrue();
    assertThat(device.next()).as("behind the hole").isEqualTo(3);
    device.answer(3);
    device.answer(1);
    assertThat(holds(0)).isTrue();
    assertThat(reader.read(part(1))).isTrue();
    assertThat(device.next()).isEqualTo(4);
    assertThat(holds(1)).isTrue();
    assertThat(reader.read(part(HOLE))).isFalse();
    assertThat(reader.read(part(3))).isTrue();
    assertThat(holds(3)).isTrue();
    assertThat(device.next()).isEqualTo(5);
    assertThat(device.underWay).as("4 and 5").hasValue(2);
  }

  @Test
  void whatTheCacheHoldsIsNotAskedForAhead() throws Exception {
    device.answerAll();
    device.underWayBytes = 0;
    reader.begin(new ByteRange(0, SIZE));
    assertThat(device.asked).isEmpty();
    assertThat(reader.read(part(0))).isTrue();
    assertThat(device.asked).containsExactly(0);
  }

  @Test
  void beginsToAskAheadWhereTheCacheEnds() throws Exception {
    device.answerAll();
    device.underWayBytes = 0;
    reader.begin(new ByteRange(0, SIZE));
    assertThat(reader.read(part(0))).isTrue();
    device.underWayBytes = 1;
    for (int part = 1; part < PARTS; part++) {
      assertThat(reader.read(part(part))).isEqualTo(part != HOLE);
      assertThat(part == HOLE || holds(part)).isTrue();
    }
    assertThat(device.asked).containsExactlyInAnyOrder(0, 1, 3, 4, 5, 6);
  }

  @Test
  void whoWantsAPartIsToldWhyItCouldNotBeRead() throws Exception {
    device.answerAll();
    device.bad = 1;
    reader.begin(new ByteRange(0, SIZE));
    assertThat(reader.read(part(0))).isTrue();
    assertThatThrownBy(() -> reader.read(part(1)))
        .isInstanceOf(UnreadableDiskException.class)
        .isSameAs(device.thrown);
  }

  @Test
  void nothingIsUnderWayAfterTheEnd() throws Exception {
    AheadReader closed = new AheadReader(device);
    closed.begin(new ByteRange(0, SIZE));
    assertThat(device.nextTwo()).containsExactlyInAnyOrder(0, 1);
    device.answer(0);
    Thread closing = Thread.ofPlatform().start(closed::close);
    while (closing.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
      assertThat(closing.isAlive()).as("it waits for the device").isTrue();
    }
    device.answer(1);
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

  /** Reads no part before it is told to. */
  private static final class Device extends ForwardingSource {
    private final List<Semaphore> answers =
        Stream.generate(() -> new Semaphore(0)).limit(PARTS).toList();
    private final BlockingQueue<Integer> asked = new LinkedBlockingQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile int underWayBytes = 1;
    private volatile int bad = -1;
    private volatile IOException thrown = new IOException("nothing was");

    Device(byte[] content) {
      super(new MemoryDisk.Source(content));
    }

    void answer(int part) {
      answers.get(part).release();
    }

    void answerAll() {
      answers.forEach(answer -> answer.release(PARTS));
    }

    List<Integer> nextTwo() throws InterruptedException {
      int first = next();
      return List.of(first, next());
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
      answers.get(part).acquireUninterruptibly();
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
