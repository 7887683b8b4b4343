package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectNotFound;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MethodFault;
import com.vmware.vim25.TaskInfo;
import com.vmware.vim25.TaskInfoState;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks of vCenter on a VM. A task is started once; whoever wants to know what became of it looks
 * at it, or at the VM.
 */
final class Tasks {
  private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);

  private Tasks() {}

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
  static StartedTask.End run(
      String what, Machine vm, TaskKind kind, VCenter.Call<ManagedObjectReference> start)
      throws RemoteException {
    Optional<ManagedObjectReference> running = runningAlready(vm, kind);
    if (running.isPresent()) {
      LOG.info("goes on with a task task={} vm={}", running.get().getVal(), vm.vm().id());
      return StartedTask.on(vm, kind, running.get()).await();
    }
    return vm.vcenter()
        .caps()
        .admit(what, vm.host(), () -> StartedTask.on(vm, kind, started(vm, kind, start)).await());
  }

  /**
   * Starts a task when its turn comes, and waits for its end. For changes that vCenter refuses when
   * they come twice.
   *
   * @throws LostAnswerException when it is not known whether the task was started
   */
  static StartedTask.End once(
      String what, Machine vm, TaskKind kind, VCenter.Call<ManagedObjectReference> start)
      throws RemoteException {
    return vm.vcenter()
        .caps()
        .admit(what, vm.host(), () -> StartedTask.on(vm, kind, vm.vcenter().change(start)).await());
  }

  /**
   * Starts a task that makes a VM when its turn comes, and waits for its end.
   *
   * @param host that it is made on
   * @param id by which the VM will be known
   * @return the VM; empty when vCenter has forgotten the task
   * @throws LostAnswerException when it is not known whether the task was started
   */
  static Optional<ManagedObjectReference> make(
      String what,
      VCenter vcenter,
      ManagedObjectReference host,
      TaskKind kind,
      String id,
      VCenter.Call<ManagedObjectReference> start)
      throws RemoteException {
    return vcenter
        .caps()
        .admit(
            what,
            host.getVal(),
            () -> new StartedTask(vcenter, vcenter.change(start), kind, id, id).made());
  }

  /**
   * Makes a change that the VM shows: as {@link #run}, and when vCenter has forgotten the task, or
   * its answer was lost and it cannot be found, the VM tells what became of it.
   *
   * @param isDone whether the VM shows the change
   * @param read what {@code isDone} looks at
   * @return the VM with the change
   * @throws FaultException BUSY (retried) when the VM does not show it
   */
  static Machine seen(
      String what,
      Machine vm,
      TaskKind kind,
      VCenter.Call<ManagedObjectReference> start,
      Predicate<Machine> isDone,
      String... read)
      throws RemoteException {
    try {
      StartedTask.End end = run(what, vm, kind, start);
      Machine now = Machine.read(vm.vcenter(), vm.vm(), read);
      if (isDone.test(now)) {
        return now;
      }
      throw end == StartedTask.End.DONE ? overtaken(what) : forgotten(what);
    } catch (LostAnswerException lost) {
      Machine now = Machine.read(vm.vcenter(), vm.vm(), read);
      if (isDone.test(now)) {
        return now;
      }
      throw lost;
    }
  }

  private static FaultException overtaken(String what) {
    return new FaultException(
        Fault.BUSY,
        "Could not %s yet: the VM does not show it, although its task has ended. It is tried again."
            .formatted(what));
  }

  /**
   * Waits for the end of a task that an earlier attempt has started and that still runs. How it
   * ended, the VM shows.
   */
  static void settle(VCenter vcenter, VmRef vm, TaskKind kind) throws RemoteException {
    if (RunningActivity.attempt() == 1) {
      return;
    }
    Machine now = Machine.read(vcenter, vm, "recentTask");
    Optional<ManagedObjectReference> running = runningAlready(now, kind);
    if (running.isPresent()) {
      StartedTask.on(now, kind, running.get()).settle();
    }
  }

  /**
   * Waits until every task of a kind has ended that runs now, whoever started it.
   *
   * @param on what the tasks work on, or vCenter's task manager, which knows of all
   * @return whether there was any
   */
  static boolean settleAll(VCenter vcenter, ManagedObjectReference on, TaskKind kind)
      throws RemoteException {
    List<ManagedObjectReference> running =
        recent(vcenter, on).stream()
            .filter(task -> kind.isOf(task) && !StartedTask.isEnded(task.getState()))
            .map(TaskInfo::getTask)
            .toList();
    for (ManagedObjectReference task : running) {
      new StartedTask(vcenter, task, kind, on.getVal(), on.getVal()).settle();
    }
    return !running.isEmpty();
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
    Optional<ManagedObjectReference> told = toldAndRunning(vm.vcenter(), kind, vm.vm().id());
    return told.isPresent()
        ? told
        : recent(vm.vcenter(), vm.reference()).stream()
            .filter(task -> kind.isOf(task) && !StartedTask.isEnded(task.getState()))
            .map(TaskInfo::getTask)
            .findFirst();
  }

  private static Optional<ManagedObjectReference> toldAndRunning(
      VCenter vcenter, TaskKind kind, String id) throws RemoteException {
    Optional<TaskNote> told =
        RunningActivity.told(TaskNote.class)
            .filter(note -> note.vm().equals(id) && note.method().equals(kind.method()));
    if (told.isEmpty()) {
      return Optional.empty();
    }
    ManagedObjectReference task = new ManagedObjectReference();
    task.setType("Task");
    task.setVal(told.get().task());
    try {
      TaskInfoState state =
          vcenter
              .read(live -> Properties.of(live, task, "info.state"))
              .get("info.state", TaskInfoState.class, TaskInfoState.success);
      return StartedTask.isEnded(state) ? Optional.empty() : Optional.of(task);
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
      return recent(vm.vcenter(), vm.reference()).stream()
          .filter(task -> kind.isOf(task) && !before.contains(task.getTask().getVal()))
          .map(TaskInfo::getTask)
          .findFirst()
          .orElseThrow(() -> lost);
    }
  }

  private static Set<String> ids(Machine vm) {
    return references(vm.row()).stream()
        .map(ManagedObjectReference::getVal)
        .collect(Collectors.toSet());
  }

  private static List<ManagedObjectReference> references(Properties.Row row) {
    return Arrays.asList(
        row.get("recentTask", ManagedObjectReference[].class, new ManagedObjectReference[0]));
  }

  /** What vCenter remembers of the newest tasks on an object. */
  private static List<TaskInfo> recent(VCenter vcenter, ManagedObjectReference on)
      throws RemoteException {
    try {
      return infos(vcenter, on);
    } catch (ManagedObjectNotFound forgotten) {
      // One of them was forgotten between two calls.
      return infos(vcenter, on);
    }
  }

  private static List<TaskInfo> infos(VCenter vcenter, ManagedObjectReference on)
      throws RemoteException {
    return vcenter
        .read(
            live ->
                Properties.of(
                    live, references(Properties.of(live, on, "recentTask")), "Task", "info"))
        .stream()
        .map(row -> row.get("info", TaskInfo.class))
        .filter(Objects::nonNull)
        .toList();
  }
}
