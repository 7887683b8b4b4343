package io.switchback.worker;

import io.switchback.model.Pace;
import io.switchback.operation.Newcomers;
import io.switchback.operation.NewcomersRequest;
import io.switchback.port.Done;
import io.switchback.port.LookoutActivities;
import io.switchback.port.Queues;
import io.temporal.activity.Activity;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.util.Map;

/** Wakes and starts the loops of protection rules through Temporal itself. */
public final class TemporalLookoutActivities implements LookoutActivities {
  private final WorkflowClient client;

  public TemporalLookoutActivities(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public Done watchRule(WatchRule request) {
    client
        .newUntypedWorkflowStub(
            Newcomers.TYPE,
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.SWITCHBACK)
                .setWorkflowId(Newcomers.workflowId(request.ruleId()))
                .setStaticSummary("look for newcomers, " + request.words())
                .build())
        .signalWithStart(
            Newcomers.LOOK,
            new Object[] {},
            new Object[] {
              new NewcomersRequest(request.ruleId(), request.words(), Pace.DEFAULT, Map.of())
            });
    return new Done(true, Activity.getExecutionContext().getInfo().getAttempt());
  }
}
