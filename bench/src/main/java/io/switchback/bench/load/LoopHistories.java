package io.switchback.bench.load;

import static java.util.stream.Collectors.groupingBy;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.client.WorkflowClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The replication loops as Temporal has written them down. */
final class LoopHistories {
  private static final String BEGIN = "BeginCycle";
  private static final String COMPLETE = "CompleteCycle";

  /** The mean of a few hundred cycles is that of all. */
  private static final int LOOPS_READ = 50;

  private final WorkflowClient temporal;
  private final List<String> workflowIds;

  LoopHistories(WorkflowClient temporal, List<String> workflowIds) {
    this.temporal = temporal;
    this.workflowIds = List.copyOf(workflowIds);
  }

  /** How far the histories of all loops are. */
  Length length() {
    Map<String, Length> byRun = new TreeMap<>();
    for (String workflowId : workflowIds) {
      WorkflowExecutionInfo loop =
          temporal
              .newUntypedWorkflowStub(workflowId)
              .describe()
              .getRawDescription()
              .getWorkflowExecutionInfo();
      byRun.put(
          loop.getExecution().getRunId(),
          new Length(loop.getHistoryLength(), loop.getStateTransitionCount()));
    }
    return byRun.values().stream().reduce(new Length(0, 0), (one, other) -> one.and(other));
  }

  /**
   * How much has been written.
   *
   * @param events in the histories
   * @param transitions changes of a run's state, each of them a write to Temporal's database
   */
  record Length(long events, long transitions) {
    Length and(Length other) {
      return new Length(events + other.events, transitions + other.transitions);
    }

    Length since(Length before) {
      return new Length(events - before.events, transitions - before.transitions);
    }
  }

  /** The shape that most cycles have; empty when no loop has a whole one yet. */
  Optional<CycleShape> usualShape() {
    Map<List<String>, List<CycleShape>> byTypes =
        workflowIds.stream()
            .limit(LOOPS_READ)
            .flatMap(
                workflowId ->
                    cycles(temporal.fetchHistory(workflowId).getHistory().getEventsList()).stream())
            .collect(
                groupingBy(shape -> shape.steps().stream().map(CycleShape.Step::type).toList()));
    return byTypes.values().stream()
        .max(Comparator.comparingInt(List::size))
        .map(alike -> alike.get(alike.size() / 2));
  }

  /** The whole cycles of a history: from one begin to the next. */
  static List<CycleShape> cycles(List<HistoryEvent> history) {
    List<CycleShape> cycles = new ArrayList<>();
    List<HistoryEvent> current = new ArrayList<>();
    for (HistoryEvent event : history) {
      if (isScheduled(event, BEGIN)) {
        shape(current).ifPresent(cycles::add);
        current = new ArrayList<>();
      }
      current.add(event);
    }
    return cycles;
  }

  private static Optional<CycleShape> shape(List<HistoryEvent> events) {
    if (events.stream().noneMatch(event -> isScheduled(event, COMPLETE))
        || !isScheduled(events.getFirst(), BEGIN)) {
      return Optional.empty();
    }
    Map<Long, CycleShape.Step> steps = new LinkedHashMap<>();
    long timerMillis = 0;
    for (HistoryEvent event : events) {
      switch (event.getEventType()) {
        case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED ->
            steps.put(event.getEventId(), step(event.getActivityTaskScheduledEventAttributes()));
        case EVENT_TYPE_ACTIVITY_TASK_COMPLETED -> {
          var done = event.getActivityTaskCompletedEventAttributes();
          steps.computeIfPresent(
              done.getScheduledEventId(),
              (id, step) ->
                  new CycleShape.Step(
                      step.type(),
                      step.queue(),
                      step.inputBytes(),
                      done.getResult().getSerializedSize()));
        }
        case EVENT_TYPE_TIMER_STARTED -> {
          var timeout = event.getTimerStartedEventAttributes().getStartToFireTimeout();
          timerMillis = timeout.getSeconds() * 1000 + timeout.getNanos() / 1_000_000;
        }
        default -> {
          // Workflow tasks, and the updates that ask for a cycle.
        }
      }
    }
    return Optional.of(new CycleShape(List.copyOf(steps.values()), timerMillis, events.size()));
  }

  private static CycleShape.Step step(ActivityTaskScheduledEventAttributes scheduled) {
    return new CycleShape.Step(
        scheduled.getActivityType().getName(),
        scheduled.getTaskQueue().getName(),
        scheduled.getInput().getSerializedSize(),
        0);
  }

  private static boolean isScheduled(HistoryEvent event, String activity) {
    return event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        && event
            .getActivityTaskScheduledEventAttributes()
            .getActivityType()
            .getName()
            .equals(activity);
  }
}
