package io.switchback.port;

import io.switchback.model.Mandate;
import io.switchback.model.RestorePoint;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/**
 * What the registry does when a replica becomes production for good. Every method:
 * REGISTRY_UNAVAILABLE (retried); FENCED, and nothing changed, when the mandate's operation does
 * not hold the claim, or a higher step of it has been seen. Milliseconds.
 */
@ActivityInterface
public interface PermanentFailoverActivities {

  /**
   * Lets every restore point of the replica go: from now on nobody is offered one, because its
   * snapshot may be gone at any moment. Answers those whose snapshots are not known to be gone yet,
   * oldest first.
   *
   * <p>If they were let go already, answers those that are left. This is the point of no return:
   * who finds a replica without a point to choose knows that it has been passed.
   */
  LetGo letGoRestorePoints(LetGoRestorePoints request);

  /**
   * Forgets the restore points that were let go, the last one too, once their snapshots are gone.
   * If there are none, answers {@code changed = false}.
   */
  Done forgetLetGoPoints(ForgetLetGoPoints request);

  /**
   * Excludes the production VM from every rule that names it or would find it, so that it does not
   * come under protection again by itself. If it is excluded already, answers {@code changed =
   * false}.
   */
  Done excludeProduction(ExcludeProduction request);

  /** Asks to let the restore points go. */
  record LetGoRestorePoints(Mandate mandate, String replicaId) {}

  /** Restore points whose snapshots may go now, oldest first. */
  record LetGo(List<RestorePoint> points, int attempt) {
    public LetGo {
      points = List.copyOf(points);
    }
  }

  /** Asks to forget what was let go. */
  record ForgetLetGoPoints(Mandate mandate, String replicaId) {}

  /** Asks to exclude the production VM, for people with who asked and why. */
  record ExcludeProduction(Mandate mandate, String replicaId, String by, String reason) {}
}
