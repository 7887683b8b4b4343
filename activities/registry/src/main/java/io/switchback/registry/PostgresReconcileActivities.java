package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Fence;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ReconcileActivities;
import java.sql.Types;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Claims that nobody works on any more, in PostgreSQL. */
public final class PostgresReconcileActivities implements ReconcileActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresReconcileActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresReconcileActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public RegistryView describeClaim(DescribeClaim request) {
    return database.inSnapshot(jdbc -> view(jdbc, request.replicaId()));
  }

  private static RegistryView view(JdbcClient jdbc, String replicaId) {
    Replicas.Row replica =
        Replicas.look(jdbc, replicaId).orElseThrow(() -> Replicas.notProtected(replicaId));
    Optional<Claims.Row> holder = Claims.holder(jdbc, replicaId);
    return new RegistryView(
        replica.state(),
        holder.map(PostgresReconcileActivities::held).orElse(null),
        hold(jdbc, replicaId),
        RestorePoints.offered(jdbc, replicaId),
        RestorePoints.expired(jdbc, replicaId),
        holder.map(claim -> leases(jdbc, claim.operationId(), replicaId)).orElse(0),
        ProductionMemory.of(jdbc, replicaId).orElse(null));
  }

  private static HeldClaim held(Claims.Row claim) {
    return new HeldClaim(
        claim.operationId(),
        claim.operation(),
        claim.settles(),
        claim.workflowId(),
        claim.runId(),
        claim.by(),
        claim.since(),
        claim.from(),
        claim.epoch(),
        claim.restorePoint(),
        claim.side());
  }

  private static @Nullable String hold(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("select reason from hold where replica_id = :replica")
        .param("replica", replicaId)
        .query(String.class)
        .optional()
        .orElse(null);
  }

  /** Of the operation, and of the transfer that it runs for the replica. */
  private static int leases(JdbcClient jdbc, String operationId, String replicaId) {
    return jdbc.sql(
            """
            select count(*) from admission_lease
            where holder in (:operation, :replica) and ends_at > clock_timestamp()
            """)
        .param("operation", operationId)
        .param("replica", replicaId)
        .query(Integer.class)
        .single();
  }

  @Override
  public Claim takeOverReplica(TakeOverReplica request) {
    return database.inTransaction(
        jdbc -> {
          var _ = Replicas.lockProtected(jdbc, request.replicaId());
          Optional<Claims.Row> own = Claims.of(jdbc, request.replicaId(), request.operationId());
          Claims.Row claim = own.orElseGet(() -> takeOver(jdbc, request));
          if (claim.released()) {
            throw refused(request, "this operation has released it already. Start it anew.");
          }
          return new Claim(
              new Fence(claim.generation(), claim.epoch(), 0, 0),
              claim.from(),
              ProductionMemory.of(jdbc, request.replicaId()).orElse(null),
              Windows.of(jdbc, request.replicaId()),
              attempt.number());
        });
  }

  private static Claims.Row takeOver(JdbcClient jdbc, TakeOverReplica request) {
    Claims.refuseBehindFence(jdbc, request.replicaId());
    Claims.Row dead =
        Claims.holder(jdbc, request.replicaId())
            .orElseThrow(() -> refused(request, "no operation holds it any more."));
    if (!dead.operationId().equals(request.deadOperationId())
        || dead.epoch() != request.deadEpoch()) {
      throw refused(request, dead.holder() + ". Look at it again.");
    }
    jdbc.sql(
            """
            update claim set released_at = clock_timestamp(), taken_over_by = :operation
            where replica_id = :replica and operation_id = :dead
            """)
        .param("operation", request.operationId())
        .param("replica", request.replicaId())
        .param("dead", dead.operationId())
        .update();
    jdbc.sql("delete from admission_lease where holder in (:dead, :replica)")
        .param("dead", dead.operationId())
        .param("replica", request.replicaId())
        .update();
    jdbc.sql(
            """
            with won as (
              update replica set claimed_by = :operation, epoch = epoch + 1
              where id = :replica returning id, epoch)
            insert into claim (replica_id, operation_id, operation, workflow_id, run_id, asked_by,
                               from_state, generation, epoch, settles, restore_point, vm_side)
            select won.id, :operation, :kind, :workflow, :run, :by,
                   :from, controller.generation, won.epoch, :settles, :restorePoint, :side
            from won, controller
            """)
        .param("operation", request.operationId())
        .param("replica", request.replicaId())
        .param("kind", Operation.RECONCILE.name())
        .param("workflow", request.workflowId())
        .param("run", request.runId())
        .param("by", request.by())
        .param("from", dead.from().name())
        .param("settles", dead.settles().name())
        .param("restorePoint", dead.restorePoint(), Types.VARCHAR)
        .param("side", Claims.name(dead.side()), Types.VARCHAR)
        .update();
    return Claims.of(jdbc, request.replicaId(), request.operationId()).orElseThrow();
  }

  private static FaultException refused(TakeOverReplica request, String because) {
    return new FaultException(
        Fault.REFUSED,
        "Could not take replica '%s' over: %s".formatted(request.replicaId(), because));
  }
}
