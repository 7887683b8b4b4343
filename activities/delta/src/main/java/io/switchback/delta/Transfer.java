package io.switchback.delta;

import io.switchback.delta.CopyPlan.SuperRanges;
import io.switchback.delta.TransferProgress.Phase;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes a sink hold what a source holds, and proves it.
 *
 * <p>Holes and zeros never travel. The bytes sent are hashed while they are sent; after the sink
 * has flushed it reads them back where it is, and both digests must agree. A transfer can be run
 * again from the start at any time.
 */
public final class Transfer {
  private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

  private final DiskSource source;
  private final DiskSink sink;
  private final ChangedAreas changes;
  private final TransferObserver observer;

  /** Source and sink stay the caller's, who closes them. */
  public Transfer(
      DiskSource source, DiskSink sink, ChangedAreas changes, TransferObserver observer) {
    this.source = source;
    this.sink = sink;
    this.changes = changes;
    this.observer = observer;
  }

  /**
   * Copies, flushes, proves. When it returns or throws, no write of it is under way any more.
   *
   * <p>A change list that does not fit the disk is not believed: everything is copied, and the
   * reason says so.
   *
   * @throws CapacityMismatchException if the disks differ in size; nothing was written
   * @throws FencedException if the sink knows a newer holder
   * @throws ProofMismatchException if the sink holds something else than what was sent
   * @throws IOException if the source or the sink fails; the sink holds a mixture of old and new
   * @throws InterruptedException if the calling thread was interrupted, which ends the transfer
   */
  public TransferResult run() throws IOException, InterruptedException {
    long capacityBytes = source.capacityBytes();
    if (capacityBytes != sink.capacityBytes()) {
      throw new CapacityMismatchException(capacityBytes, sink.capacityBytes());
    }
    CopyPlan plan = CopyPlan.of(changes, capacityBytes);
    Tally tally = new Tally(plan.coveredBytes());
    Crew crew = new Crew(tally, observer);
    byte[][] digests = new byte[plan.size()][];

    long startNanos = System.nanoTime();
    copy(plan, tally, crew, digests);
    tally.begin(Phase.FLUSH);
    crew.run(List.of(this::flush));
    long flushedNanos = System.nanoTime();
    tally.begin(Phase.PROOF);
    prove(plan, tally, crew, digests);
    long provenNanos = System.nanoTime();

    TransferProgress end = tally.progress();
    return new TransferResult(
        plan.rung(),
        plan.reason(),
        plan.coveredBytes(),
        end.readBytes(),
        end.sentBytes(),
        new Proof(plan.proofKind(), root(plan, digests), plan.coveredBytes()),
        Duration.ofNanos(flushedNanos - startNanos),
        Duration.ofNanos(provenNanos - flushedNanos));
  }

  private void copy(CopyPlan plan, Tally tally, Crew crew, byte[][] digests)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    crew.run(
        inThreads(
            () -> {
              SuperCopy copy = new SuperCopy(source, sink, tally);
              for (int at = next.getAndIncrement(); at < digests.length; ) {
                tally.beforeBatch();
                digests[at] = copy.copy(plan.get(at));
                at = next.getAndIncrement();
              }
              return null;
            }));
  }

  private @Nullable Void flush() throws IOException {
    sink.flush();
    return null;
  }

  private void prove(CopyPlan plan, Tally tally, Crew crew, byte[][] digests)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    List<Integer> mismatches = Collections.synchronizedList(new ArrayList<>());
    crew.run(
        inThreads(
            () -> {
              for (int at = next.getAndIncrement(); at < digests.length; ) {
                tally.beforeBatch();
                SuperRanges ranges = plan.get(at);
                byte[] found = SuperDigest.of(ranges, sink.leafDigests(ranges.ranges()));
                if (!Arrays.equals(digests[at], found)) {
                  mismatches.add(at);
                }
                ranges.ranges().forEach(range -> tally.done(range.lengthBytes()));
                at = next.getAndIncrement();
              }
              return null;
            }));
    if (!mismatches.isEmpty()) {
      throw mismatch(plan.get(Collections.min(mismatches)), mismatches.size());
    }
  }

  private ProofMismatchException mismatch(SuperRanges ranges, int supers) throws IOException {
    byte[] expected = LeafDigests.of(source, ranges.ranges());
    byte[] found = sink.leafDigests(ranges.ranges());
    return new ProofMismatchException(SuperDigest.firstDifference(ranges, expected, found), supers);
  }

  private static List<Callable<@Nullable Void>> inThreads(Callable<@Nullable Void> work) {
    return Collections.nCopies(THREADS, work);
  }

  private static String root(CopyPlan plan, byte[][] digests) {
    MessageDigest root = LeafDigests.sha256();
    ByteBuffer index = ByteBuffer.allocate(Long.BYTES);
    for (int at = 0; at < digests.length; at++) {
      root.update(index.putLong(0, plan.get(at).superIndex()).array());
      root.update(digests[at]);
    }
    return HexFormat.of().formatHex(root.digest());
  }
}
