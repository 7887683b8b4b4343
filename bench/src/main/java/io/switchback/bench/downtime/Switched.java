package io.switchback.bench.downtime;

/**
 * One switch.
 *
 * @param seconds from before the replica's power-off until production was powered on
 * @param lastRoundBytes sent while nothing served
 * @param how the last round was made, as the operation tells it
 */
record Switched(double seconds, long lastRoundBytes, String how) {}
