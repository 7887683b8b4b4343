package io.switchback.transfer;

import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.RateLimits;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferBook;
import io.switchback.delta.TransferResult;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.wire.RemoteDisks;
import io.switchback.model.VmRef;
import io.switchback.port.TransferActivities.Stream;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import io.temporal.activity.Activity;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;

/** Moves the bytes of one disk for the activity of the calling thread, and tells how that went. */
public final class DiskMove {
  private final RemoteDisks others;
  private final TransferBook book;
  private final RateLimits limits;

  /**
   * @param others disks that other sites' workers serve
   * @param book where what is moved is counted
   * @param limits how much may travel
   */
  public DiskMove(RemoteDisks others, TransferBook book, RateLimits limits) {
    this.others = others;
    this.book = book;
    this.limits = limits;
  }

  /** Production's disk, as its site's worker serves it. */
  public DiskSource dial(TransferDisk request, Stream stream, long capacityBytes)
      throws IOException {
    VmRef production = request.production();
    return others.open(
        stream.dataAddress(),
        new GrantedDisk(
            production.site(),
            production.id(),
            request.disk().productionDisk(),
            request.snapshot()),
        Base64.getDecoder().decode(stream.grant()),
        request.recovery().site(),
        capacityBytes);
  }

  /** What is to be copied when no earlier change id is given. */
  public static ChangedAreas withoutChangeId(TransferDisk request) {
    return request.compare().isEmpty()
        ? new ChangedAreas.Unknown("there is no earlier cycle of this disk")
        : new ChangedAreas.Compared(request.compare() + ", so both sides were read", true);
  }

  /**
   * Copies, flushes, proves.
   *
   * @throws IOException as {@link Transfer#run}
   */
  public Transferred run(
      TransferDisk request, DiskSource source, DiskSink sink, ChangedAreas changes)
      throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    try (TransferBook.Entry entry = begin(request)) {
      TransferResult result =
          new Transfer(
                  source,
                  sink,
                  changes,
                  new TransferReport(request, entry),
                  limits.of(request.production().site(), request.recovery().site()))
              .run();
      entry.count(result.figures());
      return new Transferred(
          request.disk().recoveryDisk(),
          result.readBytes(),
          result.sentBytes(),
          source.capacityBytes(),
          result.rung().name(),
          words(result),
          way(request),
          result.proof().root(),
          result.proof().key().text(),
          Duration.ofNanos(System.nanoTime() - startNanos),
          Math.max(1, Activity.getExecutionContext().getInfo().getAttempt()));
    }
  }

  private TransferBook.Entry begin(TransferDisk request) {
    return book.begin(
        new TransferBook.Sites(request.production().site(), request.recovery().site()),
        request.production().name(),
        request.disk().productionDisk());
  }

  private static String way(TransferDisk request) {
    Stream stream = request.stream();
    return stream == null ? "read by path" : "streamed from " + stream.dataAddress();
  }

  private static String words(TransferResult result) {
    return result.auditedLeaves() > 0
        ? "%s; %d blocks of the rest were audited"
            .formatted(result.reason(), result.auditedLeaves())
        : result.reason();
  }
}
