package io.switchback.worker;

import io.switchback.model.Pace;
import io.switchback.operation.GroupReplication;
import io.switchback.operation.GroupReplicationRequest;
import io.switchback.operation.GroupReplicationStatus;
import io.switchback.operation.NetworkExtension;
import io.switchback.operation.NetworkExtensionRequest;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationRequest;
import io.switchback.operation.ReplicationStatus;
import io.switchback.operation.SwitchTimer;
import io.switchback.operation.SwitchTimerRequest;
import io.switchback.operation.WindowChange;
import io.switchback.operation.WindowTimer;
import io.switchback.operation.WindowTimerRequest;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.port.ReplicationActivities;
import io.switchback.port.ReplicationContract;
import io.switchback.port.ReplicationFixture;
import io.switchback.port.TransferActivities.Progress;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Loops are woken and started through Temporal as the port promises. */
class TemporalReplicationContractTest extends ReplicationContract {
  private static final Map<String, Set<String>> STARTED = new ConcurrentHashMap<>();
  private static final Map<String, Integer> WOKEN = new ConcurrentHashMap<>();

  @Override
  protected ReplicationFixture open() {
    STARTED.clear();
    WOKEN.clear();
    return new Loops();
  }

  /** A replay, as a query may be one, is no wake. */
  private static void countWake(String id) {
    if (!WorkflowUnsafe.isReplaying()) {
      WOKEN.merge(id, 1, Integer::sum);
    }
  }

  /** A loop that only waits, and lets the test know who it is. */
  public static final class WaitingLoop implements Replication {
    private boolean woken;

    @Override
    public void replicate(ReplicationRequest request) {
      STARTED
          .computeIfAbsent(request.replicaId(), id -> ConcurrentHashMap.newKeySet())
          .add(Workflow.getInfo().getRunId());
      Workflow.await(() -> false);
    }

    @Override
    public ReplicationStatus replicateNow() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void progressed(Progress news) {}

    @Override
    public void wake() {
      woken = true;
      String id = Workflow.getInfo().getWorkflowId().substring("replication/".length());
      countWake(id);
    }

    @Override
    public ReplicationStatus status() {
      throw new UnsupportedOperationException("woken: " + woken);
    }
  }

  /** A group's loop that only waits. */
  public static final class WaitingGroupLoop implements GroupReplication {
    private boolean woken;

    @Override
    public void replicate(GroupReplicationRequest request) {
      STARTED
          .computeIfAbsent("group " + request.group(), id -> ConcurrentHashMap.newKeySet())
          .add(Workflow.getInfo().getRunId());
      Workflow.await(() -> false);
    }

    @Override
    public GroupReplicationStatus replicateNow() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void progressed(Progress news) {}

    @Override
    public void wake() {
      woken = true;
      String group = Workflow.getInfo().getWorkflowId().substring("replication-group/".length());
      countWake("group " + group);
    }

    @Override
    public GroupReplicationStatus status() {
      throw new UnsupportedOperationException("woken: " + woken);
    }
  }

  /** A timer that only waits. */
  public static final class WaitingTimer implements SwitchTimer {
    @Override
    public void await(SwitchTimerRequest request) {
      STARTED
          .computeIfAbsent("switch " + request.replicaId(), id -> ConcurrentHashMap.newKeySet())
          .add(Workflow.getInfo().getRunId());
      Workflow.await(() -> false);
    }

    @Override
    public void wake() {
      String id = Workflow.getInfo().getWorkflowId().substring("switch/".length());
      countWake("switch " + id);
    }

    @Override
    public void look() {
      wake();
    }
  }

  /** A window's timer that only waits. */
  public static final class WaitingWindow implements WindowTimer {
    @Override
    public void await(WindowTimerRequest request) {
      STARTED
          .computeIfAbsent("window " + request.replicaId(), id -> ConcurrentHashMap.newKeySet())
          .add(Workflow.getInfo().getRunId());
      Workflow.await(() -> false);
    }

    @Override
    public void wake() {
      String id = Workflow.getInfo().getWorkflowId().substring("window/".length());
      countWake("window " + id);
    }

    @Override
    public void look() {
      wake();
    }

    @Override
    public String extend(@Nullable WindowChange change) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void validateExtend(@Nullable WindowChange change) {}

    @Override
    public String cancelWindow(@Nullable WindowChange change) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void validateCancelWindow(@Nullable WindowChange change) {}
  }

  /** A pair's loop that only waits. */
  public static final class WaitingExtension implements NetworkExtension {
    @Override
    public void extend(NetworkExtensionRequest request) {
      STARTED
          .computeIfAbsent("pair " + request.pair(), id -> ConcurrentHashMap.newKeySet())
          .add(Workflow.getInfo().getRunId());
      Workflow.await(() -> false);
    }

    @Override
    public void wake() {
      String id = Workflow.getInfo().getWorkflowId().substring("network-extension/".length());
      countWake("pair " + id);
    }
  }

  private static final class Loops implements ReplicationFixture {
    private final TestWorkflowEnvironment temporal =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter())
                        .build())
                .build());
    private final WorkflowClient client = temporal.getWorkflowClient();

    private Loops() {
      temporal
          .newWorker(Queues.SWITCHBACK)
          .registerWorkflowImplementationTypes(
              WaitingLoop.class,
              WaitingGroupLoop.class,
              WaitingTimer.class,
              WaitingWindow.class,
              WaitingExtension.class);
      temporal.start();
    }

    @Override
    public ReplicationActivities replication() {
      return new TemporalReplicationActivities(client, replica -> Pace.DEFAULT);
    }

    @Override
    public void start(String replicaId) {
      client
          .newUntypedWorkflowStub(
              Replication.TYPE,
              WorkflowOptions.newBuilder()
                  .setTaskQueue(Queues.SWITCHBACK)
                  .setWorkflowId(Replication.workflowId(replicaId))
                  .build())
          .start(new ReplicationRequest(replicaId, "web-01", Pace.DEFAULT));
      settle(replicaId);
    }

    @Override
    public void end(String replicaId) {
      loop(replicaId).terminate("the test ends it");
    }

    @Override
    public int started(String replicaId) {
      settle(replicaId);
      return STARTED.getOrDefault(replicaId, Set.of()).size();
    }

    @Override
    public int woken(String replicaId) {
      settle(replicaId);
      return WOKEN.getOrDefault(replicaId, 0);
    }

    @Override
    public int startedOfGroup(String group) {
      settleGroup(group);
      return STARTED.getOrDefault("group " + group, Set.of()).size();
    }

    @Override
    public int wokenOfGroup(String group) {
      settleGroup(group);
      return WOKEN.getOrDefault("group " + group, 0);
    }

    @Override
    public int startedTimers(String replicaId) {
      settle(SwitchTimer.workflowId(replicaId), "__stack_trace", String.class);
      return STARTED.getOrDefault("switch " + replicaId, Set.of()).size();
    }

    @Override
    public int wokenTimers(String replicaId) {
      settle(SwitchTimer.workflowId(replicaId), "__stack_trace", String.class);
      return WOKEN.getOrDefault("switch " + replicaId, 0);
    }

    @Override
    public int startedPairs(int pair) {
      settle(NetworkExtension.workflowId(pair), "__stack_trace", String.class);
      return STARTED.getOrDefault("pair " + pair, Set.of()).size();
    }

    @Override
    public int wokenPairs(int pair) {
      settle(NetworkExtension.workflowId(pair), "__stack_trace", String.class);
      return WOKEN.getOrDefault("pair " + pair, 0);
    }

    @Override
    public int startedWindows(String replicaId) {
      settle(WindowTimer.workflowId(replicaId), "__stack_trace", String.class);
      return STARTED.getOrDefault("window " + replicaId, Set.of()).size();
    }

    @Override
    public int wokenWindows(String replicaId) {
      settle(WindowTimer.workflowId(replicaId), "__stack_trace", String.class);
      return WOKEN.getOrDefault("window " + replicaId, 0);
    }

    private void settleGroup(String group) {
      settle(GroupReplication.workflowId(group), "status", GroupReplicationStatus.class);
    }

    /** A query is answered when all that was sent before has been worked off. */
    private void settle(String replicaId) {
      settle(Replication.workflowId(replicaId), "status", ReplicationStatus.class);
    }

    private void settle(String workflowId, String query, Class<?> answer) {
      try {
        var _ = client.newUntypedWorkflowStub(workflowId).query(query, answer);
      } catch (WorkflowNotFoundException | io.temporal.client.WorkflowQueryException answered) {
        // The loop has nothing to say; that it was asked is enough.
      }
    }

    private WorkflowStub loop(String replicaId) {
      return client.newUntypedWorkflowStub(Replication.workflowId(replicaId));
    }

    @Override
    public void close() {
      temporal.close();
    }
  }
}
