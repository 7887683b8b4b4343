package io.switchback.vsphere;

import com.vmware.vim25.LocalizedMethodFault;
import com.vmware.vim25.ManagedObjectNotFound;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MethodFault;
import com.vmware.vim25.TaskInfo;
import com.vmware.vim25.TaskInfoState;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import io.switchback.vsphere.soap.FaultString;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.time.Duration;
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
            () -> {
              ManagedObjectReference task = vcenter.change(start);
              return await(vcenter, note(task, kind, id), id, task) == End.DONE
                  ? result(vcenter, task)
                  : Optional.empty();
            });
  }

  private static Optional<ManagedObjectReference> result(
      VCenter vcenter, ManagedObjectReference task) throws RemoteException {
    try {
      return Optional.ofNullable(
          vcenter
              .read(live -> Properties.of(live, task, "info.result"))
              .get("info.result", ManagedObjectReference.class));
    } catch (ManagedObjectNotFound forgotten) {
      return Optional.empty();
    }
  }

  private static TaskNote note(ManagedObjectReference task, TaskKind kind, String id) {
    return new TaskNote(task.getVal(), kind.method(), id);
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
      End end = run(what, vm, kind, start);
      Machine now = Machine.read(vm.vcenter(), vm.vm(), read);
      if (isDone.test(now)) {
        return now;
      }
      throw end == End.DONE ? overtaken(what) : forgotten(what);
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
    if (running.isEmpty()) {
      return;
    }
    settle(vcenter, note(running.get(), kind, vm.id()), vm.toString(), running.get());
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
            .filter(task -> kind.isOf(task) && !isEnded(task.getState()))
            .map(TaskInfo::getTask)
            .toList();
    for (ManagedObjectReference task : running) {
      settle(vcenter, note(task, kind, on.getVal()), on.getVal(), task);
    }
    return !running.isEmpty();
  }

  private static void settle(
      VCenter vcenter, TaskNote note, String subject, ManagedObjectReference task)
      throws RemoteException {
    LOG.info("waits for an earlier task={} on={}", note.task(), subject);
    try {
      var _ = await(vcenter, note, subject, task);
    } catch (MethodFault failed) {
      LOG.info("an earlier task failed on={} because={}", subject, FaultString.of(failed));
    }
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
            .filter(task -> kind.isOf(task) && !isEnded(task.getState()))
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

  private static boolean isEnded(TaskInfoState state) {
    return state == TaskInfoState.success || state == TaskInfoState.error;
  }

  private static End await(Machine vm, TaskKind kind, ManagedObjectReference task)
      throws RemoteException {
    return await(vm.vcenter(), note(task, kind, vm.vm().id()), vm.vm().toString(), task);
  }

  private static End await(
      VCenter vcenter, TaskNote note, String subject, ManagedObjectReference task)
      throws RemoteException {
    RunningActivity.heartbeat(note);
    try {
      Properties.Row ended =
          Watch.until(
                  vcenter,
                  new Watch.Target(task, "info.state", "info.startTime"),
                  FOREVER,
                  new Stopwatch(vcenter, note, subject)::isEnded,
                  () -> RunningActivity.heartbeat(note))
              .orElseThrow();
      if (ended.get("info.state", TaskInfoState.class) == TaskInfoState.error) {
        throw failure(vcenter, task);
      }
      return End.DONE;
    } catch (ManagedObjectNotFound forgotten) {
      return End.FORGOTTEN;
    }
  }

  private static MethodFault failure(VCenter vcenter, ManagedObjectReference task)
      throws RemoteException {
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
  private static final class Stopwatch {
    private final VCenter vcenter;
    private final TaskNote note;
    private final String subject;
    private long sinceNanos;
    private boolean isRunning;

    Stopwatch(VCenter vcenter, TaskNote note, String subject) {
      this.vcenter = vcenter;
      this.note = note;
      this.subject = subject;
    }

    boolean isEnded(Properties.Row row) {
      TaskInfoState state = row.get("info.state", TaskInfoState.class);
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
      return state != null && Tasks.isEnded(state);
    }
  }
}
