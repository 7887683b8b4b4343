package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Mandate;
import io.switchback.model.VmSide;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads claims and checks mandates against them. */
final class Claims {
  private static final String SELECT =
      """
      select operation_id, operation, workflow_id, run_id, asked_by, from_state, generation, epoch,
             highest_step, released_at is not null as released, claimed_at, settles, restore_point, vm_side
      from claim
      """;

  private Claims() {}

  record Row(
      String operationId,
      Operation operation,
      String workflowId,
      String runId,
      String by,
      ReplicaState from,
      long generation,
      long epoch,
      long highestStep,
      boolean released,
      Instant since,
      Operation settles,
      @Nullable String restorePoint,
      @Nullable VmSide side) {

    /** Who holds the replica, for the one who is refused. */
    String holder() {
      return "operation '%s' holds it (workflow '%s', run '%s', started by %s)"
          .formatted(operation.words(), workflowId, runId, by);
    }
  }

  /** What the operation knows of the replica: its claim, still held or released. */
  static Optional<Row> of(JdbcClient jdbc, String replicaId, String operationId) {
    return jdbc.sql(SELECT + "where replica_id = :replica and operation_id = :operation")
        .param("replica", replicaId)
        .param("operation", operationId)
        .query(Claims::row)
        .optional();
  }

  /** The claim that is not released. */
  static Optional<Row> holder(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(SELECT + "where replica_id = :replica and released_at is null")
        .param("replica", replicaId)
        .query(Claims::row)
        .optional();
  }

  /**
   * Checks that the mandate's operation holds the replica, whose row the caller has locked, and
   * remembers the mandate's step as the highest seen.
   *
   * @throws FaultException FENCED, and nothing changed, when it does not hold it or a higher step
   *     of it was seen
   */
  static Row require(JdbcClient jdbc, Mandate mandate, String replicaId) {
    Row claim =
        of(jdbc, replicaId, mandate.operationId())
            .orElseThrow(() -> notHeld(jdbc, mandate, replicaId));
    if (claim.released()
        || mandate.fence().generation() != claim.generation()
        || mandate.fence().epoch() != claim.epoch()) {
      throw notHeld(jdbc, mandate, replicaId);
    }
    long step = mandate.fence().step();
    if (step < claim.highestStep()) {
      throw fenced(
          mandate,
          replicaId,
          "step %d of the same operation was seen after this one, %d"
              .formatted(claim.highestStep(), step));
    }
    jdbc.sql(
            """
            update claim set highest_step = :step
            where replica_id = :replica and operation_id = :operation and highest_step < :step
            """)
        .param("step", step)
        .param("replica", replicaId)
        .param("operation", mandate.operationId())
        .update();
    return claim;
  }

  /** Changes a replica's rows and answers how many were changed. */
  @FunctionalInterface
  interface Change {
    int apply(JdbcClient jdbc, Replicas.Row replica, Row claim);
  }

  /**
   * Lets a change happen in the name of the operation that holds the replica.
   *
   * @return whether something was changed
   * @throws FaultException FENCED, and nothing changed, when it does not hold it
   */
  static boolean under(
      RegistryDatabase database, Mandate mandate, String replicaId, Change change) {
    return database.inTransaction(
        jdbc -> {
          Replicas.Row replica =
              Replicas.lock(jdbc, replicaId).orElseThrow(() -> notHeld(jdbc, mandate, replicaId));
          Row claim = require(jdbc, mandate, replicaId);
          return change.apply(jdbc, replica, claim) > 0;
        });
  }

  /**
   * Refuses to give out a fence that some site has seen already.
   *
   * @throws FaultException FENCE_AHEAD
   */
  static void refuseBehindFence(JdbcClient jdbc, String replicaId) {
    FencesSeen.ahead(jdbc)
        .ifPresent(
            seen -> {
              throw new FaultException(
                  Fault.FENCE_AHEAD,
                  "Could not claim replica '%s': %s. The registry was restored from an old backup. Run `switchback registry recover`, so that it gives out a higher generation."
                      .formatted(replicaId, seen));
            });
  }

  static FaultException notHeld(JdbcClient jdbc, Mandate mandate, String replicaId) {
    String because =
        holder(jdbc, replicaId)
            .filter(holder -> !holder.operationId().equals(mandate.operationId()))
            .map(Row::holder)
            .orElse("this operation does not hold it with fence " + mandate.fence());
    return fenced(mandate, replicaId, because);
  }

  private static FaultException fenced(Mandate mandate, String replicaId, String because) {
    return new FaultException(
        Fault.FENCED,
        "Could not do step '%s' of operation %s on replica '%s': %s. Nothing was changed; look at who works on the replica now."
            .formatted(mandate.step(), mandate.operationId(), replicaId, because));
  }

  private static Row row(ResultSet row, int number) throws SQLException {
    String settles = row.getString("settles");
    String side = row.getString("vm_side");
    return new Row(
        row.getString("operation_id"),
        Operation.valueOf(row.getString("operation")),
        row.getString("workflow_id"),
        row.getString("run_id"),
        row.getString("asked_by"),
        ReplicaState.valueOf(row.getString("from_state")),
        row.getLong("generation"),
        row.getLong("epoch"),
        row.getLong("highest_step"),
        row.getBoolean("released"),
        row.getObject("claimed_at", OffsetDateTime.class).toInstant(),
        Operation.valueOf(settles == null ? row.getString("operation") : settles),
        row.getString("restore_point"),
        side == null ? null : VmSide.valueOf(side));
  }

  static @Nullable String name(@Nullable VmSide side) {
    return side == null ? null : side.name();
  }
}
