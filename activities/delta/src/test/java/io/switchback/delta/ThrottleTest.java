package io.switchback.delta;

import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.bucket4j.TimeMeter;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ThrottleTest {
  private static final int SIZE = 3 * 1024 * 1024;
  private static final long FAST = 1_000_000_000;

  private final byte[] content = random(1, SIZE);
  private final MemoryDisk target = new MemoryDisk(new byte[SIZE]);

  @Test
  void everyByteThatIsReadToBeCopiedCountsForEachLimit() throws Exception {
    RateLimit ofTransfer = spent(FAST);
    RateLimit ofSite = spent(2 * FAST);
    transfer(new MemoryDisk.Source(content), TransferObserver.NONE, ofTransfer, ofSite);
    transfer(new MemoryDisk.Source(content), TransferObserver.NONE, ofSite);
    assertThat(owedBytes(ofTransfer)).isEqualTo(SIZE);
    assertThat(owedBytes(ofSite)).as("of both transfers").isEqualTo(2 * SIZE);
    assertThat(target.bytes()).isEqualTo(content);
  }

  @Test
  void ofASourceThatIsFarAwayOnlyWhatTravelledCounts() throws Exception {
    AtomicLong travelled = new AtomicLong(7_000);
    DiskSource far =
        new MemoryDisk.Source(content) {
          @Override
          public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges)
              throws IOException {
            travelled.addAndGet(64);
            return super.tags(key, level, ranges);
          }

          @Override
          public OptionalLong travelledBytes() {
            return OptionalLong.of(travelled.get());
          }
        };
    RateLimit limit = spent(FAST);
    new Transfer(
            far,
            target.sink(),
            new ChangedAreas.Compared("nobody knows"),
            TransferObserver.NONE,
            List.of(limit))
        .run();
    assertThat(owedBytes(limit))
        .as("before it, nothing is counted")
        .isEqualTo(travelled.get() - 7_000);
  }

  @Test
  @Timeout(20)
  void aTransferThatIsStoppedDoesNotWaitForItsLimit() {
    RateLimit slow = new RateLimit(RateLimit.LEAST_BYTES_PER_SECOND);
    slow.passed(1L << 40);
    AtomicInteger looks = new AtomicInteger();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                transfer(
                    new MemoryDisk.Source(content),
                    _ -> {
                      if (looks.incrementAndGet() == 2) {
                        throw new IllegalStateException("cancelled while it waits");
                      }
                    },
                    slow));
    assertThat(looks).as("it is watched while it waits").hasValue(2);
  }

  @Test
  @Timeout(20)
  void whoeverWaitsIsWokenByTheStop() throws Exception {
    Tally tally = new Tally(new MemoryDisk.Source(content));
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () ->
                    assertThatExceptionOfType(CancellationException.class)
                        .isThrownBy(() -> tally.pause(Duration.ofDays(1).toNanos())));
    tally.stop();
    waiting.join();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> tally.pause(1));
  }

  @Test
  @Timeout(20)
  void whoeverWaitsGoesOnWhenTheLimitGrows() throws Exception {
    MemoryDisk.Source source = new MemoryDisk.Source(content);
    RateLimit slow = new RateLimit(RateLimit.LEAST_BYTES_PER_SECOND);
    Throttle throttle = new Throttle(List.of(slow), source, new Tally(source));
    Thread owingHours = Thread.ofPlatform().start(() -> throttle.passed(1L << 30));
    while (owingHours.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    slow.changeTo(RateLimit.MOST_BYTES_PER_SECOND);
    owingHours.join();
  }

  @Test
  void aSlowLimitKeepsWhatIsAskedForAheadSmall() throws Exception {
    AtomicInteger most = new AtomicInteger();
    DiskSource source =
        new MemoryDisk.Source(content) {
          @Override
          public void expect(List<ByteRange> reads) {
            most.accumulateAndGet(reads.size(), Math::max);
          }
        };
    transfer(source, TransferObserver.NONE);
    assertThat(most).as("of 256 KiB").hasValue(12);
    most.set(0);
    transfer(
        source, TransferObserver.NONE, new RateLimit(8 * 1024 * 1024, new Clock(1_000_000_000)));
    assertThat(most).as("a quarter of a second").hasValue(8);
  }

  private void transfer(DiskSource source, TransferObserver observer, RateLimit... limits)
      throws Exception {
    new Transfer(
            source, target.sink(), new ChangedAreas.Unknown("first"), observer, List.of(limits))
        .run();
  }

  /** A limit whose time stands still and whose burst is used up. */
  private static RateLimit spent(long bytesPerSecond) {
    RateLimit limit = new RateLimit(bytesPerSecond, new Clock(0));
    limit.passed(bytesPerSecond / 10);
    return limit;
  }

  private static long owedBytes(RateLimit limit) {
    long nanos = limit.passed(16);
    return Math.round(nanos * (limit.bytesPerSecond() / 1e9)) - 16;
  }

  /** Goes on by so many nanoseconds at each look. */
  private static final class Clock implements TimeMeter {
    private final AtomicLong nanos = new AtomicLong(1);
    private final long step;

    private Clock(long step) {
      this.step = step;
    }

    @Override
    public long currentTimeNanos() {
      return nanos.addAndGet(step);
    }

    @Override
    public boolean isWallClockBased() {
      return false;
    }
  }
}
