package io.switchback.delta;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.filled;
import static io.switchback.delta.TestBytes.random;
import static io.switchback.delta.TestBytes.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** What every {@link DiskSource} promises. An adapter's test extends this and gives it disks. */
public abstract class DiskSourceContract {
  private byte[] content;
  private DiskSource source;

  /**
   * A source of a disk that holds {@code content}. Where {@code content} has whole leaves of zeros,
   * nothing was ever written. Closed by the contract.
   */
  protected abstract DiskSource open(byte[] content) throws Exception;

  /** Writes to the live disk that the source opened last is a moment of. */
  protected void writeToLiveDisk(long offsetBytes, byte[] bytes) throws Exception {
    throw new TestAbortedException("This source has no live disk behind it.");
  }

  /** Size of the disks, at least five leaves. Odd by default, so that the last leaf is short. */
  protected int capacityBytes() {
    return 8 * LEAF_BYTES + 4096;
  }

  @BeforeEach
  final void openDisk() throws Exception {
    content = new byte[capacityBytes()];
    put(100, random(1, 5000));
    put(LEAF_BYTES - 10, random(2, 20));
    put(3 * LEAF_BYTES, random(3, LEAF_BYTES));
    put(content.length - 700, random(4, 700));
    source = open(content.clone());
  }

  @AfterEach
  final void closeDisk() throws Exception {
    if (source != null) {
      source.close();
    }
  }

  @Test
  void saysTheSizeOfTheDisk() {
    assertThat(source.capacityBytes()).isEqualTo(content.length);
  }

  @Test
  void readsWhatTheDiskHolds() throws Exception {
    assertSameBytes(read(source, 0, content.length), content);
  }

  @Test
  void readsFromAnyOffset() throws Exception {
    for (int offset : new int[] {1, 99, LEAF_BYTES - 3, 3 * LEAF_BYTES - 1, content.length - 701}) {
      assertThat(read(source, offset, 600)).as("from %d", offset).isEqualTo(expected(offset, 600));
    }
  }

  @Test
  void fillsTheBufferFromItsPositionToItsLimit() throws Exception {
    byte[] bytes = filled(7, 1000);
    ByteBuffer into = ByteBuffer.wrap(bytes, 200, 300);
    source.read(3L * LEAF_BYTES, into);
    assertThat(into.hasRemaining()).isFalse();
    assertThat(Arrays.copyOfRange(bytes, 200, 500)).isEqualTo(expected(3 * LEAF_BYTES, 300));
    assertThat(Arrays.copyOfRange(bytes, 0, 200)).containsOnly(7);
    assertThat(Arrays.copyOfRange(bytes, 500, 1000)).containsOnly(7);
  }

  @Test
  void fillsDirectBuffersToo() throws Exception {
    ByteBuffer into = ByteBuffer.allocateDirect(5000);
    source.read(100, into);
    byte[] bytes = new byte[5000];
    into.flip().get(bytes);
    assertThat(bytes).isEqualTo(expected(100, 5000));
  }

  @Test
  void bytesNeverWrittenAreZero() throws Exception {
    assertThat(read(source, 2L * LEAF_BYTES, LEAF_BYTES)).containsOnly(0);
  }

  @Test
  void theSameBytesComeEachTime() throws Exception {
    byte[] first = read(source, 0, content.length);
    read(source, LEAF_BYTES, 10);
    assertSameBytes(read(source, 0, content.length), first);
  }

  @Test
  void theSameBytesComeWhateverIsWrittenToTheLiveDisk() throws Exception {
    writeToLiveDisk(0, random(9, 3 * LEAF_BYTES));
    assertSameBytes(read(source, 0, content.length), content);
    writeToLiveDisk(3L * LEAF_BYTES, random(10, LEAF_BYTES));
    assertSameBytes(read(source, 0, content.length), content);
  }

  @Test
  void refusesToReadBeyondTheEndAndReadsNothing() {
    byte[] bytes = filled(7, 100);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> source.read(content.length - 99, ByteBuffer.wrap(bytes)));
    assertThatIllegalArgumentException().isThrownBy(() -> source.read(-1, ByteBuffer.wrap(bytes)));
    assertThat(bytes).containsOnly(7);
  }

  @Test
  void allocatedLeavesNoDataOut() throws Exception {
    byte[] seen = new byte[content.length];
    for (ByteRange range : source.allocated(new ByteRange(0, content.length))) {
      int offset = (int) range.offsetBytes();
      int length = (int) range.lengthBytes();
      System.arraycopy(read(source, offset, length), 0, seen, offset, length);
    }
    assertSameBytes(seen, content);
  }

  @Test
  void allocatedAscendsApartAndInsideWhatWasAsked() throws Exception {
    ByteRange asked = ByteRange.between(150, content.length - 350L);
    List<ByteRange> allocated = source.allocated(asked);
    assertThat(allocated).isNotEmpty();
    long end = asked.offsetBytes() - 1;
    for (ByteRange range : allocated) {
      assertThat(range.offsetBytes()).as("start of %s", range).isGreaterThan(end);
      end = range.endBytes();
    }
    assertThat(end).isLessThanOrEqualTo(asked.endBytes());
  }

  @Test
  void refusesToSayWhatIsAllocatedBeyondTheEnd() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> source.allocated(new ByteRange(1, content.length)));
  }

  @Test
  void tagsAreOfWhatTheDiskHolds() throws Exception {
    List<ByteRange> all = List.of(new ByteRange(0, content.length));
    for (TagKey key : List.of(DocumentedTags.POLY1305, DocumentedTags.GMAC)) {
      // From above, as a comparison walks, and again from below.
      for (TagLevel level : List.of(TagLevel.SUPER, TagLevel.SEGMENT, TagLevel.LEAF)) {
        assertTags(key, level, all);
      }
      assertTags(key, TagLevel.SUPER, all);
    }
  }

  @Test
  void tagsComeInTheOrderAsked() throws Exception {
    List<ByteRange> ranges =
        List.of(ByteRange.between(3L * LEAF_BYTES, content.length), new ByteRange(0, LEAF_BYTES));
    assertTags(DocumentedTags.POLY1305, TagLevel.LEAF, ranges);
    assertTags(DocumentedTags.POLY1305, TagLevel.SUPER, List.of(new ByteRange(0, content.length)));
    assertTags(DocumentedTags.POLY1305, TagLevel.LEAF, ranges);
  }

  @Test
  void refusesTagsOfWhatIsNotUnitsOfTheDisk() {
    for (ByteRange wrong : DocumentedTags.notLeaves(content.length)) {
      assertThatIllegalArgumentException()
          .as("%s", wrong)
          .isThrownBy(() -> source.tags(DocumentedTags.POLY1305, TagLevel.LEAF, List.of(wrong)));
    }
  }

  @Test
  void tellsHowMuchWasReadForTags() throws Exception {
    List<ByteRange> all = List.of(new ByteRange(0, content.length));
    assertThat(source.taggedBytes()).isZero();
    source.tags(DocumentedTags.POLY1305, TagLevel.SUPER, all);
    assertThat(source.taggedBytes()).isPositive().isLessThanOrEqualTo(content.length);
  }

  @Test
  void severalThreadsMayReadAtOnce() throws Exception {
    List<Callable<byte[]>> reads = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int offset = i * 1009 % (content.length - LEAF_BYTES);
      reads.add(() -> read(source, offset, LEAF_BYTES));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<byte[]>> answers = threads.invokeAll(reads);
      for (int i = 0; i < reads.size(); i++) {
        int offset = i * 1009 % (content.length - LEAF_BYTES);
        assertSameBytes(answers.get(i).get(), expected(offset, LEAF_BYTES));
      }
    }
  }

  @Test
  void closingAgainDoesNothing() throws IOException {
    source.close();
    assertThatNoException().isThrownBy(source::close);
  }

  private void assertTags(TagKey key, TagLevel level, List<ByteRange> ranges) throws Exception {
    assertThat(source.tags(key, level, ranges))
        .as("%s of %s", level, ranges)
        .isEqualTo(DocumentedTags.of(key, level, content, ranges));
  }

  private void put(int offset, byte[] bytes) {
    System.arraycopy(bytes, 0, content, offset, bytes.length);
  }

  private byte[] expected(int offset, int length) {
    return Arrays.copyOfRange(content, offset, offset + length);
  }
}
