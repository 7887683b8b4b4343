package io.switchback.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Consistency;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.Failback.Round;
import io.switchback.model.FailbackTo;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.SomeFailback;
import io.switchback.model.VmRef;
import io.switchback.port.NetworkPairActivities.NetworksView;
import io.switchback.port.ReconcileActivities.HeldClaim;
import io.switchback.port.ReconcileActivities.RegistryView;
import io.switchback.port.RunActivities.Liveness;
import io.switchback.port.RunActivities.RunView;
import io.switchback.port.SnapshotActivities.Snapshots;
import io.switchback.port.VmActivities.VmStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whatever holds a claim can die at any moment; a person must have a way from there. */
class WaysTest {
  private static final VmRef VM = new VmRef("munich", "r-web", "web-01_replica");
  private static final Replica REPLICA =
      new Replica("id-web-01", "web-01", VM, VM, List.of(new DiskPair("p", "r", 4096)), List.of());
  private static final RestorePoint POINT =
      new RestorePoint("web-01-0001", "point-1", Instant.EPOCH, Consistency.CRASH);

  /** Every operation that is built and claims a replica; a reconcile settles one of the others. */
  private static List<Operation> claiming() {
    return Procedure.ALL.stream()
        .filter(one -> one.steps().contains(StepKind.CLAIM))
        .map(Procedure::operation)
        .filter(operation -> operation != Operation.PROTECT) // holds a reservation, not a claim
        .toList();
  }

  @Test
  void thereAreOperationsThatClaim() {
    assertThat(claiming())
        .contains(Operation.PARTIAL_FAILOVER, Operation.UNPROTECT, Operation.RECONNECT);
  }

  @TestFactory
  Stream<DynamicTest> everyOperationThatHoldsAClaimHasAWayFromWhereverItDies() {
    return claiming().stream()
        .map(
            operation ->
                DynamicTest.dynamicTest(
                    operation.words(), () -> assertThat(withoutAWay(operation)).isEmpty()));
  }

  private static List<String> withoutAWay(Operation operation) {
    List<String> without = new ArrayList<>();
    for (ReplicaState from : Lifecycle.of(operation).from()) {
      for (ReplicaState now : states(operation, from)) {
        for (Site site : Site.values()) {
          for (Points points : Points.values()) {
            for (TargetSeen target : targets(operation)) {
              List<Way> ways = Ways.of(seen(operation, from, now, site, points, target));
              if (ways.isEmpty()
                  || ways.stream().anyMatch(way -> way.effect().isBlank())
                  || ways.stream().map(Way::choose).distinct().count() < ways.size()) {
                without.add(
                    "from %s, %s now, %s, %s, %s".formatted(from, now, site, points, target));
              }
            }
          }
        }
      }
    }
    return without;
  }

  /** What can be found of a failback, also none; null alone for whatever is about none. */
  private static List<@Nullable TargetSeen> targets(Operation operation) {
    List<@Nullable TargetSeen> targets = new ArrayList<>();
    targets.add(null);
    if (!FailbackWays.areFor(operation)) {
      return targets;
    }
    Round round = new Round("switchback-id-web-01-round-1", Map.of(), null);
    for (FailbackTo to : List.of(FailbackTo.PRODUCTION, FailbackTo.NEW_LOCATION)) {
      for (Round made : Arrays.asList(null, round)) {
        for (RestorePoint protective : Arrays.asList(null, POINT)) {
          seen(open(to, made, protective), targets);
        }
      }
    }
    return targets;
  }

  private static void seen(Failback open, List<@Nullable TargetSeen> targets) {
    targets.add(new TargetSeen(open, null, null, false));
    targets.add(new TargetSeen(open, null, null, true));
    String mark = Synchronisation.markOf(new Round("switchback-id-web-01-round-1", Map.of(), null));
    for (List<String> there :
        List.of(List.<String>of(), List.of("own"), List.of("own", mark), List.of(mark))) {
      for (long bytes : new long[] {0, 4096}) {
        for (Site site : List.of(Site.OFF, Site.LEFT_TO_THE_SITE)) {
          targets.add(
              new TargetSeen(
                  open,
                  vm(site),
                  new Snapshots(there, there.isEmpty() ? "" : there.getLast(), bytes),
                  false));
        }
      }
    }
  }

  private static Failback open(
      FailbackTo to, @Nullable Round round, @Nullable RestorePoint protective) {
    return SomeFailback.to(to, REPLICA, VM, REPLICA.disks())
        .targetSnapshot("own")
        .manual()
        .round(round)
        .protectivePoint(protective)
        .build();
  }

  private static Set<ReplicaState> states(Operation operation, ReplicaState from) {
    EnumSet<ReplicaState> states = EnumSet.of(from);
    ReplicaState to = Lifecycle.of(operation).to();
    if (to != null) {
      states.add(to);
    }
    return states;
  }

  /** What the recovery site can say of the replica's VM. */
  private enum Site {
    GONE,
    LEFT_TO_THE_SITE,
    LEFT_AND_RUNNING,
    OFF,
    OFF_AND_WRITTEN,
    RUNNING
  }

  /** What is left of its restore points. */
  private enum Points {
    THERE,
    DELETED_OUTSIDE,
    LET_GO,
    NEVER_MADE
  }

  private static Observation seen(
      Operation operation,
      ReplicaState from,
      ReplicaState now,
      Site site,
      Points points,
      @Nullable TargetSeen target) {
    HeldClaim claim =
        new HeldClaim(
            "operation",
            operation,
            operation,
            "run",
            "1",
            "kim",
            Instant.EPOCH,
            from,
            7,
            null,
            null);
    boolean isThere = points == Points.THERE && site != Site.GONE;
    return new Observation(
        new RegistryView(
            now,
            claim,
            null,
            points == Points.THERE || points == Points.DELETED_OUTSIDE ? List.of(POINT) : List.of(),
            points == Points.LET_GO ? List.of(POINT) : List.of(),
            0),
        new RunView(Liveness.CLOSED, "TERMINATED"),
        vm(site),
        new Snapshots(
            isThere ? List.of(POINT.snapshot()) : List.of(),
            isThere ? POINT.snapshot() : "",
            site == Site.OFF_AND_WRITTEN ? 4096 : 0),
        Optional.empty(),
        new NetworksView(List.of(), List.of()),
        target);
  }

  private static @Nullable VmStatus vm(Site site) {
    if (site == Site.GONE) {
      return null;
    }
    boolean runs = site == Site.RUNNING || site == Site.LEFT_AND_RUNNING;
    boolean isLeft = site == Site.LEFT_TO_THE_SITE || site == Site.LEFT_AND_RUNNING;
    return new VmStatus(
        VM,
        runs ? PowerState.ON : PowerState.OFF,
        runs,
        List.of(),
        null,
        runs,
        Map.of(),
        Instant.EPOCH,
        null,
        isLeft ? "" : "id-web-01",
        false);
  }
}
