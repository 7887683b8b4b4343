package io.switchback.delta;

import io.switchback.delta.TransferJournal.With;
import io.switchback.delta.TransferProgress.Phase;
import io.switchback.delta.tag.TagKey;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Finds what to send in the cheapest way that is valid, and says why it was no cheaper one.
 *
 * <p>Change lists are audited before they are believed. Where there is none, the source is compared
 * with what is stored of the sink, which is audited too. What an audit finds leads to a comparison
 * of both disks; everything is sent only to a sink that holds nothing.
 */
final class Ladder {
  private final DiskSource source;
  private final Tally tally;
  private final Crew crew;
  private final Comparison comparison;
  private final TagsKept kept;
  private final ListAudit audit;
  private final Resume resume;

  Ladder(
      DiskSource source,
      DiskSink sink,
      Resume resume,
      TagsKept kept,
      Tally tally,
      Throttle throttle,
      Crew crew,
      RandomGenerator random) {
    this.source = source;
    this.tally = tally;
    this.crew = crew;
    this.comparison = new Comparison(source, sink, kept, resume, tally, throttle);
    this.kept = kept;
    this.resume = resume;
    this.audit = new ListAudit(random);
  }

  CopyPlan plan(ChangedAreas changes) throws IOException, InterruptedException {
    return switch (changes) {
      case ChangedAreas.Unknown unknown ->
          CopyPlan.fullCopy(unknown.reason(), source.capacityBytes());
      case ChangedAreas.Compared compared ->
          compared.inFull() ? compare(compared.reason()) : withoutList(compared.reason());
      case ChangedAreas.Listed listed -> listed(listed);
    };
  }

  private CopyPlan listed(ChangedAreas.Listed lists) throws IOException, InterruptedException {
    long capacityBytes = source.capacityBytes();
    Optional<String> invalid =
        invalid("the source's", lists.source())
            .or(() -> lists.sink().flatMap(list -> invalid("the sink's", list)));
    if (invalid.isPresent()) {
      return withoutList(invalid.get());
    }
    if (resume.disbelieved().isPresent()) {
      return compare(resume.disbelieved().get());
    }
    String whose = lists.sink().isPresent() ? "both sides' lists" : "the source's list";
    CopyPlan plan = CopyPlan.ofList(whose, lists.union(capacityBytes), capacityBytes);
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

  private CopyPlan withoutList(String reason) throws IOException, InterruptedException {
    if (resume.disbelieved().isPresent()) {
      return compare(resume.disbelieved().get());
    }
    Optional<TagKey> stored = kept.usable();
    if (stored.isPresent() && !resume.isComparedWith(With.DISK)) {
      return stored(reason, stored.get());
    }
    Optional<String> whyNot = kept.whyNot();
    return compare(whyNot.isPresent() ? reason + ", and " + whyNot.get() : reason);
  }

  private CopyPlan stored(String reason, TagKey key) throws IOException, InterruptedException {
    int audited;
    if (resume.audited().isPresent()) {
      audited = resume.audited().getAsInt();
    } else {
      List<ByteRange> sample = audit.sample(List.of(), source.capacityBytes());
      tally.begin(Phase.AUDIT, sample.stream().mapToLong(ByteRange::lengthBytes).sum());
      Optional<ByteRange> wrong = kept.firstWrong(key, sample, crew, tally);
      if (wrong.isPresent()) {
        String why = reason + ", and the sink's stored digests are wrong at " + wrong.get();
        resume.tellDisbelieved(why);
        return compare(why);
      }
      audited = sample.size();
      resume.tellAudited(audited);
    }
    tally.begin(Phase.COMPARE, source.capacityBytes());
    return CopyPlan.ofStored(
            comparison.withStored(key).ofAll(crew),
            reason + ", so the source was compared with the sink's stored digests",
            source.capacityBytes())
        .audited(audited);
  }

  private CopyPlan compare(String reason) throws IOException, InterruptedException {
    if (!resume.isComparedWith(With.DISK)) {
      resume.forgetApplied();
    }
    // Tags that are of use now were stored by this very pass, when it went to its end before.
    if (!resume.isComparedWith(With.DISK) || kept.usable().isEmpty()) {
      kept.make();
    }
    tally.begin(Phase.COMPARE, source.capacityBytes());
    return CopyPlan.ofComparison(comparison.ofAll(crew), reason, source.capacityBytes());
  }
}
