package io.switchback.lab;

import java.util.Objects;

/** Who mutates, in which step, by which right. A request without a stamp is a person's. */
public record Stamp(String operationId, String step, LabFence fence) {
  public Stamp {
    Objects.requireNonNull(operationId, "operationId");
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(fence, "fence");
  }
}
