package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.Switchover;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.FailbackActivities;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Failbacks in PostgreSQL. */
public final class PostgresFailbackActivities implements FailbackActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresFailbackActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresFailbackActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Done beginFailback(BeginFailback request) {
    String operationId = request.mandate().operationId();
    Failback failback = request.failback();
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, row, claim) -> {
          // Whoever wants to protect the target at this moment queues here, and sees it taken.
          Reservations.lock(jdbc, failback.target());
          Replica replica = Replicas.read(jdbc, row.id());
          Optional<Failbacks.Row> known = Failbacks.of(jdbc, row.id());
          if (known.isPresent() && known.get().operationId().equals(operationId)) {
            return failback.makesTarget() ? Failbacks.name(jdbc, row.id(), failback) : 0;
          }
          if (known.isPresent()) {
            throw refused(
                "begin the failback of",
                replica.id(),
                "operation %s has begun one, to %s. End that one first"
                    .formatted(known.get().operationId(), known.get().failback().target()));
          }
          refuseOthers(jdbc, replica, failback);
          return Failbacks.insert(jdbc, operationId, replica, failback);
        });
  }

  private static void refuseOthers(JdbcClient jdbc, Replica replica, Failback failback) {
    VmRef target = failback.target();
    String because = null;
    if (!target.site().equals(replica.production().site())) {
      because = "its production is at site '%s'".formatted(replica.production().site());
    } else {
      because =
          Reservations.replicaOf(jdbc, target)
              .filter(other -> !other.id().equals(replica.id()))
              .map(other -> "it is protected as '%s'".formatted(other.id()))
              .or(
                  () ->
                      Reservations.protectedByVm(jdbc, target)
                          .map("it is the replica of '%s'"::formatted))
              .or(
                  () ->
                      Reservations.of(jdbc, target)
                          .map(held -> "run '%s' protects it".formatted(held.workflowId())))
              .or(
                  () ->
                      Failbacks.naming(jdbc, target)
                          .map(
                              other ->
                                  "the failback of '%s' is about it".formatted(other.replicaId())))
              .or(() -> diskOfAnother(jdbc, replica, failback))
              .orElse(null);
    }
    if (because != null) {
      throw refused(
          "begin the failback of",
          replica.id(),
          "its target would be %s, but %s. Choose another target".formatted(target, because));
    }
  }

  private static Optional<String> diskOfAnother(
      JdbcClient jdbc, Replica replica, Failback failback) {
    return jdbc.sql(
            """
            select 'its disk ' || production_disk || ' belongs to replica ' || replica_id
            from disk
            where production_site = :site and production_disk = any(:disks)
              and replica_id <> :replica
            limit 1
            """)
        .param("site", failback.target().site())
        .param(
            "disks", failback.disks().stream().map(DiskPair::productionDisk).toArray(String[]::new))
        .param("replica", replica.id())
        .query(String.class)
        .optional();
  }

  @Override
  public FailbackView describeFailback(DescribeFailback request) {
    return database.inSnapshot(
        jdbc ->
            new FailbackView(
                Failbacks.of(jdbc, request.replicaId()).map(Failbacks.Row::failback).orElse(null)));
  }

  @Override
  public Done recordRound(RecordRound request) {
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, replica, claim) -> {
          var _ = required(jdbc, replica, "remember the synchronisation of");
          return Failbacks.recordRound(jdbc, replica.id(), request.round());
        });
  }

  @Override
  public Done moveSwitch(MoveSwitch request) {
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, replica, claim) -> {
          Failbacks.Row open = required(jdbc, replica, "move the switch of");
          if (open.failback().switchover() != Switchover.SCHEDULED) {
            throw refused(
                "move the switch of",
                replica.id(),
                "it is %s. Start it when it is time".formatted(open.failback().switchover()));
          }
          return Failbacks.moveSwitch(jdbc, replica.id(), request.at());
        });
  }

  @Override
  public Done completeSwitch(CompleteSwitch request) {
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, replica, claim) -> {
          Failbacks.Row open = required(jdbc, replica, "complete the switch of");
          Failback failback = open.failback();
          RestorePoint made = failback.protectivePoint();
          if (made != null && made.id().equals(request.point().id())) {
            return 0;
          }
          forgetProtectivePoint(jdbc, open);
          if (open.goesElsewhere()) {
            ProductionRows.exchange(
                jdbc, Replicas.read(jdbc, replica.id()), failback.target(), failback.disks(), null);
          }
          recordProtectivePoint(jdbc, request);
          return 1;
        });
  }

  /**
   * It stands where a cycle's would, so that it is the newest and the next cycle goes on from it.
   */
  private static void recordProtectivePoint(JdbcClient jdbc, CompleteSwitch request) {
    RestorePoint point = request.point();
    // The number is nobody's question any more: one that comes late must not be answered with it.
    long cycle =
        jdbc.sql(
                """
                update replica set cycle = cycle + 1, asked_run = '', asked_number = 0
                where id = :replica returning cycle
                """)
            .param("replica", request.replicaId())
            .query(Long.class)
            .single();
    jdbc.sql(
            """
            insert into restore_point (id, replica_id, cycle, snapshot, taken_at, consistency,
                                       change_ids, sent_bytes, took_millis, disks)
            values (:id, :replica, :cycle, :snapshot, :takenAt, :consistency,
                    :changeIds::jsonb, 0, 0, %s)
            """
                .formatted(PostgresCycleActivities.DISKS_NOW))
        .param("id", point.id())
        .param("replica", request.replicaId())
        .param("cycle", cycle)
        .param("snapshot", point.snapshot())
        .param("takenAt", point.takenAt().atOffset(ZoneOffset.UTC))
        .param("consistency", point.consistency().name())
        .param("changeIds", Json.of(request.changeIds()))
        .update();
    Failbacks.protect(jdbc, request.replicaId(), point.id());
    RestorePointUses.begin(
        jdbc,
        request.replicaId(),
        point.id(),
        RestorePointUses.FAILBACK,
        "a failback that is open can be undone");
  }

  private static void forgetProtectivePoint(JdbcClient jdbc, Failbacks.Row open) {
    RestorePoint made = open.failback().protectivePoint();
    if (made != null) {
      Failbacks.protect(jdbc, open.replicaId(), null);
      jdbc.sql("delete from restore_point where replica_id = :replica and id = :point")
          .param("replica", open.replicaId())
          .param("point", made.id())
          .update();
    }
  }

  @Override
  public Done endFailback(EndFailback request) {
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, replica, claim) -> {
          Optional<Failbacks.Row> open = Failbacks.of(jdbc, replica.id());
          if (open.isEmpty()) {
            return 0;
          }
          if (request.committed()) {
            commit(jdbc, open.get(), request);
          } else {
            takeBack(jdbc, open.get());
          }
          return Failbacks.delete(jdbc, replica.id());
        });
  }

  private static void commit(JdbcClient jdbc, Failbacks.Row open, EndFailback request) {
    if (open.failback().protectivePoint() == null) {
      throw refused(
          "commit the failback of", open.replicaId(), "its switch is not complete. Switch over");
    }
    RestorePointUses.end(jdbc, open.replicaId(), RestorePointUses.FAILBACK);
    if (open.goesElsewhere()) {
      Exclusions.add(jdbc, open.before(), request.by(), request.reason());
      Exclusions.lift(jdbc, open.replicaId());
      ProductionRows.nameInRules(jdbc, open.before(), open.failback().target());
      ShapeRows.follow(jdbc, open.replicaId(), open.failback());
    }
  }

  private static void takeBack(JdbcClient jdbc, Failbacks.Row open) {
    Replica replica = Replicas.read(jdbc, open.replicaId());
    if (!replica.production().id().equals(open.before().id())) {
      ProductionRows.exchange(
          jdbc, replica, open.before(), Json.disks(open.beforeDisks()), open.beforeShape());
    }
    forgetProtectivePoint(jdbc, open);
  }

  private static Failbacks.Row required(JdbcClient jdbc, Replicas.Row replica, String what) {
    return Failbacks.of(jdbc, replica.id())
        .orElseThrow(
            () -> refused(what, replica.id(), "it has no failback that is open. Fail back first"));
  }

  private static FaultException refused(String what, String replicaId, String because) {
    return new FaultException(
        Fault.REFUSED, "Could not %s replica '%s': %s.".formatted(what, replicaId, because));
  }

  private Done underClaim(Mandate mandate, String replicaId, Claims.Change change) {
    return new Done(Claims.under(database, mandate, replicaId, change), attempt.number());
  }
}
