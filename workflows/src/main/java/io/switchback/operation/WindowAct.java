package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.CommitWindow;
import io.switchback.model.Undoable;
import io.switchback.model.VmSelection;
import io.switchback.model.WindowEnd;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.RecordAudit;
import io.switchback.port.CatalogueActivities.Resolution;
import io.switchback.port.CatalogueActivities.Resolve;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is done at the end of a window, and how it is told. */
final class WindowAct {
  private final WindowTimerRequest request;
  private final Ports ports;

  WindowAct(WindowTimerRequest request, Ports ports) {
    this.request = request;
    this.ports = ports;
  }

  /** The operation that the window ends with. */
  static Operation operation(CommitWindow window) {
    boolean commits = window.terms().atEnd() == WindowEnd.COMMIT;
    return switch (window.of()) {
      case FAILOVER -> commits ? Operation.PERMANENT_FAILOVER : Operation.UNDO_FAILOVER;
      case FAILBACK -> commits ? Operation.COMMIT_FAILBACK : Operation.UNDO_FAILBACK;
    };
  }

  /** Its workflow type. */
  static String type(CommitWindow window) {
    return switch (operation(window)) {
      case PERMANENT_FAILOVER -> "PermanentFailover";
      case UNDO_FAILOVER -> "UndoFailover";
      case COMMIT_FAILBACK -> "CommitFailback";
      default -> "UndoFailback";
    };
  }

  /**
   * The input of that, as a person would write it.
   *
   * @param name that the VM has now
   * @throws FaultException REFUSED when it is known that it would be refused
   * @throws ActivityFailure when the registry cannot be asked
   */
  Map<String, Object> input(String name, CommitWindow window) {
    Instant end = requireNonNull(window.endsAt());
    Map<String, Object> vm = new LinkedHashMap<>();
    vm.put("name", name);
    if (operation(window) == Operation.PERMANENT_FAILOVER) {
      vm.put("confirm", confirmation(name));
    }
    Map<String, Object> input = new LinkedHashMap<>();
    input.put("vms", List.of(vm));
    input.put(WindowEndInput.DUE, end.toString());
    input.put("by", "window");
    input.put("reason", "its window, asked for by %s, ended at %s".formatted(window.by(), end));
    return input;
  }

  TimedRun start(String vm, CommitWindow window, Map<String, Object> input) {
    return TimedRun.start(
        type(window),
        WindowTimer.workflowId(request.replicaId()),
        "%s %s, its window has ended".formatted(operation(window).words(), vm),
        input,
        requireNonNull(window.endsAt()));
  }

  /** Whoever asked for a window that commits has said that the restore points may go. */
  private String confirmation(String vm) {
    Resolution resolution =
        ports
            .catalogue("What will be gone of " + vm + "?")
            .resolve(
                new Resolve(
                    Operation.PERMANENT_FAILOVER,
                    "",
                    List.of(new VmSelection(vm, VmSelection.LATEST))));
    if (!resolution.mistakes().isEmpty()) {
      throw new FaultException(Fault.REFUSED, String.join(" ", resolution.mistakes()));
    }
    Member member = resolution.members().getFirst();
    return Confirmation.sentence(member);
  }

  /** Writes down what was made of the window; waits for the registry as long as it takes. */
  void audit(CommitWindow window, String step, String by, String detail) {
    try {
      var _ =
          ports
              .patientAudit("Write down what became of the window")
              .recordAudit(
                  new RecordAudit(
                      List.of(
                          new AuditEntry(
                              window.id(),
                              operation(window),
                              request.replicaId(),
                              step,
                              // Many entries of one window: what tells them apart is their time.
                              Workflow.currentTimeMillis(),
                              0,
                              "DONE",
                              by,
                              detail,
                              RunClock.now()))));
    } catch (ActivityFailure refused) {
      // The window is as it was asked for; an audit that the registry does not take must not change
      // that.
      Workflow.getLogger(WindowAct.class)
          .error("the registry does not take the audit, vm={}", request.vm(), refused);
    }
  }

  /** What becomes of the replica at the end, in words. */
  static String words(CommitWindow window) {
    String what = window.of() == Undoable.FAILOVER ? "failover" : "failback";
    return window.terms().atEnd() == WindowEnd.COMMIT
        ? "its %s is committed (`%s`)".formatted(what, type(window))
        : "its %s is undone (`%s`)".formatted(what, type(window));
  }
}
