package io.switchback.operation;

import io.switchback.model.Mistakes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of a window's timer.
 *
 * @param vm name of the replica, for people and for the operation that it starts
 * @param tries that were refused at the end that is due now; carried over when the history is cut
 * @param stopped the end at which a person has stopped what was begun, or the probes were against
 *     it too often; null when none is
 * @param told what people were told already
 */
public record WindowTimerRequest(
    String replicaId, String vm, int tries, @Nullable Instant stopped, List<String> told) {
  /** The input of a timer that begins. */
  public WindowTimerRequest(String replicaId, String vm) {
    this(replicaId, vm, 0, null, List.of());
  }

  public WindowTimerRequest {
    told = told == null ? List.of() : List.copyOf(told);
    new Mistakes().required(replicaId, "replicaId").required(vm, "vm").refuse("timer of a window");
  }
}
