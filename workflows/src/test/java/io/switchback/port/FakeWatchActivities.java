package io.switchback.port;

import io.switchback.model.DatastoreOutlook;
import io.switchback.model.Drift;
import io.switchback.model.DriftKind;
import io.switchback.model.Forecast;
import io.switchback.model.Forecast.Sample;
import io.switchback.model.RestorePoint;
import io.switchback.model.Sheet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** How a {@link FakeRegistry}'s estate is found. */
class FakeWatchActivities implements WatchActivities {
  static final Duration DUE = Duration.ofSeconds(10);

  final FakeRegistry registry;

  FakeWatchActivities(FakeRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Expectation expect(Expect request) {
    return act(
        "expect",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.protectedReplica(request.replicaId());
          boolean held =
              replica.claim != null
                  && !replica.claim.request.operationId().equals(request.operationId());
          return held
              ? new Expectation(null, "an operation holds it", Attempts.current())
              : new Expectation(expected(replica), "", Attempts.current());
        });
  }

  Expected expected(FakeReplica replica) {
    Instant measured = registry.watch.measured.get(replica.replica.recovery().site());
    return new Expected(
        replica.replica,
        replica.state,
        replica.epoch,
        replica.cycle,
        List.copyOf(replica.points),
        isCycleOpen(replica),
        productionMayRun(replica),
        measured == null || !measured.plus(DUE).isAfter(registry.now()));
  }

  private static boolean isCycleOpen(FakeReplica replica) {
    RestorePoint made = replica.completed.get(replica.cycle);
    return replica.cycle > 0 && (made == null || replica.gone.contains(made.id()));
  }

  private boolean productionMayRun(FakeReplica replica) {
    Instant off = registry.watch.productionOff.getOrDefault(replica.replica.id(), Instant.MIN);
    return registry.audit.values().stream()
        .anyMatch(
            entry ->
                entry.replicaId().equals(replica.replica.id())
                    && entry.step().equals("productionStillRuns")
                    && entry.outcome().equals("OVERRIDDEN")
                    && entry.at().isAfter(off));
  }

  @Override
  public Sighted recordSighting(RecordSighting request) {
    return act(
        "recordSighting",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.protectedReplica(request.replicaId());
          if (isLate(replica, request)) {
            return new Sighted(List.of(), 0, Attempts.current());
          }
          return registry.watch.sighted.computeIfAbsent(
              request.id(), first -> keep(replica, request));
        });
  }

  boolean isLate(FakeReplica replica, RecordSighting request) {
    return replica.epoch != request.epoch() || replica.cycle != request.cycle();
  }

  Sighted keep(FakeReplica replica, RecordSighting request) {
    String id = request.replicaId();
    if (request.productionOff()) {
      registry.watch.productionOff.put(id, request.at());
    }
    List<Drift> open = registry.watch.open(id);
    List<Drift> fresh =
        request.drift().stream().filter(seen -> open.stream().noneMatch(same(seen))).toList();
    fresh.stream()
        .filter(seen -> seen.kind() == DriftKind.RESTORE_POINT_GONE)
        .forEach(seen -> lose(replica, seen.subject()));
    int before = open.size();
    open.removeIf(
        known -> request.drift().stream().noneMatch(same(known)) && isOver(replica, known));
    int cleared = before - open.size();
    open.addAll(fresh);
    return new Sighted(fresh, cleared, Attempts.current());
  }

  private static java.util.function.Predicate<Drift> same(Drift one) {
    return other -> other.kind() == one.kind() && other.subject().equals(one.subject());
  }

  private static boolean isOver(FakeReplica replica, Drift known) {
    return known.kind() != DriftKind.RESTORE_POINT_GONE || !replica.gone.contains(known.subject());
  }

  void lose(FakeReplica replica, String point) {
    RestorePoint newest = replica.newest();
    if (newest != null && newest.id().equals(point)) {
      replica.changeIds = java.util.Map.of();
    }
    replica.points.removeIf(one -> one.id().equals(point));
    replica.gone.add(point);
  }

  @Override
  public Outlook recordRoom(RecordRoom request) {
    return act(
        "recordRoom",
        request.room().site(),
        () -> {
          registry.answer();
          FakeWatch watch = registry.watch;
          watch.measured.put(request.room().site(), registry.now());
          return watch.outlooks.computeIfAbsent(request.id(), first -> outlook(request));
        });
  }

  private Outlook outlook(RecordRoom request) {
    List<DatastoreOutlook> outlooks = new ArrayList<>();
    List<DatastoreOutlook> urgent = new ArrayList<>();
    for (var store : request.room().datastores()) {
      String key = request.room().site() + "/" + store.name();
      List<Sample> samples = registry.watch.samples.computeIfAbsent(key, k -> new ArrayList<>());
      samples.add(new Sample(request.room().at(), store.freeBytes()));
      DatastoreOutlook outlook =
          new DatastoreOutlook(
              request.room().site(),
              store.name(),
              store.capacityBytes(),
              store.freeBytes(),
              Forecast.fullIn(samples).orElse(null));
      outlooks.add(outlook);
      if (isNews(key, outlook)) {
        urgent.add(outlook);
      }
    }
    return new Outlook(outlooks, urgent, Attempts.current());
  }

  boolean isNews(String key, DatastoreOutlook outlook) {
    Duration left = outlook.fullIn();
    if (left == null) {
      return false;
    }
    Set<Integer> told = registry.watch.told.computeIfAbsent(key, k -> new HashSet<>());
    boolean news = false;
    for (int hours : List.of(24, 1)) {
      news |= left.compareTo(Duration.ofHours(hours)) < 0 && told.add(hours);
    }
    return news;
  }

  @Override
  public WriteRates measureWrites(MeasureWrites request) {
    return act(
        "measureWrites",
        FaultScript.ANY,
        () -> {
          registry.answer();
          return new WriteRates(
              request.replicaIds().stream().flatMap(id -> rate(id).stream()).toList());
        });
  }

  /** What a test has said, else a thousand bytes for each minute between its points. */
  Optional<WriteRate> rate(String replicaId) {
    Long said = registry.watch.rates.get(replicaId);
    FakeReplica replica = registry.replicas.get(replicaId);
    if (said != null) {
      return Optional.of(new WriteRate(replicaId, said));
    }
    return replica == null || replica.completed.size() < 2
        ? Optional.empty()
        : Optional.of(new WriteRate(replicaId, 60_000));
  }

  @Override
  public Sheet describeSheet(DescribeSheet request) {
    return act(
        "describeSheet",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.protectedReplica(request.replicaId());
          return new Sheet(replica.replica, replica.points.reversed(), "");
        });
  }

  private <T> T act(String step, String target, Supplier<T> act) {
    return registry
        .script()
        .run(
            step,
            target,
            () -> {
              synchronized (registry) {
                return act.get();
              }
            });
  }
}
