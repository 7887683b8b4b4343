package io.switchback.registry;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ClaimReplica;
import io.switchback.port.ClaimActivities.HoldReplication;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import io.switchback.port.ClaimActivities.ResumeReplication;
import io.switchback.port.CycleActivities.AbandonCycle;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.ForgetRestorePoint;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random schedules, failures, operations that hold and use points, and changes of the policy: what
 * the registry keeps of a replica's points is compared with what the policy says, step by step.
 */
class PointRetentionIT {
  private static final int STEPS = 300;

  /** Long beside what a test takes, so that no point is as old as the policy allows by chance. */
  private static final Duration INTERVAL = Duration.ofHours(1);

  @ParameterizedTest
  @ValueSource(longs = {1, 20260301, 4711})
  void keepsTheNewestWhatIsUsedAndNothingElseBeyondThePolicy(long seed) {
    try (TestRegistry registry = new TestRegistry()) {
      Life life = new Life(registry, seed);
      for (int step = 0; step < STEPS; step++) {
        life.step(step);
      }
      life.assertLived();
    }
  }

  /** One replica's life, and what must be left of its points. */
  private static final class Life {
    private final TestRegistry registry;
    private final Random random;
    private final String seed;
    private final Replica replica;

    /** Points that are offered, oldest first, with the time since they were taken. */
    private final Map<String, Duration> offered = new LinkedHashMap<>();

    private final Set<String> used = new HashSet<>();
    private int points = 3;
    private @Nullable Duration age;
    private @Nullable String servedPoint;
    private boolean held;
    private String what = "";
    private int letGo;
    private int spared;
    private int failovers;
    private int fenced;

    Life(TestRegistry registry, long seed) {
      this.registry = registry;
      this.random = new Random(seed);
      this.seed = "seed " + seed;
      this.replica = registry.seeding("web");
    }

    void step(int number) {
      int dice = random.nextInt(20);
      if (dice < 9) {
        note(number, "cycle");
        cycle();
      } else if (dice < 11) {
        note(number, "time passes");
        letPass(INTERVAL.multipliedBy(random.nextInt(6)));
      } else if (dice < 13) {
        note(number, "use");
        use();
      } else if (dice < 14) {
        note(number, "end of uses");
        endUses();
      } else if (dice < 15) {
        note(number, "another policy");
        changePolicy();
      } else if (dice < 17) {
        note(number, "hold or resume");
        holdOrResume();
      } else {
        note(number, "failover or undo");
        failOverOrUndo();
      }
      assertKept();
    }

    private void note(int number, String step) {
      what = "%s, step %d, %s".formatted(seed, number, step);
    }

    private void cycle() {
      letPass(INTERVAL);
      CyclePlan plan = registry.cycles.beginCycle(new BeginCycle(replica.id())).plan();
      assertThat(plan == null).as(what + ": waits").isEqualTo(held || servedPoint != null);
      if (plan == null) {
        return;
      }
      // Only what is READY can be claimed for a failover.
      switch (offered.isEmpty() ? 2 : random.nextInt(6)) {
        case 0 ->
            registry.cycles.abandonCycle(
                new AbandonCycle(replica.id(), plan.number(), "the datastore is full"));
        case 1 -> {
          release(claim(Operation.PARTIAL_FAILOVER, null));
          fenced++;
          assertThat(Race.faultOf(() -> registry.cycles.completeCycle(completion(plan))))
              .as(what)
              .isEqualTo(Fault.FENCED);
        }
        default -> {
          CompleteCycle completion = completion(plan);
          CycleEnd end = registry.cycles.completeCycle(completion);
          offered.put(completion.restorePoint().id(), Duration.ZERO);
          applyPolicy();
          forget(end);
        }
      }
    }

    private CompleteCycle completion(CyclePlan plan) {
      return TestRegistry.completion(plan, now());
    }

    private Instant now() {
      return registry.database.inTransaction(
          jdbc ->
              jdbc.sql("select clock_timestamp() as at")
                  .query((row, number) -> row.getObject("at", OffsetDateTime.class).toInstant())
                  .single());
    }

    /** What the policy says of each point, beside the newest and those in use. */
    private void applyPolicy() {
      List<String> newestFirst = List.copyOf(offered.keySet()).reversed();
      for (int i = 1; i < newestFirst.size(); i++) {
        String point = newestFirst.get(i);
        boolean isSurplus = i >= points || (age != null && offered.get(point).compareTo(age) > 0);
        if (isSurplus && used.contains(point)) {
          spared++;
        } else if (isSurplus) {
          offered.remove(point);
          letGo++;
        }
      }
    }

    /** The cycle removes the snapshots of what was let go, some of them only the next time. */
    private void forget(CycleEnd end) {
      assertThat(end.expired())
          .as(what + ": let go")
          .extracting(RestorePoint::id)
          .doesNotContainAnyElementsOf(offered.keySet());
      for (RestorePoint point : end.expired()) {
        if (random.nextInt(3) > 0) {
          registry.cycles.forgetRestorePoint(new ForgetRestorePoint(replica.id(), point.id()));
        }
      }
      used.forEach(
          point ->
              assertThat(
                      Race.faultOf(
                          () ->
                              registry.cycles.forgetRestorePoint(
                                  new ForgetRestorePoint(replica.id(), point))))
                  .as(what + ": forgetting what is used")
                  .isEqualTo(Fault.REFUSED));
    }

    private void letPass(Duration time) {
      offered.replaceAll((point, old) -> old.plus(time));
      registry.sql(
          "update restore_point set taken_at = taken_at - %d * interval '1 second'"
              .formatted(time.toSeconds()));
    }

    private Optional<String> anyPoint() {
      return offered.isEmpty()
          ? Optional.empty()
          : Optional.of(new ArrayList<>(offered.keySet()).get(random.nextInt(offered.size())));
    }

    private void use() {
      anyPoint()
          .ifPresent(
              point -> {
                registry.database.inTransaction(
                    jdbc -> {
                      RestorePointUses.begin(jdbc, replica.id(), point, "a drill", "a drill");
                      return point;
                    });
                used.add(point);
              });
    }

    private void endUses() {
      registry.sql("delete from restore_point_use where used_by = 'a drill'");
      used.clear();
      if (servedPoint != null) {
        used.add(servedPoint);
      }
    }

    private void changePolicy() {
      points = 1 + random.nextInt(6);
      age = random.nextBoolean() ? null : INTERVAL.multipliedBy(random.nextInt(8)).plusMinutes(30);
      registry.sql(
          "update policy set retention_points = %d, retention_age_millis = %s where name = 'default'"
              .formatted(points, age == null ? "null" : age.toMillis()));
    }

    private void holdOrResume() {
      if (servedPoint != null || offered.isEmpty()) {
        return;
      }
      Ours ours = claim(Operation.PARTIAL_FAILOVER, null);
      if (held) {
        registry.claims.resumeReplication(new ResumeReplication(ours.step(1), replica.id()));
      } else {
        registry.claims.holdReplication(
            new HoldReplication(ours.step(1), replica.id(), "a disaster is being met"));
      }
      held = !held;
      release(ours);
    }

    private void failOverOrUndo() {
      if (servedPoint == null) {
        anyPoint()
            .ifPresent(
                point -> {
                  move(claim(Operation.PARTIAL_FAILOVER, point), ReplicaState.FAILOVER);
                  servedPoint = point;
                  used.add(point);
                  failovers++;
                });
      } else {
        boolean isDrilled =
            !registry
                .text(
                    "select count(*)::text from restore_point_use where used_by = 'a drill' and point_id = '%s'"
                        .formatted(servedPoint))
                .equals("0");
        move(claim(Operation.UNDO_FAILOVER, null), ReplicaState.READY);
        if (!isDrilled) {
          used.remove(servedPoint);
        }
        servedPoint = null;
      }
    }

    private record Ours(String operationId, Claim claim) {
      Mandate step(long number) {
        return TestRegistry.mandate(claim, operationId, number);
      }
    }

    private Ours claim(Operation operation, @Nullable String point) {
      String id = TestRegistry.operationId();
      return new Ours(
          id,
          registry.claims.claimReplica(
              new ClaimReplica(
                  id,
                  operation,
                  replica.id(),
                  "replica/" + replica.id(),
                  "run-1",
                  "ada",
                  point,
                  null)));
    }

    private void move(Ours ours, ReplicaState to) {
      registry.claims.moveReplica(new MoveReplica(ours.step(1), replica.id(), to));
      release(ours);
    }

    private void release(Ours ours) {
      registry.claims.releaseReplica(new ReleaseReplica(ours.step(2), replica.id()));
    }

    private void assertKept() {
      Set<String> kept =
          registry.database.inSnapshot(
              jdbc ->
                  jdbc
                      .sql(
                          """
                          select id from restore_point
                          where replica_id = :replica and expired_at is null order by cycle
                          """)
                      .param("replica", replica.id())
                      .query(String.class)
                      .list()
                      .stream()
                      .collect(toCollection(LinkedHashSet::new)));
      assertThat(kept).as(what).isEqualTo(offered.keySet()).containsAll(used);
    }

    /** The life had something of everything, or it would have shown nothing. */
    void assertLived() {
      assertThat(List.of(letGo, spared, failovers, fenced)).as(seed).allMatch(times -> times > 0);
    }
  }
}
