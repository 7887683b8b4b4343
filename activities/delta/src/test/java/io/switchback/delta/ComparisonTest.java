package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.Geometry.SUPER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.file.SparseFile;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a comparison asks of a source that is far away, and when. */
class ComparisonTest {
  /** So many with a journal, whatever the processors. */
  private static final int THREADS = 2;

  private static final int SUPERS = 8 * THREADS;

  /** At the end, as many are equal. */
  private static final int DIFFERING = 4 * THREADS;

  private static final long CAPACITY = (long) SUPERS * SUPER_BYTES;

  @TempDir Path folder;
  private final Queue<TagLevel> asked = new ConcurrentLinkedQueue<>();
  private final Set<Thread> readsTheSink = ConcurrentHashMap.newKeySet();
  private final AtomicInteger wholeByLeaves = new AtomicInteger();
  private volatile boolean isSinkReadMeanwhile = true;

  @Test
  void bothDisksAreTaggedAtTheSameTime() throws Exception {
    assertThat(compared(1).sentBytes()).isEqualTo((long) DIFFERING * LEAF_BYTES);
    assertThat(isSinkReadMeanwhile).isTrue();
  }

  @Test
  void whereAllSupersDifferTheSourceIsAskedForSegmentsAtOnce() throws Exception {
    assertThat(compared(1).sentBytes()).isEqualTo((long) DIFFERING * LEAF_BYTES);
    long first = asked.stream().filter(TagLevel.SUPER::equals).count();
    long second = asked.stream().filter(TagLevel.SEGMENT::equals).count();
    // Each thread may have asked for segments already when the first equal super is found.
    assertThat(first)
        .as("until it is known, and again where they do not differ")
        .isBetween(2L + 2L * THREADS, 6L * THREADS);
    // Those that were asked for segments in a second step were asked for as supers before.
    assertThat(second).isBetween((long) SUPERS - first, (long) SUPERS);
    assertThat(asked.stream().filter(TagLevel.LEAF::equals)).hasSize(DIFFERING);
  }

  @Test
  void whereMuchDiffersTheSourceIsAskedForLeavesAtOnce() throws Exception {
    int leaves = 16;
    assertThat(compared(leaves).sentBytes()).isEqualTo((long) DIFFERING * leaves * LEAF_BYTES);
    // Each thread has one question under way when the second answer of two has told it.
    assertThat(wholeByLeaves.get()).isGreaterThanOrEqualTo(DIFFERING - 2 - 2 * THREADS);
  }

  private TransferResult compared(int leaves) throws Exception {
    Path from = folder.resolve("source.img");
    Path to = folder.resolve("sink.img");
    SparseFile.create(from, CAPACITY);
    SparseFile.create(to, CAPACITY);
    try (SparseFile file = SparseFile.openForWriting(from)) {
      for (long at = 0; at < DIFFERING; at++) {
        for (long leaf = 1; leaf <= leaves; leaf++) {
          file.write(at * SUPER_BYTES + leaf * LEAF_BYTES, ByteBuffer.wrap(new byte[] {1}));
        }
      }
    }
    try (DiskSource source = new Far(new FileDiskSource(from));
        DiskSink sink =
            new FileDiskSink(to, FenceCheck.UNFENCED, folder.resolve("state"), "production")) {
      TransferResult result =
          new Transfer(
                  source,
                  new WatchedSink(sink),
                  new ChangedAreas.Compared("nobody knows"),
                  TransferObserver.NONE)
              .run();
      assertThat(result.rung()).isEqualTo(Rung.FULL_COMPARISON);
      return result;
    }
  }

  /** Not near, and asked by name. */
  private final class Far extends ForwardingSource {
    Far(DiskSource disk) {
      super(disk);
    }

    @Override
    public AskedTags askTags(TagKey key, TagLevel level, List<ByteRange> ranges) {
      asked.add(level);
      if (level == TagLevel.LEAF && ranges.getFirst().lengthBytes() == SUPER_BYTES) {
        wholeByLeaves.incrementAndGet();
      }
      boolean isFirst = ranges.getFirst().lengthBytes() == SUPER_BYTES && level != TagLevel.LEAF;
      readsTheSink.remove(Thread.currentThread());
      return () -> {
        if (isFirst && level == TagLevel.SUPER && !readsTheSink.contains(Thread.currentThread())) {
          isSinkReadMeanwhile = false;
        }
        return tags(key, level, ranges);
      };
    }
  }

  /** Keeps a journal, and is not near either. */
  private final class WatchedSink extends ForwardingSink {
    private final DiskSink disk;

    WatchedSink(DiskSink disk) {
      super(disk);
      this.disk = disk;
    }

    @Override
    public Optional<TransferJournal> journal() {
      return disk.journal();
    }

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      readsTheSink.add(Thread.currentThread());
      return super.tags(key, level, ranges);
    }
  }
}
