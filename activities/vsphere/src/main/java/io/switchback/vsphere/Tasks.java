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
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks of vCenter on a VM. A task is started once; whoever wants to know what became of it looks
 * at it, or at the VM.
 */
final class Tasks {
  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);
  private static final Duration FOREVER = Duration.ofDays(30);

  private Tasks() {}

  /** How a task ended, as far as vCenter still knows. */
  enum End {
    DONE,
    /** vCenter has forgotten the task: the VM's state tells what became of it. */
    FORGOTTEN
  }

  /**
   * Starts a task on the VM when its turn comes, and waits for its end. A later attempt goes on
   * with the task of the earlier one while that runs. When the answer to the start is lost, the
   * task is looked for, and never started again.
   *
   * @param vm read before the start, with {@code recentTask}
   * @throws MethodFault what the task failed with
   * @throws LostAnswerException when it is not known whether the task was started
   * @throws FaultException BUSY when its turn does not come; nothing was started then
   */
  static End run(String what, Machine vm, TaskKind kind, VCenter.Call<ManagedObjectReference> start)
      throws RemoteException {
    Optional<ManagedObjectReference> running = runningAlready(vm, kind);
    if (running.isPresent()) {
      LOG.info("goes on with a task task={} vm={}", running.get().getVal(), vm.vm().id());
      return await(vm, kind, running.get());
    }
    return vm.vcenter()
        .caps()
        .admit(what, vm.host(), () -> await(vm, kind, started(vm, kind, start)));
  }

  /**
   * Starts a task when its turn comes, and waits for its end. For changes that vCenter refuses when
   * they come twice.
   *
   * @throws LostAnswerException when it is not known whether the task was started
   */
  static End once(
      String what, Machine vm, TaskKind kind, VCenter.Call<ManagedObjectReference> start)
      throws RemoteException {
    return vm.vcenter()
        .caps()
        .admit(what, vm.host(), () -> await(vm, kind, vm.vcenter().change(start)));
  }

  /** For a change that a task should have made, and whose VM does not show it. */
  static FaultException forgotten(String what) {
    return new FaultException(
        Fault.BUSY,
        "Could not %s: vCenter knows its task no more, and the VM is as before. It is tried again."
            .formatted(what));
  }

  // The first attempt has nothing to go on with: a task that others started is theirs.
  private static Optional<ManagedObjectReference> runningAlready(Machine vm, TaskKind kind)
      throws RemoteException {
    if (RunningActivity.attempt() == 1) {
      return Optional.empty();
    }
    Optional<ManagedObjectReference> told = toldAndRunning(vm, kind);
    return told.isPresent()
        ? told
        : recent(vm).stream()
            .filter(task -> kind.isOf(task) && !isEnded(task.getState()))
            .map(TaskInfo::getTask)
            .findFirst();
  }

  private static Optional<ManagedObjectReference> toldAndRunning(Machine vm, TaskKind kind)
      throws RemoteException {
    Optional<TaskNote> told =
        RunningActivity.told(TaskNote.class)
            .filter(note -> note.vm().equals(vm.vm().id()) && note.method().equals(kind.method()));
    if (told.isEmpty()) {
      return Optional.empty();
    }
    ManagedObjectReference task = new ManagedObjectReference();
    task.setType("Task");
    task.setVal(told.get().task());
    try {
      TaskInfoState state =
          vm.vcenter()
              .read(live -> Properties.of(live, task, "info.state"))
              .get("info.state", TaskInfoState.class, TaskInfoState.success);
      return isEnded(state) ? Optional.empty() : Optional.of(task);
    } catch (ManagedObjectNotFound forgotten) {
      return Optional.empty();
    }
  }

  private static ManagedObjectReference started(
      Machine vm, TaskKind kind, VCenter.Call<ManagedObjectReference> start)
      throws RemoteException {
    try {
      return vm.vcenter().change(start);
    } catch (LostAnswerException lost) {
      Set<String> before = ids(vm);
      Machine now = Machine.read(vm.vcenter(), vm.vm(), "recentTask");
      return recent(now).stream()
          .filter(task -> kind.isOf(task) && !before.contains(task.getTask().getVal()))
          .map(TaskInfo::getTask)
          .findFirst()
          .orElseThrow(() -> lost);
    }
  }

  private static Set<String> ids(Machine vm) {
    return references(vm).stream().map(ManagedObjectReference::getVal).collect(Collectors.toSet());
  }

  private static List<ManagedObjectReference> references(Machine vm) {
    return Arrays.asList(
        vm.row().get("recentTask", ManagedObjectReference[].class, new ManagedObjectReference[0]));
  }

  /** What vCenter remembers of the VM's newest tasks. */
  private static List<TaskInfo> recent(Machine vm) throws RemoteException {
    try {
      return infos(vm);
    } catch (ManagedObjectNotFound forgotten) {
      // One of them was forgotten between two calls.
      return infos(Machine.read(vm.vcenter(), vm.vm(), "recentTask"));
    }
  }

  private static List<TaskInfo> infos(Machine vm) throws RemoteException {
    return vm.vcenter().read(live -> Properties.of(live, references(vm), "Task", "info")).stream()
        .map(row -> row.get("info", TaskInfo.class))
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  private static boolean isEnded(TaskInfoState state) {
    return state == TaskInfoState.success || state == TaskInfoState.error;
  }

  private static End await(Machine vm, TaskKind kind, ManagedObjectReference task)
      throws RemoteException {
    TaskNote note = new TaskNote(task.getVal(), kind.method(), vm.vm().id());
    RunningActivity.heartbeat(note);
    try {
      Properties.Row ended =
          Watch.until(
                  vm.vcenter(),
                  new Watch.Target(task, "info.state", "info.startTime"),
                  FOREVER,
                  new Stopwatch(vm, kind, note)::isEnded,
                  () -> RunningActivity.heartbeat(note))
              .orElseThrow();
      if (ended.get("info.state", TaskInfoState.class) == TaskInfoState.error) {
        throw failure(vm, task);
      }
      return End.DONE;
    } catch (ManagedObjectNotFound forgotten) {
      return End.FORGOTTEN;
    }
  }

  private static MethodFault failure(Machine vm, ManagedObjectReference task)
      throws RemoteException {
    TaskInfo info =
        vm.vcenter()
            .read(live -> Properties.of(live, task, "info"))
            .get("info", TaskInfo.class, new TaskInfo());
    LocalizedMethodFault error = info.getError();
    if (error == null || error.getFault() == null) {
      return FaultString.attach(new MethodFault(), "the task failed, and vCenter does not say why");
    }
    return FaultString.attach(error.getFault(), String.valueOf(error.getLocalizedMessage()));
  }

  /** Counts the time that a task runs, which does not begin while it waits in vCenter's queue. */
  private static final class Stopwatch {
    private final Machine vm;
    private final TaskKind kind;
    private final TaskNote note;
    private long sinceNanos;
    private boolean isRunning;

    Stopwatch(Machine vm, TaskKind kind, TaskNote note) {
      this.vm = vm;
      this.kind = kind;
      this.note = note;
    }

    boolean isEnded(Properties.Row row) {
      TaskInfoState state = row.get("info.state", TaskInfoState.class);
      if (state == TaskInfoState.running && !isRunning) {
        isRunning = true;
        sinceNanos = System.nanoTime();
      }
      Duration limit = vm.vcenter().caps().limits().taskLimit();
      if (isRunning && System.nanoTime() - sinceNanos > limit.toNanos()) {
        throw new FaultException(
            Fault.BUSY,
            "Could not wait longer for %s of %s: its task %s has run for %s. Look at it in the vSphere Client; the next attempt goes on with it."
                .formatted(kind.method(), vm.vm(), note.task(), limit));
      }
      return state != null && Tasks.isEnded(state);
    }
  }
}
