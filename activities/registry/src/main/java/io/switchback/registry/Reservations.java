package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads reservations and checks mandates against them. */
final class Reservations {
  private Reservations() {}

  record Row(
      String replicaId,
      String operationId,
      String workflowId,
      String by,
      long generation,
      long epoch,
      long highestStep) {}

  /** Nobody else reserves the VM until the transaction ends. */
  static void lock(JdbcClient jdbc, VmRef vm) {
    jdbc.sql("select pg_advisory_xact_lock(hashtextextended(:vm, 0))")
        .param("vm", vm.site() + "/" + vm.id())
        .query((row, number) -> number)
        .single();
  }

  static Optional<Row> of(JdbcClient jdbc, VmRef vm) {
    return jdbc.sql(
            "select * from reservation where production_site = :site and production_vm = :vm")
        .param("site", vm.site())
        .param("vm", vm.id())
        .query(Reservations::row)
        .optional();
  }

  static Optional<Row> of(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("select * from reservation where replica_id = :replica for update")
        .param("replica", replicaId)
        .query(Reservations::row)
        .optional();
  }

  /** The operation's from now on; whoever had it before is fenced off. */
  static Row take(JdbcClient jdbc, ReserveReplica request) {
    return jdbc.sql(
            """
            insert into reservation (production_site, production_vm, replica_id, recovery_site,
                                     operation_id, workflow_id, run_id, asked_by, generation, epoch)
            select :site, :vm, :replica, :recovery, :operation, :workflow, :run, :by, generation,
                   :epoch
            from controller
            on conflict (production_site, production_vm) do update
            set operation_id = excluded.operation_id, workflow_id = excluded.workflow_id,
                run_id = excluded.run_id, asked_by = excluded.asked_by,
                recovery_site = excluded.recovery_site, generation = excluded.generation,
                epoch = excluded.epoch, highest_step = 0, reserved_at = clock_timestamp()
            returning *
            """)
        .param("site", request.production().site())
        .param("vm", request.production().id())
        .param("replica", request.replicaId())
        .param("recovery", request.recoverySite())
        .param("operation", request.operationId())
        .param("workflow", request.workflowId())
        .param("run", request.runId())
        .param("by", request.by())
        .param("epoch", ReplicaRows.nextEpoch(jdbc))
        .query(Reservations::row)
        .single();
  }

  /**
   * Checks that the mandate's operation holds the reservation, and remembers its step as the
   * highest seen.
   *
   * @throws FaultException FENCED, and nothing changed, when it does not or a higher step was seen
   */
  static Row require(JdbcClient jdbc, Mandate mandate, String replicaId) {
    Row held = of(jdbc, replicaId).orElseThrow(() -> fenced(mandate, replicaId, "nobody holds it"));
    long step = mandate.fence().step();
    if (!held.operationId().equals(mandate.operationId())
        || held.generation() != mandate.fence().generation()
        || held.epoch() != mandate.fence().epoch()) {
      throw fenced(mandate, replicaId, "run '" + held.workflowId() + "' holds it with a newer one");
    }
    if (step < held.highestStep()) {
      throw fenced(mandate, replicaId, "step %d was seen".formatted(held.highestStep()));
    }
    jdbc.sql("update reservation set highest_step = :step where replica_id = :replica")
        .param("step", step)
        .param("replica", replicaId)
        .update();
    return held;
  }

  static Optional<Replica> replicaOf(JdbcClient jdbc, VmRef vm) {
    return jdbc.sql("select id from replica where production_site = :site and production_vm = :vm")
        .param("site", vm.site())
        .param("vm", vm.id())
        .query(String.class)
        .optional()
        .map(id -> Replicas.read(jdbc, id));
  }

  /** Name of the VM whose replica this VM is. */
  static Optional<String> protectedByVm(JdbcClient jdbc, VmRef vm) {
    return jdbc.sql("select id from replica where recovery_site = :site and recovery_vm = :vm")
        .param("site", vm.site())
        .param("vm", vm.id())
        .query(String.class)
        .optional()
        .map(id -> Replicas.name(jdbc, id));
  }

  private static FaultException fenced(Mandate mandate, String replicaId, String because) {
    return new FaultException(
        Fault.FENCED,
        "Could not do step '%s' of operation %s on the reservation of '%s': %s. Nothing was changed."
            .formatted(mandate.step(), mandate.operationId(), replicaId, because));
  }

  private static Row row(ResultSet row, int number) throws SQLException {
    return new Row(
        row.getString("replica_id"),
        row.getString("operation_id"),
        row.getString("workflow_id"),
        row.getString("asked_by"),
        row.getLong("generation"),
        row.getLong("epoch"),
        row.getLong("highest_step"));
  }
}
