package io.switchback.bench.load;

import java.time.Duration;
import java.time.Instant;

/**
 * A restore point as the registry keeps it.
 *
 * @param takenAt the moment that it is of, by production's clock
 * @param recordedAt the moment from which it could be chosen, by the registry's
 * @param took from the cycle's begin to its restore point
 */
record PointSeen(
    String replicaId, long cycle, Instant takenAt, Instant recordedAt, Duration took) {}
