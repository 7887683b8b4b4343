package io.switchback.model;

import java.time.Duration;

/**
 * How patient an operation is. Every field may be absent; the default then holds.
 *
 * @param heartbeat longest silence of an activity before another worker takes it over; 10 s
 * @param stepLimit longest run of one attempt of a step; 30 min (a transfer has no limit of its own
 *     but its heartbeat)
 * @param attempts of a step before it parks for a person; 5
 * @param backoff before the second attempt, doubled for each further one up to 30 s; 1 s
 * @param bootLimit longest wait for a started guest; 5 min
 */
public record Pace(
    Duration heartbeat,
    Duration stepLimit,
    Integer attempts,
    Duration backoff,
    Duration bootLimit) {
  /** Every default. */
  public static final Pace DEFAULT =
      new Pace(
          Duration.ofSeconds(10),
          Duration.ofMinutes(30),
          5,
          Duration.ofSeconds(1),
          Duration.ofMinutes(5));

  public Pace {
    heartbeat = heartbeat == null ? Duration.ofSeconds(10) : heartbeat;
    stepLimit = stepLimit == null ? Duration.ofMinutes(30) : stepLimit;
    attempts = attempts == null ? 5 : attempts;
    backoff = backoff == null ? Duration.ofSeconds(1) : backoff;
    bootLimit = bootLimit == null ? Duration.ofMinutes(5) : bootLimit;
    new Mistakes()
        .unless(heartbeat.toMillis() >= 1000, "heartbeat must be at least 1 s")
        .unless(stepLimit.compareTo(heartbeat) > 0, "stepLimit must be longer than heartbeat")
        .unless(attempts >= 1, "attempts must be at least 1")
        .unless(backoff.toMillis() >= 100, "backoff must be at least 100 ms")
        .unless(!bootLimit.isNegative(), "bootLimit must not be negative")
        .refuse("pace");
  }

  /** For what concerns several sites: in each respect the more patient of the two. */
  public Pace andAsPatientAs(Pace other) {
    return new Pace(
        longer(heartbeat, other.heartbeat),
        longer(stepLimit, other.stepLimit),
        Math.max(attempts, other.attempts),
        longer(backoff, other.backoff),
        longer(bootLimit, other.bootLimit));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
