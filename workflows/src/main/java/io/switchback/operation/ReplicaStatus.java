package io.switchback.operation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the run over one replica is: every step so far, and what it waits for when it is parked.
 */
public record ReplicaStatus(
    String vm, String operation, List<StepStatus> steps, @Nullable Parked parked) {
  public ReplicaStatus {
    steps = List.copyOf(steps);
  }
}
