package io.switchback.delta;

import io.switchback.delta.TransferProgress.Phase;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes a sink hold what a source holds, and proves it.
 *
 * <p>Holes and zeros never travel. The bytes sent are tagged while they are sent; after the sink
 * has flushed it reads them back where it is, and both ends' tags must agree. What was compared
 * before is read again to be sent, and must be what it was then. A transfer can be run again from
 * the start at any time. Into a sink that has a {@link TransferJournal} it goes on where the last
 * attempt ended; only the proof is made anew of everything. Into one that keeps {@link StoredTags}
 * it leaves those of what the disk holds.
 */
public final class Transfer {
  /**
   * So much is asked for ahead within one thread; two threads' fill half the credit of a stream.
   */
  private static final long GROUP_BYTES = 2L * 1024 * 1024;

  private final DiskSource source;
  private final DiskSink sink;
  private final ChangedAreas changes;
  private final TransferObserver observer;
  private final List<RateLimit> limits;
  private final RandomGenerator random;

  /** As fast as it can. Source and sink stay the caller's, who closes them. */
  public Transfer(
      DiskSource source, DiskSink sink, ChangedAreas changes, TransferObserver observer) {
    this(source, sink, changes, observer, List.of());
  }

  /**
   * Source and sink stay the caller's, who closes them.
   *
   * @param limits that all hold; other transfers may share them
   */
  public Transfer(
      DiskSource source,
      DiskSink sink,
      ChangedAreas changes,
      TransferObserver observer,
      List<RateLimit> limits) {
    this.limits = List.copyOf(limits);
    this.source = source;
    this.sink = sink;
    this.changes = changes;
    this.observer = observer;
    // Nobody who writes to the disk can know which leaves will be audited.
    this.random = new SecureRandom();
  }

  /**
   * Copies, flushes, proves. When it returns or throws, no write of it is under way any more.
   *
   * <p>A change list that does not fit the disk, or lacks something that a random sample shows to
   * differ, is not believed, nor are stored tags that such a sample shows to be wrong: both sides
   * are compared, and the reason says so.
   *
   * @throws CapacityMismatchException if the disks differ in size; nothing was written
   * @throws FencedException if the sink knows a newer holder
   * @throws ProofMismatchException if the sink holds something else than what was sent, or the
   *     source gave something else than when it was compared
   * @throws IOException if the source or the sink fails; the sink holds a mixture of old and new
   * @throws InterruptedException if the calling thread was interrupted, which ends the transfer
   */
  public TransferResult run() throws IOException, InterruptedException {
    long capacityBytes = source.capacityBytes();
    if (capacityBytes != sink.capacityBytes()) {
      throw new CapacityMismatchException(capacityBytes, sink.capacityBytes());
    }
    long startNanos = System.nanoTime();
    Tally tally = new Tally(source, sink.near());
    Throttle throttle = new Throttle(limits, source, tally);
    // Made here and now: whoever wrote the disks could not know it.
    TagKey fresh = TagKey.random(source.tagAlgorithm().with(sink.tagAlgorithm()));
    Resume resume = Resume.at(sink, changes, fresh);
    TagKey key = resume.key();
    Crew crew = new Crew(tally, observer, resume.isTold());
    TagsKept kept = new TagsKept(sink, resume);
    CopyPlan plan =
        new Ladder(source, sink, resume, kept, tally, throttle, crew, random).plan(changes);
    kept.beforeCopy(plan);
    byte[][] digests = new byte[plan.size()][];
    tally.begin(Phase.COPY, plan.coveredBytes());
    try {
      copy(plan, resume, tally, throttle, crew, digests);
    } catch (ProofMismatchException unlikeCompared) {
      resume.forget();
      throw unlikeCompared;
    }
    tally.begin(Phase.FLUSH, plan.coveredBytes());
    crew.run(List.of(this::flush));
    resume.tellFlushed();
    long flushedNanos = System.nanoTime();
    tally.begin(Phase.PROOF, plan.coveredBytes());
    prove(plan, resume, kept, tally, crew, digests);
    kept.finish();
    long provenNanos = System.nanoTime();

    TransferProgress end = tally.progress();
    return new TransferResult(
        plan.rung(),
        plan.reason(),
        plan.coveredBytes(),
        end.figures(),
        plan.auditedLeaves(),
        plan.proof(List.of(digests), key),
        Duration.ofNanos(flushedNanos - startNanos),
        Duration.ofNanos(provenNanos - flushedNanos));
  }

  private void copy(
      CopyPlan plan, Resume resume, Tally tally, Throttle throttle, Crew crew, byte[][] digests)
      throws IOException, InterruptedException {
    int[] starts = groups(plan);
    crew.copy(
        () -> {
          SuperCopy copy = new SuperCopy(source, sink, resume.key(), tally, throttle);
          return group -> {
            SortedMap<Integer, SuperRanges> supers = new TreeMap<>();
            int end = group + 1 < starts.length ? starts[group + 1] : plan.size();
            for (int at = starts[group]; at < end; at++) {
              SuperRanges ranges = plan.get(at);
              int position = at;
              Optional<byte[]> applied =
                  resume
                      .applied(ranges.superIndex())
                      .filter(digest -> plan.isAsCompared(position, digest));
              if (applied.isPresent()) {
                digests[at] = applied.get();
                tally.done(ranges.lengthBytes());
              } else {
                supers.put(at, ranges);
              }
            }
            resume.beforeSending(
                supers.values().stream().mapToLong(SuperRanges::lengthBytes).sum());
            copy.copy(
                supers,
                (at, leafTags) -> {
                  SuperRanges ranges = plan.get(at);
                  digests[at] = plan.digest(ranges, leafTags, resume.key());
                  if (!plan.isAsCompared(at, digests[at])) {
                    throw unlikeCompared(ranges);
                  }
                  resume.sent(ranges, digests[at]);
                });
          };
        },
        starts.length);
  }

  /**
   * Supers of which little is copied go together, so that nobody waits for the little of each.
   *
   * @return the position that each group starts at
   */
  private static int[] groups(CopyPlan plan) {
    IntStream.Builder starts = IntStream.builder();
    long groupBytes = GROUP_BYTES;
    for (int at = 0; at < plan.size(); at++) {
      long bytes = plan.get(at).lengthBytes();
      if (groupBytes + bytes > GROUP_BYTES) {
        starts.add(at);
        groupBytes = 0;
      }
      groupBytes += bytes;
    }
    return starts.build().toArray();
  }

  private @Nullable Void flush() throws IOException {
    sink.flush();
    return null;
  }

  private void prove(
      CopyPlan plan, Resume resume, TagsKept kept, Tally tally, Crew crew, byte[][] digests)
      throws IOException, InterruptedException {
    TagKey key = resume.key();
    List<Integer> unlikeCompared = Collections.synchronizedList(new ArrayList<>());
    List<Integer> mismatches = Collections.synchronizedList(new ArrayList<>());
    crew.tag(
        digests.length,
        at -> {
          SuperRanges ranges = plan.get(at);
          byte[] leaves = sink.tags(key, TagLevel.LEAF, ranges.ranges());
          byte[] found = plan.digest(ranges, leaves, key);
          if (!Arrays.equals(digests[at], found)) {
            mismatches.add(at);
          } else if (!kept.proven(plan, at)) {
            unlikeCompared.add(at);
          }
          tally.done(ranges.lengthBytes());
        });
    if (!mismatches.isEmpty()) {
      resume.forget();
      throw mismatch(plan.get(Collections.min(mismatches)), key, mismatches.size());
    }
    if (!unlikeCompared.isEmpty()) {
      resume.forget();
      throw unlikeCompared(plan.get(Collections.min(unlikeCompared)));
    }
  }

  private static ProofMismatchException unlikeCompared(SuperRanges ranges) {
    return ProofMismatchException.ofSource(
        ByteRange.between(
            ranges.ranges().getFirst().offsetBytes(), ranges.ranges().getLast().endBytes()));
  }

  private ProofMismatchException mismatch(SuperRanges ranges, TagKey key, int supers)
      throws IOException {
    byte[] expected = source.tags(key, TagLevel.LEAF, ranges.ranges());
    byte[] found = sink.tags(key, TagLevel.LEAF, ranges.ranges());
    return new ProofMismatchException(SuperDigest.firstDifference(ranges, expected, found), supers);
  }
}
