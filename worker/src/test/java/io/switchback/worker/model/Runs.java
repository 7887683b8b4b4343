package io.switchback.worker.model;

import io.switchback.fault.FaultInterceptor;
import io.switchback.operation.Attributes;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.switchback.operation.Workflows;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.worker.LabGround;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  private static final Duration BEAT = Duration.ofMillis(20);
  private static final int MOST_ANSWERS = 20;

  private final TestWorkflowEnvironment environment;
  private final WorkflowClient client;
  private final Map<String, Object[]> activities;
  private final Disturber disturber = new Disturber();
  private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();
  private final WorkerFactory workers;

  /**
   * How a run ended.
   *
   * @param result null when it has none: it was terminated, or nothing was begun
   */
  record Ended(Outcome outcome, @Nullable MemberResult result, String words) {}

  Runs(LabGround ground) {
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder().setWorkflowClientOptions(CLIENT);
    Attributes.ALL.forEach(
        key -> options.registerSearchAttribute(key.getName(), key.getValueType()));
    environment = TestWorkflowEnvironment.newInstance(options.build());
    client = WorkflowClient.newInstance(environment.getWorkflowServiceStubs(), CLIENT);
    activities = ground.activities(client);
    workers = begin();
  }

  private WorkerFactory begin() {
    WorkerFactory factory =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(disturber, new FaultInterceptor())
                .setUsingVirtualWorkflowThreads(true)
                // Nothing is remembered from one task to the next: each replays its run, as on a
                // worker that has begun just now.
                .setWorkflowCacheSize(0)
                .build());
    activities.forEach(
        (queue, implementations) -> {
          Worker worker =
              factory.newWorker(
                  queue,
                  WorkerOptions.newBuilder()
                      .setUsingVirtualThreads(true)
                      .setDefaultDeadlockDetectionTimeout(10_000)
                      .build());
          if (queue.equals(Queues.SWITCHBACK)) {
            worker.registerWorkflowImplementationTypes(Workflows.ALL.toArray(Class<?>[]::new));
          }
          worker.registerActivitiesImplementations(implementations);
        });
    factory.start();
    return factory;
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
    String member = "replica/" + replicaId;
    disturber.watch(member, disturbance, () -> terminate(run, member));
    run.start(Payloads.mapper().readTree(input));
    try {
      return ended(await(type + " " + input, run.getResultAsync(OperationResult.class), operator));
    } finally {
      settle();
    }
  }

  private static Ended ended(Optional<OperationResult> result) {
    return result
        .map(
            one ->
                one.members().isEmpty()
                    ? new Ended(one.outcome(), null, one.notes().toString())
                    : new Ended(
                        one.members().getFirst().outcome(),
                        one.members().getFirst(),
                        one.members().getFirst().notes().toString()))
        .orElse(new Ended(Outcome.UNKNOWN, null, "its run was terminated or refused"));
  }

  /** Runs one cycle of the replica's loop; empty when the loop is gone. */
  ReplicationStatus cycle(String replicaId, Disturbance disturbance) {
    WorkflowStub loop = client.newUntypedWorkflowStub(Replication.workflowId(replicaId));
    disturber.watch(
        Replication.workflowId(replicaId),
        disturbance,
        () -> {
          throw new AssertionError("a loop is not terminated");
        });
    try {
      return await(
              "a cycle of " + replicaId,
              CompletableFuture.supplyAsync(
                  () -> loop.update("replicateNow", ReplicationStatus.class), waiting),
              Operator.PATIENT)
          .orElseThrow();
    } finally {
      settle();
    }
  }

  /** Waits, lets time go by where nothing is at work, and answers what is parked. */
  private <T> Optional<T> await(String what, CompletableFuture<T> result, Operator operator) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    int answers = 0;
    while (System.nanoTime() < deadline) {
      try {
        return Optional.of(result.get(4, TimeUnit.MILLISECONDS));
      } catch (TimeoutException notYet) {
        Optional<Notice> told = disturber.told();
        if (told.isPresent()) {
          if (++answers > MOST_ANSWERS) {
            throw new AssertionError("parks for ever: " + told.get());
          }
          answer(told.get(), operator);
        } else if (!disturber.isBusy()) {
          environment.sleep(BEAT);
        }
      } catch (ExecutionException ended) {
        if (ended.getCause() instanceof WorkflowException) {
          return Optional.empty();
        }
        throw new AssertionError(what, ended);
      } catch (InterruptedException e) {
        throw new AssertionError(what, e);
      }
    }
    throw new AssertionError("has not ended: " + what);
  }

  private void answer(Notice notice, Operator operator) {
    try {
      client
          .newUntypedWorkflowStub(notice.workflowId())
          .update("answer", String.class, operator.answer(notice));
    } catch (WorkflowServiceException | io.temporal.client.WorkflowUpdateException tooLate) {
      // Told twice of the same, or the run is over.
    }
  }

  /** Nothing is at work any more for a run that is over. */
  private void settle() {
    disturber.leave();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (disturber.isBusy() && System.nanoTime() < deadline) {
      environment.sleep(BEAT);
    }
  }

  private void terminate(WorkflowStub run, String member) {
    for (WorkflowStub one : new WorkflowStub[] {client.newUntypedWorkflowStub(member), run}) {
      try {
        one.terminate("the walk has it so");
      } catch (WorkflowNotFoundException over) {
        // It has ended by itself.
      }
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    workers.awaitTermination(5, TimeUnit.SECONDS);
    waiting.shutdownNow();
    environment.close();
  }
}
