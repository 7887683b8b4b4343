package io.switchback.port;

import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.Sheet;
import io.temporal.activity.ActivityInterface;

/**
 * Break-glass sheets: a page of plain text per replica, kept at its recovery site, by which a
 * person starts the VM with the site's own tools, when neither Temporal nor the registry answers.
 *
 * <p>A page holds no secret: logins are named by where they are kept. Every method:
 * SITE_UNREACHABLE (retried); FENCED, and nothing changed, when the site has seen a higher fence
 * for the VM.
 */
@ActivityInterface
public interface SheetActivities {

  /**
   * Writes the replica's page: its disks and where they lie, its restore points, networks and
   * addresses, CPUs and memory, and the commands that start it, each as it is typed.
   *
   * <p>Whoever reads meanwhile sees the old page or the new one, whole. If the page says the same
   * already, answers {@code changed = false}. Milliseconds.
   *
   * @throws io.switchback.fault.FaultException VM_NOT_FOUND when the site knows no such VM
   */
  Done writeSheet(WriteSheet request);

  /**
   * Removes the replica's page. If there is none, answers {@code changed = false}; also when the VM
   * is gone already. Milliseconds.
   */
  Done removeSheet(RemoveSheet request);

  /** Asks for the page of a replica. */
  record WriteSheet(Mandate mandate, Sheet sheet) {}

  /** Asks to remove the page of {@code replica}. */
  record RemoveSheet(Mandate mandate, Replica replica) {}
}
