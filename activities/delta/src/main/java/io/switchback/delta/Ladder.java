package io.switchback.delta;

import io.switchback.delta.TransferProgress.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Finds what to send in the cheapest way that is valid, and says why it was no cheaper one.
 *
 * <p>A change list is audited before it is believed. A list that is wrong, or that there is none
 * of, leads to a comparison of both sides; everything is sent only to a sink that holds nothing.
 */
final class Ladder {
  private final DiskSource source;
  private final Tally tally;
  private final Crew crew;
  private final Comparison comparison;
  private final ListAudit audit;
  private final Resume resume;

  Ladder(
      DiskSource source,
      DiskSink sink,
      Resume resume,
      Tally tally,
      Throttle throttle,
      Crew crew,
      RandomGenerator random) {
    this.source = source;
    this.tally = tally;
    this.crew = crew;
    this.comparison = new Comparison(source, sink, resume, tally, throttle);
    this.resume = resume;
    this.audit = new ListAudit(random);
  }

  CopyPlan plan(ChangedAreas changes) throws IOException, InterruptedException {
    return switch (changes) {
      case ChangedAreas.Unknown unknown ->
          CopyPlan.fullCopy(unknown.reason(), source.capacityBytes());
      case ChangedAreas.Compared compared -> compare(compared.reason());
      case ChangedAreas.Listed listed -> listed(listed);
    };
  }

  private CopyPlan listed(ChangedAreas.Listed lists) throws IOException, InterruptedException {
    long capacityBytes = source.capacityBytes();
    Optional<String> invalid =
        invalid("the source's", lists.source())
            .or(() -> lists.sink().flatMap(list -> invalid("the sink's", list)));
    if (invalid.isPresent()) {
      return compare(invalid.get());
    }
    if (resume.disbelieved().isPresent()) {
      return compare(resume.disbelieved().get());
    }
    List<ByteRange> union = new ArrayList<>(lists.source());
    lists.sink().ifPresent(union::addAll);
    String whose = lists.sink().isPresent() ? "both sides' lists" : "the source's list";
    CopyPlan plan = CopyPlan.ofList(whose, union, capacityBytes);
    if (resume.audited().isPresent()) {
      return plan.audited(resume.audited().getAsInt());
    }
    List<ByteRange> sample = audit.sample(plan.listed(), capacityBytes);
    tally.begin(Phase.AUDIT, sample.stream().mapToLong(ByteRange::lengthBytes).sum());
    Optional<ByteRange> missed = comparison.firstDifference(sample, crew);
    if (missed.isPresent()) {
      String reason = "the change list lacks %s, which differs".formatted(missed.get());
      resume.tellDisbelieved(reason);
      return compare(reason);
    }
    resume.tellAudited(sample.size());
    return plan.audited(sample.size());
  }

  /** Why a list cannot be one of this disk, or tells nothing. */
  private Optional<String> invalid(String whose, List<ByteRange> list) {
    long capacityBytes = source.capacityBytes();
    Optional<ByteRange> beyond =
        list.stream().filter(range -> range.endBytes() > capacityBytes).findFirst();
    if (beyond.isPresent()) {
      // It is of another disk, or of this one before it shrank.
      return Optional.of(
          "%s change list names %s, beyond the end of a disk of %d bytes"
              .formatted(whose, beyond.get(), capacityBytes));
    }
    List<ByteRange> joined = CopyPlan.onLeaves(list, capacityBytes);
    // So do platforms answer that do not know.
    return joined.equals(List.of(new ByteRange(0, capacityBytes)))
        ? Optional.of("%s change list names the whole disk".formatted(whose))
        : Optional.empty();
  }

  private CopyPlan compare(String reason) throws IOException, InterruptedException {
    tally.begin(Phase.COMPARE, source.capacityBytes());
    return CopyPlan.ofComparison(comparison.ofAll(crew), reason, source.capacityBytes());
  }
}
