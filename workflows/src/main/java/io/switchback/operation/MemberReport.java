package io.switchback.operation;

import org.jspecify.annotations.Nullable;

/**
 * What a member tells the run over all: where it is, and what it waits for when it is parked.
 *
 * @param result how the member ended, when its run will close without a result
 */
public record MemberReport(
    String replicaId, String phase, @Nullable Parked parked, @Nullable MemberResult result) {}
