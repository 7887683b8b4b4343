package io.switchback.worker.run;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do.
 *
 * @param operation as its workflow type
 * @param workflowId that the run would have
 * @param notes about all of them together
 */
public record Preview(
    String operation, String workflowId, List<VmPreview> vms, List<String> notes) {
  public Preview {
    vms = List.copyOf(vms);
    notes = List.copyOf(notes);
  }

  /**
   * What a run would do with one VM.
   *
   * @param state now, null while it is not protected, and {@code becomes} at the end
   * @param restorePoint that the replica would be reverted to
   * @param restorePointAgeSeconds now: the data loss of a failover, in time
   * @param discardedBytes that the replica has written and would lose; null when nothing is
   *     discarded, or its site cannot be asked from here
   * @param steps in their order, for people
   * @param notes what a person should know before
   */
  public record VmPreview(
      String vm,
      String replicaId,
      VmRef production,
      VmRef recovery,
      @Nullable ReplicaState state,
      @Nullable ReplicaState becomes,
      @Nullable RestorePoint restorePoint,
      @Nullable Double restorePointAgeSeconds,
      @Nullable Long discardedBytes,
      List<String> steps,
      List<String> notes) {
    public VmPreview {
      steps = List.copyOf(steps);
      notes = List.copyOf(notes);
    }
  }

  /** The same for people. */
  public List<String> lines() {
    return PreviewLines.of(this);
  }
}
