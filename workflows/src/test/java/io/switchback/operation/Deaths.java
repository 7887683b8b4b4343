package io.switchback.operation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Replica;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Runs that die after each of their steps, and every way by which they are then settled. */
final class Deaths {
  private final Estate estate;
  private final Consistency consistent;
  private int vms;

  /** What must be so after a settlement. */
  @FunctionalInterface
  interface Consistency {
    void check(String type, Replica replica, String how);
  }

  Deaths(Estate estate, Consistency consistent) {
    this.estate = estate;
    this.consistent = consistent;
  }

  /**
   * Lets the operation die after each of its steps in turn, and settles it each way that is offered
   * then.
   *
   * @return the last step and the way, of each settlement
   */
  List<String> settleEvery(
      String type, Function<String, Replica> prepare, Function<Replica, String> input) {
    List<String> settled = new ArrayList<>();
    for (int step = 0; ; step++) {
      int ways = 1;
      for (int way = 0; way < ways; way++) {
        Replica replica = prepare.apply("vm-" + ++vms);
        String last = dieAfter(step, type, replica, input.apply(replica));
        if (last.isEmpty()) {
          return settled;
        }
        if (!estate.registry.isProtected(replica.id())) {
          continue; // nothing is left to hold
        }
        List<Way> offered = requireNonNull(reconcile(replica, "").reconciliation()).ways();
        ways = offered.size();
        if (estate.registry.isClaimed(replica.id())) {
          assertThat(offered).as("ways after " + last).isNotEmpty();
          settled.add(last + ", " + settle(type, replica, last, offered.get(way)));
        }
      }
    }
  }

  private String settle(String type, Replica replica, String last, Way way) {
    MemberResult result = reconcile(replica, way.choose());
    assertThat(result.outcome())
        .as("%s died after %s, %s: %s", type, last, way, result.notes())
        .isEqualTo(Outcome.DONE);
    consistent.check(type, replica, last + ", " + way);
    return way.choose();
  }

  /** The step after which the run died; empty when it had ended by then. */
  private String dieAfter(int later, String type, Replica replica, String input) {
    estate
        .registry
        .script()
        .afterLater("recordAudit", "*", later, () -> estate.member(replica).terminate("test"));
    int before = estate.registry.audit().size();
    boolean died = diesIn(type, input, replica);
    estate.registry.script().forget();
    List<AuditEntry> audit = estate.registry.audit();
    // A step that asks nobody, as where no network is extended, is recorded with the one before it.
    assertThat(audit.size()).isLessThanOrEqualTo(before + later + 2);
    return died ? audit.getLast().step() : "";
  }

  /**
   * Waits for the end of the run over the replica. The server in memory does not tell a parent of a
   * child that is terminated, so the parent goes with it.
   */
  boolean diesIn(String type, String input, Replica replica) {
    String before = newestRun(replica);
    WorkflowStub run = estate.start(type, input);
    estate.until("the member is over", () -> !newestRun(replica).equals(before) && isOver(replica));
    boolean died =
        estate.member(replica).describe().getStatus()
            == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED;
    if (died) {
      run.terminate("its member was terminated");
    }
    return died;
  }

  private boolean isOver(Replica replica) {
    return estate.member(replica).describe().getStatus()
        != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
  }

  private String newestRun(Replica replica) {
    try {
      return estate.member(replica).describe().getExecution().getRunId();
    } catch (WorkflowNotFoundException none) {
      return "";
    }
  }

  MemberResult reconcile(Replica replica, String choose) {
    return estate.run("Reconcile", input(replica, choose)).members().getFirst();
  }

  static String input(Replica replica, String choose) {
    return "{\"vms\":[{\"name\":\"%s\",\"choose\":\"%s\"}],\"by\":\"kim\",\"reason\":\"its run is gone\"}"
        .formatted(replica.name(), choose);
  }
}
