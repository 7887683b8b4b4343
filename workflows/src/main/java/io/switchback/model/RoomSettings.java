package io.switchback.model;

import java.time.Duration;

/**
 * How a recovery site's room is watched. Every field may be absent; the default then holds.
 *
 * @param warnBefore people are told once when a datastore is full in less than this, and a failover
 *     finds no room where what production writes would fill one sooner; 24 h
 * @param alarmBefore people are told once more when less than this is left; 1 h
 * @param lookEvery how often the deltas of a replica are looked at that is not replicated, because
 *     it serves or is on hold; 1 min
 */
public record RoomSettings(Duration warnBefore, Duration alarmBefore, Duration lookEvery) {
  /** Every default. */
  public static final RoomSettings DEFAULT =
      new RoomSettings(Duration.ofHours(24), Duration.ofHours(1), Duration.ofMinutes(1));

  public RoomSettings {
    warnBefore = warnBefore == null ? Duration.ofHours(24) : warnBefore;
    alarmBefore = alarmBefore == null ? Duration.ofHours(1) : alarmBefore;
    lookEvery = lookEvery == null ? Duration.ofMinutes(1) : lookEvery;
    new Mistakes()
        .unless(alarmBefore.isPositive(), "alarmBefore must be longer than nothing")
        .unless(
            warnBefore.compareTo(alarmBefore) >= 0,
            "warnBefore must not be shorter than alarmBefore")
        .unless(lookEvery.toSeconds() >= 10, "lookEvery must be at least 10 s")
        .unless(lookEvery.toHours() < 1, "lookEvery must be less than 1 h")
        .refuse("room");
  }
}
