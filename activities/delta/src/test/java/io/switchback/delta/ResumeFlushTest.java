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
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A sink that could not flush: what was sent to it is sent again. */
class ResumeFlushTest {
  private static final ChangedAreas ALL = new ChangedAreas.Unknown("it is the first");
  private static final int CAPACITY = 4 * SUPER_BYTES;

  private final Notes journal = new Notes();
  private final AtomicInteger flushesBeforeFailure = new AtomicInteger();
  private final List<SuperRanges> begun = new ArrayList<>();
  private final DiskSink sink = new FailingOnce(new MemoryDisk(new byte[512]).sink());

  @Test
  void noThreadTellsOfWhatMayBeLost() throws Exception {
    flushesBeforeFailure.set(2);
    Resume resume = Resume.at(sink, ALL, TagKey.random(TagAlgorithm.POLY1305));
    send(resume, 0);
    send(resume, 1);
    send(resume, 2);
    send(resume, 3);
    assertThat(journal.notes).hasSize(2);

    assertThatIOException()
        .isThrownBy(() -> resume.beforeSending(SUPER_BYTES))
        .withMessage("Input/output error");
    // The thread beside it: its flush would succeed.
    assertThatIOException().isThrownBy(() -> resume.beforeSending(SUPER_BYTES));
    assertThatIOException().isThrownBy(resume::tellFlushed);

    assertThat(journal.notes)
        .containsExactly(
            new TransferJournal.Applied(0, "00"), new TransferJournal.Applied(1, "01"));
  }

  @Test
  void whatWasNotFlushedIsSentAgain() throws Exception {
    flushesBeforeFailure.set(2);
    Resume failed = Resume.at(sink, ALL, TagKey.random(TagAlgorithm.POLY1305));
    send(failed, 0);
    send(failed, 1);
    send(failed, 2);
    send(failed, 3);
    assertThatIOException().isThrownBy(() -> failed.beforeSending(SUPER_BYTES));

    Resume next = Resume.at(sink, ALL, TagKey.random(TagAlgorithm.POLY1305));

    assertThat(next.applied(1)).hasValue(new byte[] {1});
    assertThat(next.applied(2)).isEmpty();
    send(next, 2);
    next.tellFlushed();
    assertThat(journal.notes).hasSize(3);
  }

  @Test
  void noMoreThanTwoSupersAreEverToBeSentAgain() throws Exception {
    flushesBeforeFailure.set(Integer.MAX_VALUE);
    SplittableRandom random = new SplittableRandom(7);
    Resume resume = Resume.at(sink, ALL, TagKey.random(TagAlgorithm.POLY1305));
    long begunBytes = 0;
    SuperRanges other = null;
    for (int i = 0; i < 200; i++) {
      SuperRanges next = someOf(i, random);
      resume.beforeSending(next.lengthBytes());
      begunBytes += next.lengthBytes();
      long toldBytes = journal.notes.stream().mapToLong(this::bytesOf).sum();
      assertThat(begunBytes - toldBytes).as("before %d", i).isLessThanOrEqualTo(2L * SUPER_BYTES);
      if (other != null) {
        resume.sent(other, new byte[0]);
      }
      other = next;
    }
    assertThat(journal.notes).hasSizeGreaterThan(150);
  }

  private long bytesOf(TransferJournal.Note note) {
    return begun.get((int) ((TransferJournal.Applied) note).superIndex()).lengthBytes();
  }

  /** Little of a super as a rule, and now and then all of it. */
  private SuperRanges someOf(int index, SplittableRandom random) {
    int bytes = random.nextInt(8) == 0 ? SUPER_BYTES : 512 * random.nextInt(1, 4_000);
    SuperRanges some =
        new SuperRanges(index, List.of(new ByteRange((long) index * SUPER_BYTES, bytes)));
    begun.add(some);
    return some;
  }

  private static void send(Resume resume, int index) throws IOException {
    resume.beforeSending(SUPER_BYTES);
    resume.sent(superAt(index), new byte[] {(byte) index});
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
