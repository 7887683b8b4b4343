package io.switchback.model;

import java.time.Duration;
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
}
