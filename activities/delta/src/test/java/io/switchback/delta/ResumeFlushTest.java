package io.switchback.delta;

import static io.switchback.delta.Geometry.SUPER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A sink that could not flush: what was sent to it is sent again. */
class ResumeFlushTest {
  private static final ChangedAreas ALL = new ChangedAreas.Unknown("it is the first");
  private static final int CAPACITY = 4 * SUPER_BYTES;

  private final Notes journal = new Notes();
  private final AtomicInteger flushesBeforeFailure = new AtomicInteger();
  private final DiskSink sink = new FailingOnce(new MemoryDisk(new byte[512]).sink());

  @Test
  void noThreadTellsOfWhatMayBeLost() throws Exception {
    flushesBeforeFailure.set(2);
    Resume resume = Resume.at(sink, ALL, TagKey.random(TagAlgorithm.POLY1305));
    resume.tellApplied(superAt(0), new byte[] {1});
    assertThat(journal.notes).hasSize(1);

    assertThatIOException()
        .isThrownBy(() -> resume.tellApplied(superAt(1), new byte[] {2}))
        .withMessage("Input/output error");
    // The thread beside it: its flush would succeed.
    assertThatIOException().isThrownBy(() -> resume.tellApplied(superAt(2), new byte[] {3}));
    assertThatIOException().isThrownBy(resume::tellFlushed);

    assertThat(journal.notes).containsExactly(new TransferJournal.Applied(0, "01"));
  }

  @Test
  void whatWasNotFlushedIsSentAgain() throws Exception {
    flushesBeforeFailure.set(2);
    Resume failed = Resume.at(sink, ALL, TagKey.random(TagAlgorithm.POLY1305));
    failed.tellApplied(superAt(0), new byte[] {1});
    assertThatIOException().isThrownBy(() -> failed.tellApplied(superAt(1), new byte[] {2}));

    Resume next = Resume.at(sink, ALL, TagKey.random(TagAlgorithm.POLY1305));

    assertThat(next.applied(0)).hasValue(new byte[] {1});
    assertThat(next.applied(1)).isEmpty();
    next.tellApplied(superAt(1), new byte[] {2});
    assertThat(journal.notes).hasSize(2);
  }

  private static SuperRanges superAt(int index) {
    return Geometry.wholeSuper(index, CAPACITY);
  }

  private static final class Notes implements TransferJournal {
    private final List<Note> notes = new ArrayList<>();

    @Override
    public Begun begin(Pass pass) {
      return new Begun(pass.key(), notes);
    }

    @Override
    public void add(List<Note> more) {
      notes.addAll(more);
    }

    @Override
    public void clear() {
      notes.clear();
    }
  }

  /** Tells its failure once, as the system does. */
  private final class FailingOnce extends ForwardingSink {
    FailingOnce(DiskSink disk) {
      super(disk);
    }

    @Override
    public long capacityBytes() {
      return CAPACITY;
    }

    @Override
    public void flush() throws IOException {
      if (flushesBeforeFailure.getAndDecrement() == 0) {
        throw new IOException("Input/output error");
      }
      super.flush();
    }

    @Override
    public Optional<TransferJournal> journal() {
      return Optional.of(journal);
    }
  }
}
