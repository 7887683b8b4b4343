package io.switchback.operation;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A step as people see it.
 *
 * @param condition RUNNING, DONE, PARKED, FAILED, SKIPPED or UNDONE
 * @param took null while it runs
 * @param detail what came of it, in a few words
 */
public record StepStatus(
    String step, String condition, Instant begunAt, @Nullable Duration took, String detail) {}
