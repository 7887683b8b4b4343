package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Consistency;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Policy;
import io.switchback.model.RestorePoint;
import io.switchback.port.CycleActivities;
import io.switchback.port.Done;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Replication cycles in PostgreSQL. */
public final class PostgresCycleActivities implements CycleActivities {
  /** The replica's pairs of disks as a restore point holds them. */
  static final String DISKS_NOW =
      """
      (select coalesce(jsonb_agg(jsonb_build_object(
                'productionDisk', production_disk, 'recoveryDisk', recovery_disk,
                'capacityBytes', capacity_bytes) order by position), '[]')
       from disk where replica_id = :replica)
      """;

  private static final Set<ReplicaState> REPLICATING =
      Set.of(ReplicaState.SEEDING, ReplicaState.READY);

  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresCycleActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresCycleActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public CycleStart beginCycle(BeginCycle request) {
    return database.inTransaction(
        jdbc -> {
          Replicas.Row replica = Replicas.lockProtected(jdbc, request.replicaId());
          refuseForGood(replica);
          Policy policy = Policies.of(jdbc, replica.id());
          String group = GroupRows.of(jdbc, replica.id()).orElse("");
          String inTheWay =
              inTheWay(jdbc, replica, request.mandate())
                  .or(() -> notReplicating(replica))
                  .orElse("");
          String waitingFor =
              inTheWay.isEmpty()
                  ? Sightings.forbidding(jdbc, replica.id())
                      .or(
                          () ->
                              request.mandate() == null
                                  ? otherLoop(group, request)
                                  : Optional.empty())
                      .or(() -> late(jdbc, replica.id(), request.question()))
                      .orElse("")
                  : inTheWay;
          RpoTerms rpo =
              inTheWay.isEmpty() && group.equals(request.group())
                  ? RestorePoints.newest(jdbc, replica.id())
                      .map(newest -> new RpoTerms(newest.takenAt(), policy.rpoObjective()))
                      .orElse(null)
                  : null;
          return new CycleStart(
              waitingFor.isEmpty() ? plan(jdbc, replica, policy, request.question()) : null,
              waitingFor,
              group,
              policy.interval(),
              rpo,
              policy.rpoObjective(),
              SiteRows.room(jdbc, Replicas.read(jdbc, replica.id()).recovery().site()).lookEvery(),
              attempt.number());
        });
  }

  /** A replica that is production now follows nobody any more; its loop ends. */
  private static void refuseForGood(Replicas.Row replica) {
    if (replica.state() == ReplicaState.PERMANENT && replica.claimedBy() == null) {
      throw new FaultException(
          Fault.REFUSED,
          "Replica '%s' is PERMANENT: it is production now, and nothing is replicated to it."
              .formatted(replica.id()));
    }
  }

  private static Optional<String> notReplicating(Replicas.Row replica) {
    return REPLICATING.contains(replica.state())
        ? Optional.empty()
        : Optional.of("the replica is " + replica.state());
  }

  private static Optional<String> otherLoop(String group, BeginCycle request) {
    if (group.equals(request.group())) {
      return Optional.empty();
    }
    return Optional.of(
        group.isEmpty()
            ? "the VM is not in group '%s'".formatted(request.group())
            : "the loop of group '%s' replicates it".formatted(group));
  }

  private static Optional<String> late(JdbcClient jdbc, String replicaId, Question question) {
    return question.isBefore(begunBy(jdbc, replicaId))
        ? Optional.of("its loop has begun a later cycle since it asked")
        : Optional.empty();
  }

  private static Question begunBy(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("select asked_run, asked_number from replica where id = :id")
        .param("id", replicaId)
        .query((row, i) -> new Question(row.getString("asked_run"), row.getLong("asked_number")))
        .single();
  }

  @Override
  public CycleEnd completeCycle(CompleteCycle request) {
    return database.inTransaction(
        jdbc -> {
          Replicas.Row replica = Replicas.lockProtected(jdbc, request.replicaId());
          if (!isRecorded(jdbc, replica.id(), request.number())) {
            refuseFenced(jdbc, replica, request);
            CarriedShape carried = request.carried();
            if (carried != null) {
              ShapeRows.write(jdbc, replica.id(), carried);
            }
            record(jdbc, replica, request);
          }
          // An operation that holds the replica now may have chosen one of them before.
          List<RestorePoint> expired =
              inTheWay(jdbc, replica, null).isPresent()
                  ? List.of()
                  : RestorePoints.expired(jdbc, replica.id());
          return new CycleEnd(expired, attempt.number());
        });
  }

  @Override
  public Done abandonCycle(AbandonCycle request) {
    return database.inTransaction(
        jdbc -> {
          Replicas.Row replica = Replicas.lockProtected(jdbc, request.replicaId());
          int changed =
              jdbc.sql(
                      """
                      update replica set last_problem = :reason, last_problem_cycle = :number,
                                         last_problem_at = clock_timestamp()
                      where id = :replica
                        and coalesce(last_problem_cycle, -1) < :number
                        and not exists (
                          select from restore_point where replica_id = :replica and cycle >= :number)
                      """)
                  .param("reason", request.reason())
                  .param("number", request.number())
                  .param("replica", replica.id())
                  .update();
          return new Done(changed > 0, attempt.number());
        });
  }

  @Override
  public Done forgetRestorePoint(ForgetRestorePoint request) {
    return database.inTransaction(
        jdbc -> {
          Replicas.Row replica = Replicas.lockProtected(jdbc, request.replicaId());
          Optional<RestorePoint> newest = RestorePoints.newest(jdbc, replica.id());
          if (newest.isPresent() && newest.get().id().equals(request.restorePointId())) {
            throw new FaultException(
                Fault.REFUSED,
                "Could not forget restore point '%s' of replica '%s': it is the newest, which every operation relies on. Replicate first."
                    .formatted(request.restorePointId(), replica.id()));
          }
          RestorePointUses.refuseUsed(jdbc, replica.id(), request.restorePointId());
          int changed =
              jdbc.sql("delete from restore_point where replica_id = :replica and id = :point")
                  .param("replica", replica.id())
                  .param("point", request.restorePointId())
                  .update();
          return new Done(changed > 0, attempt.number());
        });
  }

  /**
   * What keeps cycles of the replica, whose row is locked, from beginning and from completing.
   *
   * @param mandate of the operation that runs the cycle itself; null when a loop does
   * @throws FaultException FENCED when that operation does not hold the replica
   */
  private static Optional<String> inTheWay(
      JdbcClient jdbc, Replicas.Row replica, @Nullable Mandate mandate) {
    if (mandate != null) {
      var _ = Claims.require(jdbc, mandate, replica.id());
      return Optional.empty();
    }
    Optional<String> held =
        jdbc.sql("select reason from hold where replica_id = :replica")
            .param("replica", replica.id())
            .query(String.class)
            .optional()
            .map(reason -> "replication is on hold: " + reason);
    return held.or(() -> Claims.holder(jdbc, replica.id()).map(Claims.Row::holder));
  }

  private static CyclePlan plan(
      JdbcClient jdbc, Replicas.Row replica, Policy policy, Question question) {
    boolean isAnswered = question.isAttemptOf(begunBy(jdbc, replica.id()));
    long number =
        jdbc.sql(
                """
                update replica set cycle = cycle + :one, asked_run = :run, asked_number = :number
                where id = :replica returning cycle
                """)
            .param("one", isAnswered ? 0 : 1)
            .param("run", question.run())
            .param("number", question.number())
            .param("replica", replica.id())
            .query(Long.class)
            .single();
    return new CyclePlan(
        Replicas.read(jdbc, replica.id()),
        number,
        new Fence(Controller.generation(jdbc), replica.epoch(), number, 0),
        RestorePoints.newest(jdbc, replica.id()).orElse(null),
        RestorePoints.changeIds(jdbc, replica.id()),
        policy.consistency() == Consistency.APPLICATION,
        compare(jdbc, replica.id(), policy),
        ShapeRows.shape(jdbc, replica.id()),
        ShapeRows.networks(jdbc, replica.id()),
        RestorePoints.snapshots(jdbc, replica.id()),
        ShapeRows.move(jdbc, replica.id()));
  }

  /** Why both disks are compared in full, if they are. */
  private static String compare(JdbcClient jdbc, String replicaId, Policy policy) {
    Duration every = policy.compareEvery();
    return jdbc.sql(
            """
            select seeded and not known as seeded,
                   known and coalesce(compared_at + :every * interval '1 millisecond'
                                          <= clock_timestamp(), :every is not null) as due
            from replica,
                 lateral (select exists (select from restore_point
                                         where replica_id = :id) as known) as points
            where id = :id
            """)
        .param("id", replicaId)
        .param("every", every == null ? null : every.toMillis(), java.sql.Types.BIGINT)
        .query(
            (row, number) ->
                row.getBoolean("seeded")
                    ? "the replica's disk held something before the first copy"
                    : row.getBoolean("due")
                        ? "policy '%s' has both disks compared every %s"
                            .formatted(policy.name(), every)
                        : "")
        .single();
  }

  private static boolean isRecorded(JdbcClient jdbc, String replicaId, long number) {
    return jdbc.sql(
            "select exists (select from restore_point where replica_id = :replica and cycle ="
                + " :number)")
        .param("replica", replicaId)
        .param("number", number)
        .query(Boolean.class)
        .single();
  }

  private static void refuseFenced(JdbcClient jdbc, Replicas.Row replica, CompleteCycle request) {
    Fence now = new Fence(Controller.generation(jdbc), replica.epoch(), replica.cycle(), 0);
    String because =
        inTheWay(jdbc, replica, request.mandate())
            .orElseGet(() -> isOf(now, request) ? null : "its fence is " + now + " now");
    if (because != null) {
      throw new FaultException(
          Fault.FENCED,
          "Could not record cycle %d of replica '%s' with fence %s: %s. Nothing was recorded; the next cycle begins anew."
              .formatted(request.number(), replica.id(), request.fence(), because));
    }
  }

  private static boolean isOf(Fence now, CompleteCycle request) {
    return request.fence().atAttempt(0).equals(now) && request.number() == now.step();
  }

  private static void record(JdbcClient jdbc, Replicas.Row replica, CompleteCycle request) {
    RestorePoint point = request.restorePoint();
    jdbc.sql(
            """
            insert into restore_point (id, replica_id, cycle, snapshot, taken_at, consistency,
                                       change_ids, sent_bytes, took_millis, disks)
            values (:id, :replica, :number, :snapshot, :takenAt, :consistency,
                    :changeIds::jsonb, :sentBytes, :tookMillis, %s)
            """
                .formatted(DISKS_NOW))
        .param("id", point.id())
        .param("replica", replica.id())
        .param("number", request.number())
        .param("snapshot", point.snapshot())
        .param("takenAt", point.takenAt().atOffset(ZoneOffset.UTC))
        .param("consistency", point.consistency().name())
        .param("changeIds", Json.of(request.changeIds()))
        .param("sentBytes", request.sentBytes())
        .param("tookMillis", request.took().toMillis())
        .update();
    ReplicaState state =
        Lifecycle.allows(replica.state(), Operation.FIRST_COPY)
            ? Objects.requireNonNull(Lifecycle.of(Operation.FIRST_COPY).to())
            : replica.state();
    jdbc.sql(
            """
            update replica set state = :state, last_problem = null,
                               compared_at = case when :compared then clock_timestamp()
                                                  else compared_at end,
                               points_total = points_total + 1,
                               sent_bytes_total = sent_bytes_total + :sentBytes
            where id = :replica
            """)
        .param("sentBytes", request.sentBytes())
        .param("compared", request.compared())
        .param("state", state.name())
        .param("replica", replica.id())
        .update();
    if (request.mandate() == null) {
      PointRetention.apply(jdbc, replica.id());
    }
  }
}
