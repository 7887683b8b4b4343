package io.switchback.operation;

import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.NotifyActivities.Paged;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Tells people of what a loop has seen. Nothing here holds the loop up. */
final class LoopPager {
  private final Ports ports;
  private final String operation;
  private final List<Promise<Paged>> calls = new ArrayList<>();
  private final Set<String> told;

  /**
   * @param told what people were told of by the runs before, and what still holds
   */
  LoopPager(Ports ports, List<String> told) {
    this(ports, "replicate", told);
  }

  /** The same for a loop that does something else. */
  LoopPager(Ports ports, String operation, List<String> told) {
    this.ports = ports;
    this.operation = operation;
    this.told = new HashSet<>(told);
  }

  /**
   * Tells it.
   *
   * @param id within this loop; the same for the same thing
   * @param fault by name; empty when it is good news
   */
  void tell(String vm, String step, String id, String fault, String message) {
    WorkflowInfo run = Workflow.getInfo();
    Notice notice =
        new Notice(
            run.getWorkflowId() + "/" + id,
            operation,
            run.getWorkflowId(),
            run.getRunId(),
            vm,
            step,
            fault,
            message,
            List.of());
    calls.removeIf(Promise::isCompleted);
    calls.add(Async.function(ports.notify("Tell people about " + vm + ": " + step)::page, notice));
  }

  /** Tells it unless it was told already and has not ended since. */
  void tellOnce(String vm, String step, String fault, String message) {
    if (told.add(key(vm, step, fault))) {
      long at = Workflow.currentTimeMillis();
      tell(vm, step, step + "/" + fault + "/" + at, fault, message);
    }
  }

  /** It has ended: should it come back, people are told again. */
  void ended(String vm, String step) {
    told.removeIf(key -> key.startsWith(key(vm, step, "")));
  }

  /** What was told and still holds. */
  List<String> told() {
    return told.stream().sorted().toList();
  }

  /** Waits for calls that are under way: the end of a run would cut them off. */
  void awaitCalls() {
    for (Promise<Paged> call : calls) {
      call.handle((paged, failure) -> "").get();
    }
    calls.clear();
  }

  private static String key(String vm, String step, String fault) {
    return vm + "|" + step + "|" + fault;
  }
}
