package io.switchback.worker.status;

import io.grpc.Status;
import io.switchback.operation.GroupReplication;
import io.switchback.operation.OperationStatus;
import io.switchback.operation.OperationStatus.MemberStatus;
import io.switchback.operation.ReplicaStatus;
import io.switchback.operation.Replication;
import io.switchback.port.TransferActivities.Progress;
import io.switchback.registry.EstateView.ClaimView;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.worker.run.CommandWords;
import io.switchback.worker.run.RunningTransfers;
import io.switchback.worker.run.StartableOperation;
import io.switchback.worker.run.TemporalConnection;
import io.switchback.worker.run.TemporalFailures;
import io.switchback.worker.run.UiLinks;
import io.switchback.worker.status.EstateStatus.MemberPhase;
import io.switchback.worker.status.EstateStatus.RunStatus;
import io.switchback.worker.status.TemporalView.Holder;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowTargetOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Asks Temporal what goes on. Changes nothing. */
final class TemporalReader {
  /**
   * A run whose worker is gone keeps its query waiting: they are asked side by side, and not all.
   */
  private static final int MOST_QUERIES = 64;

  private final TemporalConnection temporal;
  private final CommandWords commands;

  TemporalReader(TemporalConnection temporal, CommandWords commands) {
    this.temporal = temporal;
    this.commands = commands;
  }

  /**
   * @param claims of the estate, whose runs are asked where they are
   * @param replicas of the estate, whose transfers are looked at
   */
  TemporalView read(Collection<ClaimView> claims, Collection<ReplicaView> replicas) {
    List<String> notes = new ArrayList<>();
    List<WorkflowExecutionMetadata> open = List.of();
    Set<String> loops = null;
    try {
      open = openRuns();
      loops =
          open.stream()
              .filter(run -> run.getWorkflowType().equals(Replication.TYPE))
              .map(run -> run.getExecution().getWorkflowId())
              .collect(Collectors.toCollection(HashSet::new));
    } catch (RuntimeException failure) {
      if (TemporalFailures.code(failure).orElse(null) != Status.Code.UNIMPLEMENTED) {
        throw failure;
      }
      notes.add("this Temporal cannot list runs; those that hold a VM are shown with it");
    }
    Builds builds = new Builds(temporal.client());
    try (ExecutorService asking = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<RunStatus>> runs =
          open.stream()
              .filter(TemporalReader::isOperation)
              .limit(MOST_QUERIES)
              .map(run -> asking.submit((Callable<RunStatus>) () -> run(run)))
              .toList();
      Map<String, Future<Holder>> holders = new LinkedHashMap<>();
      for (ClaimView claim : claims.stream().limit(MOST_QUERIES).toList()) {
        holders.put(claim.runId(), asking.submit(() -> holder(claim)));
      }
      RunningTransfers running = new RunningTransfers(temporal.client());
      Map<String, Future<List<Progress>>> transfers = new LinkedHashMap<>();
      for (ReplicaView vm : replicas.stream().limit(MOST_QUERIES).toList()) {
        transfers.put(
            vm.replica().id(), asking.submit(() -> running.of(loop(vm), vm.replica().recovery())));
      }
      List<RunStatus> answered = runs.stream().map(TemporalReader::join).toList();
      Map<String, Holder> held = new HashMap<>();
      holders.forEach((runId, answer) -> held.put(runId, join(answer)));
      Map<String, List<Progress>> sent = new HashMap<>();
      transfers.forEach((replicaId, answer) -> sent.put(replicaId, join(answer)));
      return new TemporalView(answered, loops, held, builds.pinned(open), sent, notes);
    }
  }

  private static String loop(ReplicaView vm) {
    return vm.group().isEmpty()
        ? Replication.workflowId(vm.replica().id())
        : GroupReplication.workflowId(vm.group());
  }

  private List<WorkflowExecutionMetadata> openRuns() {
    // The runs over one replica count for the builds that they pin.
    String types =
        Arrays.stream(StartableOperation.values())
            .flatMap(each -> List.of(each.type(), each.type() + "OfReplica").stream())
            .map(type -> "'" + type + "'")
            .collect(Collectors.joining(", "));
    return temporal
        .client()
        .listExecutions(
            "ExecutionStatus = 'Running' AND WorkflowType IN ('%s', %s)"
                .formatted(Replication.TYPE, types))
        .toList();
  }

  private static boolean isOperation(WorkflowExecutionMetadata run) {
    return Arrays.stream(StartableOperation.values())
        .anyMatch(each -> each.type().equals(run.getWorkflowType()));
  }

  private RunStatus run(WorkflowExecutionMetadata run) {
    WorkflowExecution execution = run.getExecution();
    List<MemberPhase> members = List.of();
    String problem = "";
    try {
      members =
          stub(execution.getWorkflowId(), execution.getRunId())
              .query("status", OperationStatus.class)
              .members()
              .stream()
              .map(member -> member(execution.getWorkflowId(), member))
              .toList();
    } catch (RuntimeException unanswered) {
      problem = unanswered(unanswered);
    }
    return new RunStatus(
        execution.getWorkflowId(),
        execution.getRunId(),
        run.getWorkflowType(),
        run.getStartTime(),
        Builds.of(run),
        UiLinks.run(
                temporal.address(),
                temporal.client().getOptions().getNamespace(),
                execution.getWorkflowId())
            .orElse(null),
        members,
        problem);
  }

  private MemberPhase member(String workflowId, MemberStatus member) {
    return new MemberPhase(
        member.vm(), member.phase(), Holders.parked(workflowId, member.parked(), commands));
  }

  private Holder holder(ClaimView claim) {
    try {
      WorkflowStub run = stub(claim.workflowId(), claim.runId());
      if (run.describe().getStatus() != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) {
        return new Holder(
            null, "its run is over and has not released the replica: reconcile", true);
      }
      return new Holder(run.query("status", ReplicaStatus.class), "", false);
    } catch (WorkflowNotFoundException gone) {
      return new Holder(null, "Temporal knows no such run: reconcile", true);
    } catch (RuntimeException unanswered) {
      return new Holder(null, unanswered(unanswered), false);
    }
  }

  private WorkflowStub stub(String workflowId, String runId) {
    return temporal
        .client()
        .newUntypedWorkflowStub(
            WorkflowTargetOptions.newBuilder().setWorkflowId(workflowId).setRunId(runId).build());
  }

  private static String unanswered(RuntimeException failure) {
    return switch (TemporalFailures.code(failure).orElse(Status.Code.UNKNOWN)) {
      case DEADLINE_EXCEEDED, FAILED_PRECONDITION, CANCELLED ->
          "no worker answers for this run: start a worker of its build";
      default -> TemporalFailures.sentence(failure);
    };
  }

  private static <T> T join(Future<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException(failure.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
