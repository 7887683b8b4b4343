package io.switchback.lifecycle;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of the lifecycle.
 *
 * @param from states that allow the operation; empty when there is no replica yet
 * @param to the state it leads to; null when it leaves the state as it is, or leaves no replica
 * @param result the {@code to} column for people
 * @param leaves what the operation leaves behind
 */
public record Transition(
    Operation operation,
    Set<ReplicaState> from,
    @Nullable ReplicaState to,
    String result,
    String leaves) {
  public Transition {
    from = from.isEmpty() ? Set.of() : java.util.Collections.unmodifiableSet(EnumSet.copyOf(from));
  }
}
