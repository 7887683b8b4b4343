package io.switchback.worker.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.PowerState;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.RestorePoint;
import io.switchback.operation.MemberResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.ReplicationStatus;
import io.switchback.operation.Way;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.worker.model.Runs.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of a VM by an operation that has ended, whichever of its ends it was. */
final class Conclusion {
  private final World world;
  private final Invariants invariants;
  private final String replicaId;
  private final Model before;
  private final boolean isDisturbed;
  private final Set<String> snapshots;

  /**
   * Remembers what is there before the operation begins.
   *
   * @param isDisturbed whether anything is to go wrong, for which it may be refused
   */
  Conclusion(
      World world, Invariants invariants, String replicaId, Model before, boolean isDisturbed) {
    this.world = world;
    this.invariants = invariants;
    this.replicaId = replicaId;
    this.before = before;
    this.isDisturbed = isDisturbed;
    this.snapshots = snapshots();
  }

  /**
   * The model afterwards.
   *
   * @param again begins the same operation once more; it is refused
   */
  Model of(Deed deed, Ended ended, Runnable again) throws Exception {
    return switch (ended.outcome()) {
      case DONE -> found(Stream.of(deed.done().apply(before)));
      case ABORTED -> found(deed.aborted(before));
      case LEFT_FOR_RECONCILE, UNKNOWN -> settled(deed, ended, again);
      case REFUSED -> {
        assertThat(isDisturbed).as("%s is not refused: %s", deed, ended.words()).isTrue();
        yield found(Stream.of(before));
      }
    };
  }

  /** A run that is over with its claim is settled one of the ways that are offered. */
  private Model settled(Deed deed, Ended ended, Runnable again) throws Exception {
    invariants.checkPoints(before);
    if (view().claim() == null) {
      return found(Stream.concat(deed.goneOn(before), deed.takenBack(before)));
    }
    again.run();
    MemberResult looked = reconcile("");
    List<Way> ways = requireNonNull(looked.reconciliation()).ways();
    assertThat(ways).as("ways after %s: %s", deed, ended.words()).isNotEmpty();
    Way way = ways.get(Math.floorMod(ended.words().hashCode(), ways.size()));
    MemberResult done = reconcile(way.choose());
    assertThat(done.outcome()).as("%s: %s", way, done.notes()).isEqualTo(Outcome.DONE);
    return found(
        switch (way.choose()) {
          case Way.ROLL_FORWARD -> deed.goneOn(before);
          case Way.ROLL_BACK -> deed.takenBack(before);
          default -> Stream.concat(deed.goneOn(before), deed.takenBack(before));
        });
  }

  private MemberResult reconcile(String choose) {
    Ended ended =
        world
            .runs()
            .operate(
                "Reconcile",
                "{\"vms\":[{\"name\":\"%s\",\"choose\":\"%s\"}],\"by\":\"kim\",\"reason\":\"it died\"}"
                    .formatted(view().replica().name(), choose),
                replicaId,
                Disturbance.NONE,
                Operator.PATIENT);
    return Optional.ofNullable(ended.result())
        .orElseThrow(() -> new AssertionError("not reconciled: " + ended.words()));
  }

  /** The first of the candidates that looks like what is there; the checks tell whether it is. */
  private Model found(Stream<Model> candidates) throws Exception {
    ReplicaView found = view();
    List<Model> all = candidates.toList();
    List<Model> fitting = new ArrayList<>(all);
    fitting.removeIf(one -> one.state() != found.state());
    if (found.state() == ReplicaState.READY && !fitting.isEmpty()) {
      // Replication goes on by itself; who asks for one more cycle knows when it rests.
      ReplicationStatus next = world.runs().cycle(replicaId, Disturbance.NONE);
      assertThat(next.problem()).as("the cycle after").isEmpty();
      invariants.excuseNothing();
      return cycled(nearest(found, fitting, false));
    }
    return nearest(found, fitting.isEmpty() ? all : fitting, true);
  }

  private Model nearest(ReplicaView found, List<Model> candidates, boolean counted)
      throws Exception {
    List<String> windows = world.windows(replicaId);
    String production = found.replica().production().id();
    boolean runs = world.production().look(production).power() == PowerState.ON;
    Stream<Model> alike =
        candidates.stream()
            .filter(one -> !counted || one.points().size() == found.points().size())
            .filter(one -> one.production().isOn() == runs)
            .filter(one -> Invariants.rows(one.window()).equals(windows));
    return alike.findFirst().orElse(candidates.getFirst());
  }

  /** A ready VM whose loop has run some cycles since: each has made a point of production. */
  Model cycled(Model ready) {
    List<RestorePoint> found = view().points();
    long made = found.stream().filter(point -> !snapshots.contains(point.snapshot())).count();
    return ready.cycled((int) made, before.points(), found.size());
  }

  private Set<String> snapshots() {
    return view().points().stream().map(RestorePoint::snapshot).collect(Collectors.toSet());
  }

  private ReplicaView view() {
    return world.replica(replicaId);
  }
}
