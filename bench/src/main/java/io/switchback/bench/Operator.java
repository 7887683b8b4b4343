package io.switchback.bench;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.switchback.port.Queues;
import io.switchback.worker.local.Refusal;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Starts operations as a person does, and waits for their end. */
public final class Operator {
  private final WorkflowClient temporal;
  private final Duration limit;

  /**
   * @param limit of each operation
   */
  public Operator(WorkflowClient temporal, Duration limit) {
    this.temporal = temporal;
    this.limit = limit;
  }

  /**
   * Runs one to its end.
   *
   * @throws Refusal when it is late, or not done for every VM
   */
  public OperationResult run(String type, Map<String, ?> input) {
    WorkflowStub run =
        temporal.newUntypedWorkflowStub(
            type, WorkflowOptions.newBuilder().setTaskQueue(Queues.SWITCHBACK).build());
    run.start(input);
    OperationResult result;
    try {
      result = run.getResult(limit.toSeconds(), SECONDS, OperationResult.class);
    } catch (TimeoutException late) {
      throw Refusal.failed(type + " had not ended after " + limit + ".");
    }
    for (MemberResult member : result.members()) {
      if (member.outcome() != Outcome.DONE) {
        throw Refusal.failed(
            "%s of '%s' is not done: %s".formatted(type, member.vm(), member.notes()));
      }
    }
    return result;
  }

  /**
   * Runs one cycle of a replica's loop.
   *
   * @throws Refusal when it came to nothing
   */
  public void replicate(String replicaId) {
    String problem =
        temporal
            .newUntypedWorkflowStub(Replication.workflowId(replicaId))
            .update("replicateNow", ReplicationStatus.class)
            .problem();
    if (!problem.isEmpty()) {
      throw Refusal.failed("The cycle came to nothing: " + problem);
    }
  }
}
