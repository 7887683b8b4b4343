package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.port.ClaimActivities;
import io.switchback.port.Done;
import java.sql.Types;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Claims in PostgreSQL. */
public final class PostgresClaimActivities implements ClaimActivities {
  /** How often a claim is asked for again when whoever was in its way has just gone. */
  private static final int TRIES = 3;

  /** The workflow counts on from here for every activity that it schedules. */
  private static final long FIRST_STEP = 0;

  /**
   * The one atomic update that decides. Two that come at once queue at the replica's row, and the
   * second one sees what the first has made of it.
   */
  private static final String CLAIM =
      """
      with won as (
        update replica r set claimed_by = :operationId, epoch = r.epoch + 1
        where r.id = :replica
          and r.claimed_by is null
          and r.state = any(:allowed)
          and not exists (
            select from claim c where c.replica_id = r.id and c.operation_id = :operationId)
          and not exists (
            select from greeting g, controller o, epoch given
            where (g.highest_generation, g.highest_epoch) > (o.generation, given.last_value))
        returning r.id, r.state, r.epoch)
      insert into claim (replica_id, operation_id, operation, workflow_id, run_id, asked_by,
                         from_state, generation, epoch, restore_point, vm_side)
      select won.id, :operationId, :operation, :workflow, :run, :by,
             won.state, controller.generation, won.epoch, :restorePoint, :side
      from won, controller
      """;

  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresClaimActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresClaimActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Claim claimReplica(ClaimReplica request) {
    for (int tried = 1; tried <= TRIES; tried++) {
      Optional<Claim> claim = database.inTransaction(jdbc -> claim(jdbc, request));
      if (claim.isPresent()) {
        return claim.get();
      }
    }
    throw new FaultException(
        Fault.BUSY,
        "Could not claim replica '%s': others claim and release it at the same moment."
            .formatted(request.replicaId()));
  }

  @Override
  public Done moveReplica(MoveReplica request) {
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, replica, claim) -> {
          ReplicaState to = request.to();
          if (to != claim.from() && to != Lifecycle.of(claim.settles()).to()) {
            throw new FaultException(
                Fault.REFUSED,
                "Could not move replica '%s' to %s: operation '%s', which came from %s, does not lead there."
                    .formatted(replica.id(), to, claim.settles().words(), claim.from()));
          }
          return jdbc.sql("update replica set state = :to where id = :replica and state <> :to")
              .param("to", to.name())
              .param("replica", replica.id())
              .update();
        });
  }

  @Override
  public Done holdReplication(HoldReplication request) {
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, replica, claim) ->
            jdbc.sql(
                    """
                    insert into hold (replica_id, operation_id, reason)
                    values (:replica, :operation, :reason) on conflict do nothing
                    """)
                .param("replica", replica.id())
                .param("operation", claim.operationId())
                .param("reason", request.reason())
                .update());
  }

  @Override
  public Done rememberProduction(RememberProduction request) {
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, replica, claim) -> ProductionMemory.remember(jdbc, replica.id(), request.ran()));
  }

  @Override
  public Done resumeReplication(ResumeReplication request) {
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, replica, claim) ->
            jdbc.sql("delete from hold where replica_id = :replica")
                .param("replica", replica.id())
                .update());
  }

  @Override
  public Done releaseReplica(ReleaseReplica request) {
    Mandate mandate = request.mandate();
    return database.inTransaction(
        jdbc -> {
          Replicas.lock(jdbc, request.replicaId());
          Optional<Claims.Row> claim = Claims.of(jdbc, request.replicaId(), mandate.operationId());
          if (claim.isPresent() && claim.get().released()) {
            return new Done(false, attempt.number());
          }
          Claims.require(jdbc, mandate, request.replicaId());
          release(jdbc, request.replicaId(), mandate.operationId());
          return new Done(true, attempt.number());
        });
  }

  /** Empty when nothing is in the way any more, so that it is worth another try. */
  private Optional<Claim> claim(JdbcClient jdbc, ClaimReplica request) {
    jdbc.sql(CLAIM)
        .param("operationId", request.operationId())
        .param("replica", request.replicaId())
        .param(
            "allowed",
            Lifecycle.of(request.operation()).from().stream()
                .map(ReplicaState::name)
                .toArray(String[]::new))
        .param("operation", request.operation().name())
        .param("workflow", request.workflowId())
        .param("run", request.runId())
        .param("by", request.by())
        .param("restorePoint", request.restorePoint(), Types.VARCHAR)
        .param("side", Claims.name(request.side()), Types.VARCHAR)
        .update();
    Optional<Claims.Row> own = Claims.of(jdbc, request.replicaId(), request.operationId());
    if (own.isEmpty()) {
      refuse(jdbc, request);
      return Optional.empty();
    }
    if (own.get().released()) {
      throw refused(request, "this operation has released it already. Start the operation anew.");
    }
    String point = request.restorePoint();
    if (point != null) {
      RestorePointUses.begin(
          jdbc,
          request.replicaId(),
          point,
          RestorePointUses.FAILOVER,
          request.operation().words() + " by " + request.by());
    }
    return own.map(
        row ->
            new Claim(
                new Fence(row.generation(), row.epoch(), FIRST_STEP, 0),
                row.from(),
                ProductionMemory.of(jdbc, request.replicaId()).orElse(null),
                Windows.of(jdbc, request.replicaId()),
                attempt.number()));
  }

  private static void refuse(JdbcClient jdbc, ClaimReplica request) {
    Replicas.Row replica = Replicas.lockProtected(jdbc, request.replicaId());
    Claims.refuseBehindFence(jdbc, request.replicaId());
    Claims.holder(jdbc, replica.id())
        .ifPresent(
            holder -> {
              throw refused(request, holder.holder() + ". Wait for its end, or abort it.");
            });
    Lifecycle.refusal(Replicas.name(jdbc, replica.id()), replica.state(), request.operation())
        .ifPresent(
            sentence -> {
              throw new FaultException(Fault.REFUSED, sentence);
            });
  }

  private static FaultException refused(ClaimReplica request, String because) {
    return new FaultException(
        Fault.REFUSED,
        "Could not claim replica '%s' for '%s': %s"
            .formatted(request.replicaId(), request.operation().words(), because));
  }

  private static void release(JdbcClient jdbc, String replicaId, String operationId) {
    jdbc.sql(
            """
            update claim set released_at = clock_timestamp()
            where replica_id = :replica and operation_id = :operation
            """)
        .param("replica", replicaId)
        .param("operation", operationId)
        .update();
    // The epoch grows here, too: a cycle's number stands where the operation's step stood in the
    // fence, and the next cycle must outrank the operation's last step.
    jdbc.sql("update replica set claimed_by = null, epoch = epoch + 1 where id = :replica")
        .param("replica", replicaId)
        .update();
    RestorePointUses.endUnlessServing(jdbc, replicaId);
    ProductionMemory.endWhenReady(jdbc, replicaId);
    Windows.endThoseLeftBehind(jdbc, replicaId);
  }

  private Done underClaim(Mandate mandate, String replicaId, Claims.Change change) {
    return new Done(Claims.under(database, mandate, replicaId, change), attempt.number());
  }
}
