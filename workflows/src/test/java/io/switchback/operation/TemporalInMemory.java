package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.FaultInterceptor;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactoryOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A Temporal server in memory whose time skips, and what people do with runs there. */
abstract class TemporalInMemory implements AutoCloseable {
  /** Tells of listeners that come too late for a server that is shut down: noise. */
  private static final Logger CONTEXT = Logger.getLogger("io.grpc.Context");

  static {
    CONTEXT.setLevel(Level.OFF);
  }

  private static final WorkflowClientOptions CLIENT =
      WorkflowClientOptions.newBuilder()
          .setDataConverter(Payloads.converter())
          .setIdentity("estate")
          .build();

  private final TestWorkflowEnvironment environment;
  private int runs;

  /**
   * @param cachedRuns how many runs a worker keeps in memory; with none each task replays the run
   */
  TemporalInMemory(int cachedRuns) {
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder()
            .setWorkflowClientOptions(CLIENT)
            .setWorkerFactoryOptions(
                WorkerFactoryOptions.newBuilder()
                    .setWorkerInterceptors(new FaultInterceptor())
                    .setUsingVirtualWorkflowThreads(true)
                    .setWorkflowCacheSize(cachedRuns)
                    .build());
    Attributes.ALL.forEach(
        key -> options.registerSearchAttribute(key.getName(), key.getValueType()));
    environment = TestWorkflowEnvironment.newInstance(options.build());
  }

  /** The time of runs, which skips. */
  final Instant now() {
    return Instant.ofEpochMilli(environment.currentTimeMillis());
  }

  final TestWorkflowEnvironment environment() {
    return environment;
  }

  final WorkflowClient client() {
    return environment.getWorkflowClient();
  }

  /** Starts a run as a person does: a type, and one JSON document; null is none. */
  final WorkflowStub start(String type, @Nullable String input) {
    runs++;
    WorkflowStub run =
        client()
            .newUntypedWorkflowStub(
                type,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(type + "/" + runs)
                    .setTaskQueue(Queues.SWITCHBACK)
                    .setWorkflowIdConflictPolicy(
                        WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                    .build());
    if (input == null) {
      run.start();
    } else {
      run.start(json(input));
    }
    return run;
  }

  /** Runs an operation to its end. */
  final OperationResult run(String type, String input) {
    return result(start(type, input));
  }

  /** Runs an operation over one VM to its end. */
  final MemberResult runOne(String type, String input) {
    return one(run(type, input));
  }

  final OperationResult result(WorkflowStub run) {
    return result(run, OperationResult.class);
  }

  final MemberResult resultOfOne(WorkflowStub run) {
    return one(result(run));
  }

  /**
   * The same beside a run that waits for a person. Who awaits a result lets time skip, and between
   * the end of the one run and the answer there is nothing left to skip to but the time at which
   * the server gives the other one up.
   */
  final OperationResult resultBesideParked(WorkflowStub run) {
    until(
        "ended", () -> statusOf(run) != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    WorkflowClient onlooker =
        WorkflowClient.newInstance(environment.getWorkflowServiceStubs(), CLIENT);
    return result(
        onlooker.newUntypedWorkflowStub(run.getExecution().getWorkflowId()), OperationResult.class);
  }

  /** Runs an operation over one VM to its end; nobody lets time skip to what others wait for. */
  final MemberResult runBesideOthers(String type, String input) {
    return resultOfOneBesideParked(start(type, input));
  }

  final MemberResult resultOfOneBesideParked(WorkflowStub run) {
    return one(resultBesideParked(run));
  }

  private static MemberResult one(OperationResult result) {
    return result.members().getFirst();
  }

  final <T> T result(WorkflowStub run, Class<T> type) {
    try {
      return run.getResult(20, TimeUnit.SECONDS, type);
    } catch (TimeoutException stuck) {
      throw new AssertionError("has not ended: " + run.getExecution(), stuck);
    }
  }

  static boolean hasEnded(WorkflowStub run) {
    return statusOf(run) == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED;
  }

  private static WorkflowExecutionStatus statusOf(WorkflowStub run) {
    return run.describe().getStatus();
  }

  /** The run over one replica. */
  final WorkflowStub member(Replica replica) {
    return client().newUntypedWorkflowStub("replica/" + replica.id());
  }

  /** Answers the run over the replica, which waits for a person, as one who gives no name. */
  final void answer(Replica replica, String word) {
    answer(replica, new Answer(null, null, word, null, null));
  }

  /** The same as Ada. */
  final void answer(Replica replica, String word, String why) {
    answer(replica, new Answer(null, null, word, "ada", why));
  }

  private void answer(Replica replica, Answer answer) {
    var _ = member(replica).update("answer", String.class, answer);
  }

  /** Starts the loop of a replica. */
  final WorkflowStub loop(Replica replica) {
    return loop(replica, Pace.DEFAULT);
  }

  final WorkflowStub loop(Replica replica, Pace pace) {
    WorkflowStub loop = loop(Replication.TYPE, Replication.workflowId(replica.id()));
    loop.start(new ReplicationRequest(replica.id(), replica.name(), pace));
    return loop;
  }

  /** Starts the loop of a group. */
  final WorkflowStub groupLoop(String group) {
    WorkflowStub loop = loop(GroupReplication.TYPE, GroupReplication.workflowId(group));
    loop.start(new GroupReplicationRequest(group));
    return loop;
  }

  /** Wakes a loop or timer; starts it unless it runs. */
  final void wake(String type, String workflowId, String signal, Object request) {
    loop(type, workflowId).signalWithStart(signal, new Object[] {}, new Object[] {request});
  }

  private WorkflowStub loop(String type, String workflowId) {
    return client()
        .newUntypedWorkflowStub(
            type,
            WorkflowOptions.newBuilder()
                .setWorkflowId(workflowId)
                .setTaskQueue(Queues.SWITCHBACK)
                .build());
  }

  /** Lets the estate's time pass until {@code condition} holds. */
  final void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not so within 20 s: " + what);
      }
      environment.sleep(Duration.ofMillis(200));
    }
  }

  /** Waits until the run over the replica waits for a person. */
  final Parked parked(Replica replica) {
    until(replica.name() + " is parked", () -> statusOf(replica).parked() != null);
    Parked parked = statusOf(replica).parked();
    return requireNonNull(parked);
  }

  private ReplicaStatus statusOf(Replica replica) {
    try {
      return member(replica).query("status", ReplicaStatus.class);
    } catch (WorkflowNotFoundException notYet) {
      return new ReplicaStatus(replica.name(), "", List.of(), null);
    }
  }

  /** What the Temporal UI shows as current details. */
  static String details(WorkflowStub run) {
    return run.query("__temporal_workflow_metadata", WorkflowMetadata.class).getCurrentDetails();
  }

  static JsonNode json(String text) {
    return Payloads.mapper().readTree(text);
  }

  @Override
  public final void close() {
    environment.close();
  }
}
