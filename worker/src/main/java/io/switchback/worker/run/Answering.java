package io.switchback.worker.run;

import io.switchback.operation.Answer;
import io.switchback.operation.WindowChange;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Answers parked runs. */
public final class Answering {
  private final WorkflowClient client;
  private final Duration limit;

  /**
   * @param limit how long a worker may take to take the answer
   */
  public Answering(WorkflowClient client, Duration limit) {
    this.client = client;
    this.limit = limit;
  }

  /**
   * Sends the answer and tells what came of it.
   *
   * @throws Refusal if there is no such run, nothing waits for this answer, or nobody took it
   */
  public String send(String workflowId, Answer answer) {
    return send(workflowId, "answer", answer);
  }

  /**
   * Sends what a person wants of a window, by the update of that name, and tells what came of it.
   *
   * @throws Refusal if no window is open, it makes no sense, comes too late, or nobody took it
   */
  public String send(String workflowId, String update, WindowChange change) {
    return send(workflowId, update, (Object) change);
  }

  private String send(String workflowId, String update, Object answer) {
    WorkflowStub run = client.newUntypedWorkflowStub(workflowId);
    CompletableFuture<String> told =
        CompletableFuture.supplyAsync(
            () -> run.update(update, String.class, answer), task -> Thread.ofVirtual().start(task));
    try {
      return told.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      throw Refusal.unreachable(
          "No worker took the answer to '%s' within %d s; whether it will be taken is not known. Look whether a worker polls the queue 'switchback', then look at `switchback status`."
              .formatted(workflowId, limit.toSeconds()),
          late);
    } catch (ExecutionException failure) {
      throw refused(workflowId, failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Refusal.unreachable("Interrupted while answering '%s'.".formatted(workflowId));
    }
  }

  private static Refusal refused(String workflowId, @Nullable Throwable failure) {
    return switch (failure) {
      case WorkflowUpdateException no ->
          new Refusal(ExitCode.USAGE, TemporalFailures.sentence(no) + ".", no);
      case WorkflowNotFoundException gone ->
          new Refusal(
              ExitCode.USAGE,
              "There is no run '%s' that goes on: %s. `switchback status` lists those that wait for an answer."
                  .formatted(workflowId, TemporalFailures.sentence(gone)),
              gone);
      case null -> Refusal.unreachable("Could not answer '%s'.".formatted(workflowId));
      default ->
          Refusal.unreachable(
              "Could not answer '%s': %s. Look at `switchback status`, then answer again."
                  .formatted(workflowId, TemporalFailures.sentence(failure)),
              failure);
    };
  }
}
