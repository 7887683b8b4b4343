package io.switchback.operation;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a loop's next run must know of the runs before.
 *
 * @param rpo by replica id
 * @param told what people were told of and what still holds
 */
public record LoopMemory(Map<String, RpoMemory> rpo, List<String> told) {
  /** Of a loop that begins. */
  public static final LoopMemory NONE = new LoopMemory(Map.of(), List.of());

  public LoopMemory {
    rpo = rpo == null ? Map.of() : Map.copyOf(rpo);
    told = told == null ? List.of() : List.copyOf(told);
  }

  @Nullable RpoMemory rpoOf(String replicaId) {
    return rpo.get(replicaId);
  }
}
