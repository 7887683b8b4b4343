package io.switchback.operation;

import io.switchback.model.Mistakes;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of a switch's timer.
 *
 * @param vm name of the replica, for people and for the operation that it starts
 * @param tries that were refused at the time that is due now; carried over when the history is cut
 * @param stopped the time whose switch a person has stopped; null when none has
 * @param told what people were told already
 * @param failedRounds synchronisations that came to nothing, one after the other
 * @param triedAt when the last one was begun; null when none was
 */
public record SwitchTimerRequest(
    String replicaId,
    String vm,
    int tries,
    @Nullable Instant stopped,
    List<String> told,
    int failedRounds,
    @Nullable Instant triedAt) {
  /** The input of a timer that begins. */
  public SwitchTimerRequest(String replicaId, String vm) {
    this(replicaId, vm, 0, null, List.of(), 0, null);
  }

  public SwitchTimerRequest {
    told = told == null ? List.of() : List.copyOf(told);
    new Mistakes().required(replicaId, "replicaId").required(vm, "vm").refuse("timer of a switch");
  }
}
