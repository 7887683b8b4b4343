package io.switchback.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which restore points are kept: the newest {@code points}, as long as they are not older than
 * {@code age}. The newest is always kept.
 *
 * @param points at most so many; 14
 * @param age null for no limit
 */
public record Retention(Integer points, @Nullable Duration age) {
  /** Every default. */
  public static final Retention DEFAULT = new Retention(14, null);

  public Retention {
    points = points == null ? 14 : points;
    new Mistakes()
        .unless(points >= 1, "points must be at least 1")
        .unless(age == null || age.isPositive(), "age must be positive")
        .refuse("retention");
  }

  /**
   * Which points may go, oldest first: never the newest, never one that is {@code needed}.
   *
   * @param newestFirst all that are kept so far
   */
  public <P> List<P> lettingGo(
      List<P> newestFirst, Function<P, Instant> takenAt, Predicate<P> needed, Instant now) {
    List<P> going = new ArrayList<>();
    for (int rank = 1; rank < newestFirst.size(); rank++) {
      P point = newestFirst.get(rank);
      boolean isSurplus = rank >= points || isTooOld(takenAt.apply(point), now);
      if (isSurplus && !needed.test(point)) {
        going.addFirst(point);
      }
    }
    return List.copyOf(going);
  }

  private boolean isTooOld(Instant takenAt, Instant now) {
    return age != null && takenAt.plus(age).isBefore(now);
  }

  /** Keeps whatever this or {@code other} keeps. */
  public Retention orLonger(Retention other) {
    return new Retention(
        Math.max(points, other.points),
        age == null || other.age == null ? null : age.compareTo(other.age) < 0 ? other.age : age);
  }
}
