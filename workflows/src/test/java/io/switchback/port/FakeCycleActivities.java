package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Drift;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Placement;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Replication cycles of a {@link FakeRegistry}. */
class FakeCycleActivities implements CycleActivities {
  static final Duration INTERVAL = Duration.ofMinutes(5);

  final FakeRegistry registry;

  FakeCycleActivities(FakeRegistry registry) {
    this.registry = registry;
  }

  @Override
  public CycleStart beginCycle(BeginCycle request) {
    return act(
        "beginCycle",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.protectedReplica(request.replicaId());
          if (replica.state == ReplicaState.PERMANENT && replica.claim == null) {
            throw new FaultException(
                Fault.REFUSED, "'" + replica.replica.name() + "' is PERMANENT.");
          }
          boolean isOwn = isOwn(replica, request.mandate());
          String inTheWay = waitingFor(replica, isOwn);
          String waitingFor =
              Stream.of(
                      inTheWay,
                      isOwn ? "" : otherLoop(replica, request.group()),
                      late(replica, request.question()))
                  .filter(reason -> !reason.isEmpty())
                  .findFirst()
                  .orElse("");
          boolean isMeasured = inTheWay.isEmpty() && request.group().equals(replica.group);
          RestorePoint newest = replica.newest();
          return new CycleStart(
              waitingFor.isEmpty() ? plan(replica, request.question()) : null,
              waitingFor,
              replica.group,
              replica.interval,
              isMeasured && newest != null
                  ? new RpoTerms(newest.takenAt(), replica.rpoObjective)
                  : null,
              replica.rpoObjective,
              Attempts.current());
        });
  }

  String otherLoop(FakeReplica replica, String group) {
    return replica.group.equals(group)
        ? ""
        : replica.group.isEmpty()
            ? "The replica is not in group '" + group + "'"
            : "The loop of group '" + replica.group + "' replicates it";
  }

  /**
   * Whether the operation that holds the replica runs the cycle itself.
   *
   * @throws FaultException FENCED when another one would
   */
  boolean isOwn(FakeReplica replica, @Nullable Mandate mandate) {
    if (mandate == null) {
      return false;
    }
    new FakeClaimActivities(registry).fence(replica, mandate);
    return true;
  }

  String waitingFor(FakeReplica replica, boolean isOwn) {
    if (!isOwn && replica.hold != null) {
      return "Replication is on hold: " + replica.hold;
    }
    if (!isOwn && replica.claim != null) {
      return "The replica is held by " + replica.claim.operation().words();
    }
    Optional<Drift> drift =
        registry.watch.open(replica.replica.id()).stream()
            .filter(found -> found.kind().forbidsReplication())
            .findFirst();
    if (drift.isPresent()) {
      return drift.get().sentence();
    }
    boolean replicates =
        replica.state == ReplicaState.SEEDING || replica.state == ReplicaState.READY;
    return replicates ? "" : "The replica is " + replica.state;
  }

  String late(FakeReplica replica, Question question) {
    return question.isBefore(replica.question) ? "A later question has begun a cycle" : "";
  }

  boolean isAnswered(FakeReplica replica, Question question) {
    return question.isAttemptOf(replica.question);
  }

  CyclePlan plan(FakeReplica replica, Question question) {
    if (!isAnswered(replica, question)) {
      replica.cycle++;
    }
    replica.question = question;
    registry.note(Effect.by("", "beginCycle", replica.replica.id()));
    return new CyclePlan(
        replica.replica,
        replica.cycle,
        new Fence(registry.generation(), replica.epoch, replica.cycle, 0),
        replica.newest(),
        replica.changeIds,
        false,
        compare(replica),
        replica.shape,
        replica.networks,
        replica.points.stream().map(RestorePoint::snapshot).toList(),
        replica.placement.equals(replica.placed) ? null : replica.placement);
  }

  String compare(FakeReplica replica) {
    Duration every = replica.compareEvery;
    boolean isDue =
        every != null
            && !replica.points.isEmpty()
            && (replica.comparedAt == null
                || !registry.now().isBefore(replica.comparedAt.plus(every)));
    return isDue ? "The policy asks for it every " + every : "";
  }

  @Override
  public CycleEnd completeCycle(CompleteCycle request) {
    return act(
        "completeCycle",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.protectedReplica(request.replicaId());
          if (!replica.completed.containsKey(request.number())) {
            refuseFenced(replica, request);
            complete(replica, request);
          }
          return new CycleEnd(
              replica.expired.getOrDefault(request.number(), List.of()), Attempts.current());
        });
  }

  void refuseFenced(FakeReplica replica, CompleteCycle request) {
    boolean isOwn = isOwn(replica, request.mandate());
    boolean fenced =
        (!isOwn && (replica.claim != null || replica.hold != null))
            || request.fence().generation() != registry.generation()
            || request.fence().epoch() != replica.epoch;
    if (fenced) {
      throw new FaultException(
          Fault.FENCED,
          "Could not record cycle %d of '%s' under fence %s: the replica was claimed or put on hold since. Nothing was recorded."
              .formatted(request.number(), replica.replica.name(), request.fence()));
    }
  }

  void complete(FakeReplica replica, CompleteCycle request) {
    replica.points.add(request.restorePoint());
    replica.changeIds = request.changeIds();
    replica.comparedAt = request.compared() ? registry.now() : replica.comparedAt;
    replica.gone.clear();
    CarriedShape carried = request.carried();
    if (carried != null) {
      carry(replica, carried);
    }
    replica.completed.put(request.number(), request.restorePoint());
    replica.expired.put(request.number(), request.mandate() == null ? expired(replica) : List.of());
    if (replica.state == ReplicaState.SEEDING) {
      replica.state = ReplicaState.READY;
    }
    registry.note(Effect.by("", "completeCycle", request.replicaId()));
  }

  List<RestorePoint> expired(FakeReplica replica) {
    return replica.retention.lettingGo(
        replica.points.reversed(),
        RestorePoint::takenAt,
        point -> isNeeded(replica, point),
        registry.now());
  }

  boolean isNeeded(FakeReplica replica, RestorePoint point) {
    return replica.uses(point.id())
        || registry.groups.values().stream()
            .flatMap(group -> group.points.values().stream())
            .anyMatch(parts -> point.snapshot().equals(parts.get(replica.replica.id())));
  }

  void carry(FakeReplica replica, CarriedShape carried) {
    replica.replica =
        new Replica(
            replica.replica.id(),
            carried.production().name(),
            carried.production(),
            carried.recovery(),
            carried.disks(),
            carried.networks());
    replica.shape = carried.shape();
    replica.mark = carried.mark();
    Placement moved = carried.moved();
    replica.placed = moved == null ? replica.placed : moved;
  }

  @Override
  public Done abandonCycle(AbandonCycle request) {
    return act(
        "abandonCycle",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.protectedReplica(request.replicaId());
          boolean changed =
              replica.abandoned.putIfAbsent(request.number(), request.reason()) == null;
          if (changed) {
            registry.note(Effect.by("", "abandonCycle", request.replicaId()));
          }
          return new Done(changed, Attempts.current());
        });
  }

  @Override
  public Done forgetRestorePoint(ForgetRestorePoint request) {
    return act(
        "forgetRestorePoint",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.protectedReplica(request.replicaId());
          refuseNeeded(replica, request.restorePointId());
          boolean changed =
              replica.points.removeIf(point -> point.id().equals(request.restorePointId()));
          if (changed) {
            registry.note(Effect.by("", "forgetRestorePoint", request.replicaId()));
          }
          return new Done(changed, Attempts.current());
        });
  }

  void refuseNeeded(FakeReplica replica, String point) {
    RestorePoint newest = replica.newest();
    if (replica.uses(point) || (newest != null && newest.id().equals(point))) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not forget restore point '" + point + "': it is the newest, or in use.");
    }
  }

  private <T> T act(String step, String replicaId, Supplier<T> act) {
    return registry
        .script()
        .run(
            step,
            replicaId,
            () -> {
              synchronized (registry) {
                return act.get();
              }
            });
  }
}
