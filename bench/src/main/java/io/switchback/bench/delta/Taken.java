package io.switchback.bench.delta;

/**
 * What something took.
 *
 * @param cpuSeconds of all processes that were part of it
 */
record Taken(double seconds, double cpuSeconds) {}
