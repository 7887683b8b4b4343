package io.switchback.worker;

import io.switchback.model.Pace;
import io.switchback.operation.Newcomers;
import io.switchback.operation.NewcomersRequest;
import io.switchback.operation.NewcomersStatus;
import io.switchback.port.LookoutActivities;
import io.switchback.port.LookoutContract;
import io.switchback.port.LookoutFixture;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Rules' loops are told and started through Temporal as the port promises. */
final class TemporalLookoutContractTest extends LookoutContract {
  private static final Map<String, Set<String>> STARTED = new ConcurrentHashMap<>();

  @Override
  protected LookoutFixture open() {
    STARTED.clear();
    return new Loops();
  }

  /** A loop that only waits, and lets the test know who it is and how often it was told to look. */
  public static final class WaitingLoop implements Newcomers {
    private final List<String> looks = new ArrayList<>();

    @Override
    public void watch(NewcomersRequest request) {
      STARTED
          .computeIfAbsent(request.ruleId(), id -> ConcurrentHashMap.newKeySet())
          .add(Workflow.getInfo().getRunId());
      Workflow.await(() -> false);
    }

    @Override
    public void look() {
      looks.add("look");
    }

    @Override
    public NewcomersStatus status() {
      return new NewcomersStatus("", looks, List.of(), List.of(), List.of(), "", Instant.EPOCH);
    }
  }

  private static final class Loops implements LookoutFixture {
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
      temporal.newWorker(Queues.SWITCHBACK).registerWorkflowImplementationTypes(WaitingLoop.class);
      temporal.start();
    }

    @Override
    public LookoutActivities lookout() {
      return new TemporalLookoutActivities(client);
    }

    @Override
    public void start(String ruleId) {
      client
          .newUntypedWorkflowStub(
              Newcomers.TYPE,
              WorkflowOptions.newBuilder()
                  .setTaskQueue(Queues.SWITCHBACK)
                  .setWorkflowId(Newcomers.workflowId(ruleId))
                  .build())
          .start(new NewcomersRequest(ruleId, "a rule", Pace.DEFAULT, Map.of()));
      var _ = settle(ruleId);
    }

    @Override
    public void end(String ruleId) {
      loop(ruleId).terminate("the test ends it");
    }

    @Override
    public int started(String ruleId) {
      var _ = settle(ruleId);
      return STARTED.getOrDefault(ruleId, Set.of()).size();
    }

    @Override
    public int looks(String ruleId) {
      return settle(ruleId);
    }

    /** A query is answered when all that was sent before has been worked off. */
    private int settle(String ruleId) {
      return loop(ruleId).query("status", NewcomersStatus.class).joined().size();
    }

    private WorkflowStub loop(String ruleId) {
      return client.newUntypedWorkflowStub(Newcomers.workflowId(ruleId));
    }

    @Override
    public void close() {
      temporal.close();
    }
  }
}
