package io.switchback.worker.run;

import io.grpc.Status;
import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.operation.OperationResult;
import io.switchback.operation.OperationStatus;
import io.switchback.operation.OperationStatus.MemberStatus;
import io.switchback.operation.ReplicaStatus;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowTargetOptions;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TerminatedFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows a run to its end. Nothing that it does changes the run. */
public final class RunFollower {
  private static final Duration BEAT = Duration.ofMillis(400);

  /** Each member whose steps are told costs a query at every beat. */
  private static final int MOST_TOLD = 12;

  private final WorkflowClient client;
  private final CommandWords commands;
  private final Consumer<String> lines;
  private final Map<String, WorkflowExecution> children = new HashMap<>();
  private boolean silent;

  /**
   * @param lines takes the live timeline, a line at a time
   */
  public RunFollower(WorkflowClient client, CommandWords commands, Consumer<String> lines) {
    this.client = client;
    this.commands = commands;
    this.lines = lines;
  }

  /**
   * Waits for the run's end, however long it takes, and answers its result.
   *
   * @throws Refusal if the run failed: wrong input, a queue that nobody serves, ended by hand
   */
  public OperationResult follow(StartedRun run) {
    WorkflowExecution execution =
        WorkflowExecution.newBuilder()
            .setWorkflowId(run.workflowId())
            .setRunId(run.runId())
            .build();
    WorkflowStub stub = stub(execution);
    Timeline timeline = new Timeline(run.workflowId(), commands, lines);
    CompletableFuture<OperationResult> result = stub.getResultAsync(OperationResult.class);
    while (true) {
      try {
        OperationResult ended = result.get(BEAT.toMillis(), TimeUnit.MILLISECONDS);
        tell(stub, execution, timeline);
        return ended;
      } catch (TimeoutException goesOn) {
        tell(stub, execution, timeline);
      } catch (ExecutionException failure) {
        if (!isOutage(failure)) {
          throw failed(run, failure.getCause());
        }
        tellOutage();
        pause();
        result = stub.getResultAsync(OperationResult.class);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw Refusal.failed("Stopped following '%s'; it goes on.".formatted(run.workflowId()));
      }
    }
  }

  private void tell(WorkflowStub stub, WorkflowExecution execution, Timeline timeline) {
    try {
      OperationStatus status = stub.query("status", OperationStatus.class);
      Instant begunAt = stub.describe().getStartTime();
      for (MemberStatus member : status.members()) {
        if (status.members().size() > MOST_TOLD) {
          timeline.phase(member);
        } else {
          tellSteps(member, execution, begunAt, timeline);
        }
      }
      timeline.parked(status.members());
      silent = false;
    } catch (RuntimeException unanswered) {
      tellSilence(unanswered);
    }
  }

  private void tellSteps(
      MemberStatus member, WorkflowExecution parent, Instant begunAt, Timeline timeline) {
    child(member.workflowId(), parent)
        .ifPresent(
            child ->
                timeline.steps(
                    member.vm(),
                    begunAt,
                    stub(child).query("status", ReplicaStatus.class).steps()));
  }

  /** A replica's runs follow each other under one id: only the one that this run began is told. */
  private Optional<WorkflowExecution> child(String workflowId, WorkflowExecution parent) {
    WorkflowExecution known = children.get(workflowId);
    if (known != null) {
      return Optional.of(known);
    }
    try {
      var found = client.newUntypedWorkflowStub(workflowId).describe();
      WorkflowExecution itsParent = found.getParentExecution();
      if (itsParent == null || !itsParent.getRunId().equals(parent.getRunId())) {
        return Optional.empty();
      }
      children.put(workflowId, found.getExecution());
      return Optional.of(found.getExecution());
    } catch (RuntimeException notYet) {
      return Optional.empty();
    }
  }

  private WorkflowStub stub(WorkflowExecution execution) {
    return client.newUntypedWorkflowStub(
        WorkflowTargetOptions.newBuilder().setWorkflowExecution(execution).build());
  }

  private void tellSilence(RuntimeException unanswered) {
    if (isOutage(unanswered)) {
      tellOutage();
    }
    // Anything else is a worker that has not taken up the run yet; its first answer tells all.
  }

  private void tellOutage() {
    if (!silent) {
      lines.accept(
          "Temporal or its workers do not answer; waiting. The run keeps what it has done.");
      silent = true;
    }
  }

  private static boolean isOutage(Throwable failure) {
    return TemporalFailures.code(failure)
        .filter(
            code ->
                code == Status.Code.UNAVAILABLE
                    || code == Status.Code.DEADLINE_EXCEEDED
                    || code == Status.Code.FAILED_PRECONDITION)
        .isPresent();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(BEAT.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Refusal failed(StartedRun run, @Nullable Throwable failure) {
    Throwable cause = failure instanceof WorkflowFailedException f ? f.getCause() : failure;
    if (cause instanceof CanceledFailure || cause instanceof TerminatedFailure) {
      return Refusal.failed(
          "The run '%s' was ended by hand in Temporal. `switchback status` shows what its VMs are now."
              .formatted(run.workflowId()));
    }
    if (cause == null) {
      return Refusal.failed("The run '%s' failed.".formatted(run.workflowId()));
    }
    FaultException fault = Failures.toFault(cause);
    return new Refusal(exitCode(fault.fault()), fault.sentence(), cause);
  }

  private static ExitCode exitCode(Fault fault) {
    return switch (fault) {
      case INVALID_INPUT -> ExitCode.USAGE;
      case NO_WORKER, SITE_UNREACHABLE, REGISTRY_UNAVAILABLE -> ExitCode.UNREACHABLE;
      default -> ExitCode.FAILED;
    };
  }
}
