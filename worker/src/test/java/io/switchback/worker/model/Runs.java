package io.switchback.worker.model;

import io.switchback.lab.FaultScript;
import io.switchback.lab.LabClient;
import io.switchback.operation.Attributes;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationRequest;
import io.switchback.operation.ReplicationStatus;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.worker.LabGround;
import io.switchback.worker.TemporalReplicationActivities;
import io.switchback.worker.model.Disturbance.SiteFails;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.TerminatedFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Temporal in memory, whose time skips, and the workers of all queues. Time is let go by a little
 * at a time, and only here: who awaits a result with the environment's own client would skip, where
 * a run is parked, to the time at which the server gives it up.
 */
final class Runs implements AutoCloseable {
  private static final WorkflowClientOptions CLIENT =
      WorkflowClientOptions.newBuilder().setDataConverter(Payloads.converter()).build();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Over at once where nothing is at work; as long as real time, where something is. */
  private static final Duration BEAT = Duration.ofMillis(100);

  /** So short that nothing is due by it, and so long that nobody is as slow. */
  private static final Duration PROOF = Duration.ofSeconds(20);

  private static final int MOST_ANSWERS = 20;
  private static final WorkflowExecutionStatus RUNNING =
      WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;

  private final LabGround ground;
  private final TestWorkflowEnvironment environment;
  private final WorkflowClient client;
  private final Disturber disturber = new Disturber();
  private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();
  private final Workers workers;

  /**
   * How a run ended.
   *
   * @param result null when it has none: it was terminated, or nothing was begun
   */
  record Ended(Outcome outcome, @Nullable MemberResult result, String words) {
    static Ended of(OperationResult whole) {
      return whole.members().isEmpty()
          ? new Ended(whole.outcome(), null, whole.notes().toString())
          : of(whole.members().getFirst());
    }

    static Ended of(MemberResult member) {
      return new Ended(member.outcome(), member, member.notes().toString());
    }
  }

  /**
   * @param remember whether the workers remember runs from one task to the next
   */
  Runs(LabGround ground, boolean remember) {
    this.ground = ground;
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder().setWorkflowClientOptions(CLIENT);
    Attributes.ALL.forEach(
        key -> options.registerSearchAttribute(key.getName(), key.getValueType()));
    environment = TestWorkflowEnvironment.newInstance(options.build());
    client = WorkflowClient.newInstance(environment.getWorkflowServiceStubs(), CLIENT);
    workers = new Workers(client, ground.activities(client), disturber, remember);
  }

  /** Temporal's time. */
  Instant now() {
    return Instant.ofEpochMilli(environment.currentTimeMillis());
  }

  /** Runs an operation over one VM to its end, whatever goes wrong on the way. */
  Ended operate(
      String type,
      String input,
      @Nullable String replicaId,
      Disturbance disturbance,
      Operator operator) {
    WorkflowStub run =
        client.newUntypedWorkflowStub(
            type, WorkflowOptions.newBuilder().setTaskQueue(Queues.SWITCHBACK).build());
    String member = member(replicaId);
    disturb(member, disturbance, () -> terminate(client.newUntypedWorkflowStub(member), run));
    run.start(Payloads.mapper().readTree(input));
    try {
      return ended(type + " " + input, run.getResultAsync(OperationResult.class), operator);
    } finally {
      settle();
    }
  }

  /**
   * Lets time go by until a timer has run an operation over the VM, to its end. What is refused,
   * the timer tries again.
   *
   * @param disturbance none by which the run dies: in memory nobody tells the timer
   */
  Ended pass(Duration time, String replicaId, Disturbance disturbance, Operator operator) {
    String member = member(replicaId);
    String before = describe(member).map(one -> one.getExecution().getRunId()).orElse("");
    disturb(member, disturbance, Runs::nobodyDies);
    try {
      skip(time);
      await(
          "what begins by itself in " + time,
          () -> endedSince(before, member).isPresent(),
          operator);
      return endedSince(before, member).orElseThrow();
    } finally {
      settle();
    }
  }

  private Optional<Ended> endedSince(String before, String member) {
    return describe(member)
        .filter(one -> !one.getExecution().getRunId().equals(before))
        .filter(one -> one.getStatus() != RUNNING)
        .map(_ -> client.newUntypedWorkflowStub(member).getResult(MemberResult.class))
        .filter(result -> result.outcome() != Outcome.REFUSED)
        .map(Ended::of);
  }

  /** Whether it was an activity of that type in which the last run was disturbed. */
  boolean hasDisturbed(String type) {
    return disturber.disturbedType().equals(type);
  }

  /** Whether the last run, or one of those that it consists of, was terminated. */
  boolean hasKilled() {
    return disturber.hasKilled();
  }

  private static void nobodyDies() {
    throw new AssertionError("only what a person has started is terminated");
  }

  /** Whether time goes by faster than it does, while nothing is at work. */
  boolean skipsTime() {
    return skips(PROOF, PROOF.dividedBy(4));
  }

  private void skip(Duration time) {
    if (!skips(time, LIMIT)) {
      System.out.println(environment.getDiagnostics());
      throw new AssertionError("time does not go by");
    }
  }

  private boolean skips(Duration time, Duration within) {
    try {
      CompletableFuture.runAsync(() -> environment.sleep(time), waiting)
          .get(within.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException stands) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError("whether time goes by is not known", e);
    }
  }

  private static String member(@Nullable String replicaId) {
    return "replica/" + replicaId;
  }

  /** Runs one cycle of the replica's loop. */
  ReplicationStatus cycle(String replicaId, Disturbance disturbance) {
    String loop = Replication.workflowId(replicaId);
    disturb(loop, disturbance, Runs::nobodyDies);
    try {
      return update(loop, "replicateNow", ReplicationStatus.class);
    } finally {
      settle();
    }
  }

  /** Starts the loop of a replica. */
  void startReplication(ReplicationRequest request) {
    TemporalReplicationActivities.wake(client, request);
  }

  /** Starts what goes on by itself. */
  void start(String type, String workflowId, Object input) {
    var _ =
        client
            .newUntypedWorkflowStub(
                type,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(Queues.SWITCHBACK)
                    .setWorkflowId(workflowId)
                    .build())
            .start(input);
  }

  /** Sends an update, and waits for its answer. */
  <T> T update(String workflowId, String name, Class<T> answer, Object... arguments) {
    CompletableFuture<T> sent =
        CompletableFuture.supplyAsync(
            () -> client.newUntypedWorkflowStub(workflowId).update(name, answer, arguments),
            waiting);
    await(name + " of " + workflowId, sent::isDone, Operator.PATIENT);
    return sent.join();
  }

  /** Waits until a run is open, or is not. */
  void awaitRunning(String workflowId, boolean isRunning) {
    await(
        workflowId + (isRunning ? " runs" : " has ended"),
        () ->
            isRunning == describe(workflowId).map(one -> one.getStatus() == RUNNING).orElse(false),
        Operator.PATIENT);
  }

  private Optional<WorkflowExecutionDescription> describe(String workflowId) {
    try {
      return Optional.of(client.newUntypedWorkflowStub(workflowId).describe());
    } catch (WorkflowNotFoundException none) {
      return Optional.empty();
    }
  }

  private Ended ended(String what, CompletableFuture<OperationResult> result, Operator operator) {
    await(what, result::isDone, operator);
    try {
      return Ended.of(result.join());
    } catch (CompletionException ended) {
      if (ended.getCause() instanceof WorkflowFailedException failed) {
        return failed.getCause() instanceof TerminatedFailure
            ? new Ended(Outcome.UNKNOWN, null, "its run was terminated")
            : new Ended(Outcome.REFUSED, null, String.valueOf(failed.getCause()));
      }
      throw new AssertionError(what, ended);
    }
  }

  /** Waits, lets time go by where nothing is at work, and answers what is parked. */
  private void await(String what, BooleanSupplier over, Operator operator) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    int answers = 0;
    while (!over.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        System.out.println(environment.getDiagnostics());
        throw new AssertionError("has not ended: " + what);
      }
      disturber.lost().ifPresent(workers::lose);
      Optional<Notice> told = disturber.told();
      if (told.isPresent()) {
        if (++answers > MOST_ANSWERS) {
          throw new AssertionError("parks for ever: " + told.get());
        }
        answer(told.get(), operator);
      } else {
        environment.sleep(BEAT);
      }
    }
  }

  private void answer(Notice notice, Operator operator) {
    try {
      client
          .newUntypedWorkflowStub(notice.workflowId())
          .update("answer", String.class, operator.answer(notice));
    } catch (WorkflowServiceException | WorkflowUpdateException tooLate) {
      // Told twice of the same, or the run is over.
    }
  }

  private void disturb(String workflowId, Disturbance disturbance, Runnable kill) {
    disturber.watch(workflowId, disturbance, kill);
    if (disturbance instanceof SiteFails fails) {
      site(fails.site())
          .script(
              (fails.fault().isEmpty()
                      ? FaultScript.dropping(fails.call(), null)
                      : FaultScript.failing(fails.call(), null, fails.fault()))
                  .times(fails.times()));
    }
  }

  private LabClient site(String name) {
    return name.equals("berlin") ? ground.production() : ground.recovery();
  }

  /** Nothing is at work any more for a run that is over. */
  private void settle() {
    disturber.leave();
    ground.production().clearScripts();
    ground.recovery().clearScripts();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (disturber.isBusy() && System.nanoTime() < deadline) {
      environment.sleep(BEAT);
    }
    disturber.lost().ifPresent(workers::lose);
  }

  private static void terminate(WorkflowStub... runs) {
    for (WorkflowStub one : runs) {
      try {
        one.terminate("the walk has it so");
      } catch (WorkflowNotFoundException over) {
        // It has ended by itself.
      }
    }
  }

  @Override
  public void close() {
    workers.close();
    waiting.shutdownNow();
    environment.close();
  }
}
