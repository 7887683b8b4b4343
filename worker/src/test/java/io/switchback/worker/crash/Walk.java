package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.ReplicationStatus;
import io.switchback.worker.crash.Losses.Loss;
import io.switchback.worker.crash.Losses.Mode;
import io.temporal.client.WorkflowStub;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A failover of the VM that is failed over all the time, and its undo; when a worker is lost in a
 * cycle, that cycle first, and the failover runs on what it made.
 */
record Walk(List<Loss> losses) {
  /** Neighbours of one walk are so far apart that no effect is near two losses. */
  private static final int WALKS = 4;

  Walk {
    losses = List.copyOf(losses);
  }

  /** Few walks over all the points; in each of them, workers are killed and stopped in turn. */
  static Stream<Walk> over(List<CrashPoint> points) {
    List<List<CrashPoint>> walks = new ArrayList<>();
    for (int i = 0; i < WALKS; i++) {
      walks.add(new ArrayList<>());
    }
    deal(points, CrashPoint::isFailover, walks);
    deal(points, point -> !point.isFailover() && !point.isCycle(), walks);
    // A failover to the newest point, on which the replica stands, has nothing to revert.
    List<List<CrashPoint>> withCycle =
        walks.stream()
            .filter(walk -> walk.stream().noneMatch(Walk::isRevertOfFailover))
            .<List<CrashPoint>>map(walk -> new ArrayList<>())
            .toList();
    deal(points, CrashPoint::isCycle, withCycle);
    Iterator<List<CrashPoint>> cycles = withCycle.iterator();
    return walks.stream()
        .map(
            walk ->
                walk.stream().anyMatch(Walk::isRevertOfFailover) ? walk : both(cycles.next(), walk))
        .filter(walk -> !walk.isEmpty())
        .map(Walk::inTurn);
  }

  private static List<CrashPoint> both(List<CrashPoint> first, List<CrashPoint> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  private static void deal(
      List<CrashPoint> points, Predicate<CrashPoint> which, List<List<CrashPoint>> walks) {
    List<CrashPoint> dealt = points.stream().filter(which).toList();
    for (int i = 0; i < dealt.size(); i++) {
      walks.get(i % walks.size()).add(dealt.get(i));
    }
  }

  private static boolean isRevertOfFailover(CrashPoint point) {
    return point.isFailover() && point.activity().equals("RevertToSnapshot");
  }

  private static Walk inTurn(List<CrashPoint> points) {
    List<Loss> losses = new ArrayList<>();
    for (CrashPoint point : points) {
      losses.add(new Loss(point, Mode.inTurn(losses.size())));
    }
    return new Walk(losses);
  }

  void run(CrashEstate estate) throws Exception {
    estate.recover();
    List<Loss> inCycle = losses(CrashPoint::isCycle);
    if (!inCycle.isEmpty()) {
      cycle(estate, inCycle);
    }
    List<?> vms = inCycle.isEmpty() ? estate.chosen() : List.of(CrashEstate.VM);
    well(
        operation(estate, "PartialFailover", vms, losses(CrashPoint::isFailover)),
        ReplicaState.FAILOVER);
    JsonNode testimony = estate.testimony();
    assertThat(testimony.path("mistakes")).as(testimony.toString()).isEmpty();
    well(
        operation(
            estate,
            "UndoFailover",
            List.of(CrashEstate.VM),
            losses(point -> !point.isCycle() && !point.isFailover())),
        ReplicaState.READY);
    estate.assertNothingWasDoneTwice();
  }

  private List<Loss> losses(Predicate<CrashPoint> which) {
    return losses.stream().filter(loss -> which.test(loss.point())).toList();
  }

  private static OperationResult operation(
      CrashEstate estate, String type, List<?> vms, List<Loss> losses) throws Exception {
    Losses set = Losses.set(estate, losses, trap -> trap);
    WorkflowStub run = estate.begin(type, vms);
    set.await(List.of(run.getExecution().getWorkflowId(), "replica/" + estate.replica.id()));
    return CrashEstate.end(run);
  }

  private static void cycle(CrashEstate estate, List<Loss> losses) throws Exception {
    String before = estate.newest();
    Losses set = Losses.set(estate, losses, trap -> trap);
    CompletableFuture<ReplicationStatus> cycle = CompletableFuture.supplyAsync(estate::replicate);
    set.await(List.of(estate.loop()));
    ReplicationStatus made = cycle.get(90, TimeUnit.SECONDS);
    assertThat(made.newest()).as(made.toString()).isNotNull();
    assertThat(made.newest().id()).as(made.toString()).isNotEqualTo(before);
  }

  static void well(OperationResult result, ReplicaState state) {
    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.DONE);
    assertThat(result.members().getFirst().state()).isEqualTo(state);
  }

  @Override
  public String toString() {
    return losses.stream().map(Loss::toString).collect(Collectors.joining(", "));
  }
}
