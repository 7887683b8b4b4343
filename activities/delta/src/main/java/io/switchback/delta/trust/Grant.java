package io.switchback.delta.trust;

import io.switchback.delta.ByteRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * What the control side allows one transfer. It is no secret: nobody but the {@code holder}, who
 * shows a certificate of that site, can use it, so it may stand in a history.
 *
 * <p>It is looked at when a stream opens. A stream that is open goes on past the expiry; one that
 * is fenced off does not.
 *
 * @param transfer id of the transfer or operation, for journals and people
 * @param holder site whose worker may present it
 * @param direction what the holder may do with the disk
 * @param range part of the disk that it may touch
 * @param fence by which older attempts are refused
 * @param notBefore first moment, in whole milliseconds
 * @param expiresAt first moment at which it is void, in whole milliseconds; at most {@value
 *     #LONGEST_HOURS} hours later
 */
public record Grant(
    String transfer,
    String holder,
    GrantedDisk disk,
    Direction direction,
    ByteRange range,
    TransferFence fence,
    Instant notBefore,
    Instant expiresAt) {
  /** A transfer that takes longer is given another one when it dials anew. */
  static final int LONGEST_HOURS = 24;

  /** What the holder of a grant may do. */
  public enum Direction {
    READ,
    WRITE;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Grant {
    Words.required(transfer, "transfer");
    Words.required(holder, "holder");
    notBefore = notBefore.truncatedTo(ChronoUnit.MILLIS);
    expiresAt = expiresAt.truncatedTo(ChronoUnit.MILLIS);
    if (!notBefore.isBefore(expiresAt)) {
      throw new IllegalArgumentException(
          "A grant ends after it begins, but got %s and %s.".formatted(notBefore, expiresAt));
    }
    if (Duration.between(notBefore, expiresAt).compareTo(Duration.ofHours(LONGEST_HOURS)) > 0) {
      throw new IllegalArgumentException(
          "A grant is good for at most %d hours, but got %s until %s."
              .formatted(LONGEST_HOURS, notBefore, expiresAt));
    }
    if (direction == Direction.WRITE && !disk.snapshot().isEmpty()) {
      throw new IllegalArgumentException(
          "Nobody may write to a snapshot, but the grant names '%s'.".formatted(disk.snapshot()));
    }
  }

  /** Whether it covers all of {@code part}. */
  public boolean covers(ByteRange part) {
    return range.intersection(part).filter(part::equals).isPresent();
  }
}
