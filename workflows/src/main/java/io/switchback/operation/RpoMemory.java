package io.switchback.operation;

import io.switchback.port.CycleActivities.RpoTerms;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a loop's next run must know of the RPO.
 *
 * @param toldOf the restore point that people were told is too old; null when they were told of
 *     none
 */
public record RpoMemory(@Nullable RpoTerms terms, @Nullable Instant toldOf) {}
