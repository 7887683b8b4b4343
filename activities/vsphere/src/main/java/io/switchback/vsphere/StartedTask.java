package io.switchback.vsphere;

import com.vmware.vim25.LocalizedMethodFault;
import com.vmware.vim25.ManagedObjectNotFound;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MethodFault;
import com.vmware.vim25.TaskInfo;
import com.vmware.vim25.TaskInfoState;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.vsphere.soap.FaultString;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task that vCenter was told to run, whose end is waited for. */
final class StartedTask {
  private static final Logger LOG = LoggerFactory.getLogger(StartedTask.class);
  private static final Duration FOREVER = Duration.ofDays(30);

  private final VCenter vcenter;
  private final ManagedObjectReference task;
  private final TaskNote note;
  private final String subject;

  /** How a task ended, as far as vCenter still knows. */
  enum End {
    DONE,
    /** vCenter has forgotten the task: the VM's state tells what became of it. */
    FORGOTTEN
  }

  /**
   * @param id by which the next attempt knows what it works on
   * @param subject the same for people
   */
  StartedTask(
      VCenter vcenter, ManagedObjectReference task, TaskKind kind, String id, String subject) {
    this.vcenter = vcenter;
    this.task = task;
    this.note = new TaskNote(task.getVal(), kind.method(), id);
    this.subject = subject;
  }

  static StartedTask on(Machine vm, TaskKind kind, ManagedObjectReference task) {
    return new StartedTask(vm.vcenter(), task, kind, vm.vm().id(), vm.vm().toString());
  }

  static boolean isEnded(TaskInfoState state) {
    return state == TaskInfoState.success || state == TaskInfoState.error;
  }

  /**
   * Waits for its end, and tells Temporal and the next attempt of it meanwhile.
   *
   * @throws MethodFault what it failed with
   * @throws FaultException BUSY when it runs for longer than the site's limit; the time that it
   *     waits in vCenter's queue does not count
   */
  End await() throws RemoteException {
    RunningActivity.heartbeat(note);
    try {
      Properties.Row ended =
          Watch.until(
                  vcenter,
                  new Watch.Target(task, "info.state", "info.startTime"),
                  FOREVER,
                  new Stopwatch()::isEnded,
                  () -> RunningActivity.heartbeat(note))
              .orElseThrow();
      if (ended.get("info.state", TaskInfoState.class) == TaskInfoState.error) {
        throw failure();
      }
      return End.DONE;
    } catch (ManagedObjectNotFound forgotten) {
      return End.FORGOTTEN;
    }
  }

  /** Waits for its end, however that is: what became of it, the VM shows. */
  void settle() throws RemoteException {
    LOG.info("waits for an earlier task={} on={}", note.task(), subject);
    try {
      var _ = await();
    } catch (MethodFault failed) {
      LOG.info("an earlier task failed on={} because={}", subject, FaultString.of(failed));
    }
  }

  /** Waits for its end, and answers what it has made; empty when vCenter has forgotten it. */
  Optional<ManagedObjectReference> made() throws RemoteException {
    try {
      return await() == End.FORGOTTEN
          ? Optional.empty()
          : Optional.ofNullable(
              vcenter
                  .read(live -> Properties.of(live, task, "info.result"))
                  .get("info.result", ManagedObjectReference.class));
    } catch (ManagedObjectNotFound forgotten) {
      return Optional.empty();
    }
  }

  private MethodFault failure() throws RemoteException {
    TaskInfo info =
        vcenter
            .read(live -> Properties.of(live, task, "info"))
            .get("info", TaskInfo.class, new TaskInfo());
    LocalizedMethodFault error = info.getError();
    if (error == null || error.getFault() == null) {
      return FaultString.attach(new MethodFault(), "the task failed, and vCenter does not say why");
    }
    return FaultString.attach(error.getFault(), String.valueOf(error.getLocalizedMessage()));
  }

  /** Counts the time that a task runs, which does not begin while it waits in vCenter's queue. */
  private final class Stopwatch {
    private long sinceNanos;
    private boolean isRunning;

    boolean isEnded(Properties.Row row) {
      TaskInfoState state = row.get("info.state", TaskInfoState.class);
      if (state != null && StartedTask.isEnded(state)) {
        return true;
      }
      if (state == TaskInfoState.running && !isRunning) {
        isRunning = true;
        sinceNanos = System.nanoTime();
      }
      Duration limit = vcenter.caps().limits().taskLimit();
      if (isRunning && System.nanoTime() - sinceNanos > limit.toNanos()) {
        throw new FaultException(
            Fault.BUSY,
            "Could not wait longer for %s of %s: its task %s has run for %s. Look at it in the vSphere Client; the next attempt goes on with it."
                .formatted(note.method(), subject, note.task(), limit));
      }
      return false;
    }
  }
}
