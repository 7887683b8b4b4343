package io.switchback.operation;

import io.switchback.model.VmRef;
import java.time.Duration;

/**
 * What a switch from a replica to production has moved.
 *
 * @param target where the data went
 * @param bytesRoundOne sent while the replica served
 * @param bytesRoundTwo sent while nothing served
 * @param downtime from before the replica's power-off until production was powered on, or could be
 */
public record FailbackFigures(
    VmRef target, long bytesRoundOne, long bytesRoundTwo, Duration downtime) {}
