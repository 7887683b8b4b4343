package io.switchback.worker.crash;

import io.switchback.lab.FaultScript;
import io.switchback.lab.LabClient;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.PendingWorkflowTaskState;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflow.v1.PendingWorkflowTaskInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A trap that is set, and then the activity that went into it. */
final class Caught {
  private static final int LIMIT_SECONDS = 180;

  /** The activities that are tried within the task of their workflow, and not by themselves. */
  private static final Set<String> IN_OWN_TASK = Set.of("RecordRoom", "RecordSighting");

  private final CrashEstate estate;
  private final Trap trap;
  private @Nullable String script;
  private @Nullable LabClient site;
  private List<HoldingProxy.Trap> proxies = List.of();

  private Caught(CrashEstate estate, Trap trap) {
    this.estate = estate;
    this.trap = trap;
  }

  /** Sets the trap. */
  static Caught set(CrashEstate estate, Trap trap) {
    Caught caught = new Caught(estate, trap);
    switch (trap) {
      case Trap.Lab lab -> caught.script(lab);
      case Trap.LabAfter after ->
          throw new IllegalArgumentException("set its first, then the other: " + after);
      case Trap.Registry registry ->
          caught.proxies =
              estate.workers.stream()
                  .map(worker -> worker.postgres.hold(registry.texts().toArray(String[]::new)))
                  .toList();
      case Trap.Wake wake ->
          caught.proxies =
              estate.workers.stream()
                  .map(
                      worker ->
                          worker.temporal.holdAnswer(TemporalMessages.wakeOf(wake.workflow())))
                  .toList();
      case Trap.Completion done ->
          caught.proxies =
              estate.workers.stream()
                  .map(
                      worker ->
                          worker.temporal.holdMessage(
                              TemporalMessages.completionOf(done.activity())))
                  .toList();
      case Trap.Check check -> estate.holdCheck();
    }
    return caught;
  }

  private void script(Trap.Lab lab) {
    site = lab.site().equals("berlin") ? estate.production : estate.recovery;
    script = site.script(FaultScript.withholding(lab.call(), lab.vm())).id();
  }

  /** Waits until the activity has had its effect and cannot say so. */
  void await() throws InterruptedException {
    boolean hit =
        switch (trap) {
          case Trap.Lab lab ->
              site.awaitScript(script, 1, Duration.ofSeconds(LIMIT_SECONDS)).acted() >= 1;
          case Trap.Check check -> estate.awaitCheck(LIMIT_SECONDS);
          case Trap.LabAfter after -> throw new IllegalStateException();
          case Trap.Registry registry -> awaitProxy();
          case Trap.Wake wake -> awaitProxy();
          case Trap.Completion done -> awaitProxy();
        };
    if (!hit) {
      throw new AssertionError("nothing went into the trap " + trap);
    }
  }

  private boolean awaitProxy() {
    CrashEstate.until(
        "a call in the trap " + trap, () -> proxies.stream().anyMatch(HoldingProxy.Trap::isHit));
    return true;
  }

  /** The worker that runs the caught activity of the run, or of its first replica. */
  WorkerProcess worker(String activity, String run) {
    return worker(activity, List.of(run, "replica/" + estate.replica.id()));
  }

  /** The worker that runs the caught activity of one of the runs. */
  WorkerProcess worker(String activity, List<String> runs) {
    for (int i = 0; i < proxies.size(); i++) {
      if (proxies.get(i).isHit()) {
        return estate.workers.get(i);
      }
    }
    List<WorkerProcess> found = new ArrayList<>();
    CrashEstate.until(
        "Temporal to name the worker of " + activity,
        () -> {
          Optional<WorkerProcess> worker =
              runs.stream()
                  .flatMap(run -> pending(run).stream())
                  .filter(a -> a.getActivityType().getName().equals(activity))
                  .filter(a -> a.getState() == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED)
                  .flatMap(
                      a ->
                          estate.workers.stream()
                              .filter(w -> a.getLastWorkerIdentity().startsWith(w.pid() + "@")))
                  .findFirst();
          worker.ifPresent(found::add);
          return worker.isPresent();
        });
    return found.getFirst();
  }

  /**
   * Waits until the activity has ended in another worker, or runs there. One that runs within its
   * workflow's task is nowhere to be seen: then it is the task that another worker takes over.
   */
  void awaitTakeOver(String activity, List<String> runs, WorkerProcess stopped) {
    if (IN_OWN_TASK.contains(activity)) {
      CrashEstate.until(
          "another worker to take over the task of " + activity,
          () -> runs.stream().allMatch(this::isTaskTakenOver));
      return;
    }
    CrashEstate.until(
        "another worker to take over " + activity,
        () ->
            runs.stream()
                .flatMap(run -> pending(run).stream())
                .filter(a -> a.getActivityType().getName().equals(activity))
                .noneMatch(
                    a ->
                        a.getState() != PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
                            || a.getLastWorkerIdentity().startsWith(stopped.pid() + "@")));
  }

  private boolean isTaskTakenOver(String workflowId) {
    DescribeWorkflowExecutionResponse run = describe(workflowId);
    PendingWorkflowTaskInfo task = run.getPendingWorkflowTask();
    return !run.hasPendingWorkflowTask()
        || (task.getAttempt() > 1
            && task.getState() == PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED);
  }

  private DescribeWorkflowExecutionResponse describe(String workflowId) {
    return estate
        .temporal
        .getWorkflowServiceStubs()
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace("default")
                .setExecution(WorkflowExecution.newBuilder().setWorkflowId(workflowId))
                .build());
  }

  private List<PendingActivityInfo> pending(String workflowId) {
    try {
      return describe(workflowId).getPendingActivitiesList();
    } catch (RuntimeException notThere) {
      return List.of();
    }
  }

  /** The worker is dead: lets the answer go; what the worker itself has said is never heard. */
  void forget() {
    proxies.forEach(HoldingProxy.Trap::drop);
    release();
  }

  /**
   * The worker is stopped: lets the answer go, so that nobody else waits for it. What the worker
   * itself has said is heard only when it goes on.
   */
  void releaseAnswer() {
    if (!(trap instanceof Trap.Completion)) {
      release();
    }
  }

  /** Lets everything go; nobody may be there to hear it. */
  void release() {
    switch (trap) {
      case Trap.Lab lab -> site.releaseScript(script);
      case Trap.Check check -> estate.releaseCheck();
      default -> proxies.forEach(HoldingProxy.Trap::release);
    }
  }
}
