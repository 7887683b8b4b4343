package io.switchback.worker.model;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.PowerState;
import io.switchback.lab.VmView;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.operation.SwitchTimer;
import io.switchback.operation.WindowTimer;
import io.switchback.registry.EstateView.FailbackView;
import io.switchback.registry.EstateView.ReplicaView;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What must be so after every step, of one VM. */
final class Invariants {
  private static final Set<ReplicaState> HELD = EnumSet.of(FAILOVER, READY_TO_SWITCH, FAILBACK);
  private static final Set<ReplicaState> OPEN = EnumSet.of(READY_TO_SWITCH, FAILBACK);

  private final World world;
  private final Holders holders;

  /** Snapshots of a cycle that came to nothing, which the next one removes. */
  private final Set<String> excused = new HashSet<>();

  /** What each restore point held when it was first seen. */
  private final Map<String, Image> seen = new HashMap<>();

  Invariants(World world) {
    this.world = world;
    this.holders = world.holders();
  }

  /** A cycle came to nothing: what it has left stays until the next one. */
  void excuse(Model model) throws Exception {
    ReplicaView found = world.find(model.production().vm()).orElseThrow();
    excused.addAll(World.snapshots(world.production().look(model.production().vm())));
    excused.addAll(World.snapshots(world.recovery().look(found.replica().recovery().id())));
    excused.removeAll(recorded(found));
  }

  /** A cycle was made, or replication has ended. */
  void excuseNothing() {
    excused.clear();
  }

  /** Everything, of a VM that no run is at work with. */
  void check(Model model) throws Exception {
    holders.check();
    ReplicaView found = world.find(model.production().vm()).orElse(null);
    assertThat(found == null ? null : found.state()).as("state").isEqualTo(model.state());
    assertHome("production", model.production(), found);
    if (model.spare() != null) {
      assertHome("the VM that is not production", model.spare(), found);
    }
    if (found != null) {
      assertPoints(model, found);
      assertFacts(found);
      assertTimers(model, found.replica().id());
      assertReplica(model, found);
    }
  }

  /** What holds while a dead run still has its claim, too. */
  void checkPoints(Model before) throws Exception {
    holders.check();
    ReplicaView found = world.find(before.production().vm()).orElse(null);
    if (found != null) {
      for (RestorePoint point : found.points()) {
        assertThat(unchanged(found.replica(), point)).as("bytes of " + point).isTrue();
      }
    }
  }

  private void assertPoints(Model model, ReplicaView found) throws Exception {
    assertThat(found.points()).as("restore points").hasSize(model.points().size());
    for (int i = 0; i < found.points().size(); i++) {
      RestorePoint point = found.points().get(i);
      assertThat(unchanged(found.replica(), point)).as("bytes of %s stay", point).isTrue();
      assertHolds(
          "restore point " + i + " " + point.id(),
          requireNonNull(seen.get(point.snapshot())),
          model.points().get(i));
    }
  }

  private boolean unchanged(Replica replica, RestorePoint point) throws Exception {
    Image now = world.snapshot(replica.recovery().id(), recoveryDisks(replica), point.snapshot());
    Image first = seen.putIfAbsent(point.snapshot(), now);
    return first == null || first.holds(now);
  }

  private void assertFacts(ReplicaView found) throws Exception {
    ReplicaState state = found.state();
    String id = found.replica().id();
    assertThat(found.claim()).as("claim left").isNull();
    assertThat(found.hold() != null).as("hold in " + state).isEqualTo(HELD.contains(state));
    assertThat(found.failback() != null).as("failback in " + state).isEqualTo(OPEN.contains(state));
    List<String> empty =
        HELD.contains(state) // what serves, or may have to again, stands on a point
            ? List.of("reservation")
            : List.of("reservation", "restore_point_use");
    for (String table : empty) {
      assertThat(world.ask("select t::text from %s t where replica_id = '%s'".formatted(table, id)))
          .as("left in " + table)
          .isEmpty();
    }
    if (world.runs().hasDisturbed("Dismiss")) {
      world.letPlacesEnd();
    }
    assertThat(world.ask("select l::text from admission_lease l")).as("leases left").isEmpty();
  }

  /** What is to happen by itself is what was asked for, and somebody sees to it. */
  private void assertTimers(Model model, String id) throws Exception {
    assertThat(world.windows(id)).as("windows").isEqualTo(rows(model.window()));
    if (model.window() != null && model.window().isOpen()) {
      world.runs().awaitRunning(WindowTimer.workflowId(id), true);
    }
    if (model.due() != null && model.due().hasTimer()) {
      world.runs().awaitRunning(SwitchTimer.workflowId(id), true);
    }
  }

  /** What the registry has of a window. */
  static List<String> rows(@Nullable Window window) {
    return window == null ? List.of() : List.of(window.row());
  }

  private void assertReplica(Model model, ReplicaView found) throws Exception {
    Replica replica = found.replica();
    VmView there = world.recovery().look(replica.recovery().id());
    assertThat(there.power())
        .as("power of the replica")
        .isEqualTo(model.serving().isOn() ? PowerState.ON : PowerState.OFF);
    assertSide("replica", world.recovery(), there.id(), recoveryDisks(replica), model.serving());
    assertThat(unexcused(there))
        .as("snapshots of the replica")
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(recorded(found).stream(), roundOf(found.failback())).toList());
    if (found.state() == READY && model.serving().image() != null) {
      assertThat(there.unsavedBytes()).as("written over the newest point").isZero();
    }
  }

  private List<String> recorded(ReplicaView found) throws SQLException {
    return world.ask(
        "select snapshot from restore_point where gone_at is null and replica_id = '%s'"
            .formatted(found.replica().id()));
  }

  private List<String> unexcused(VmView vm) {
    return World.snapshots(vm).stream().filter(name -> !excused.contains(name)).toList();
  }

  private static Stream<String> roundOf(@Nullable FailbackView open) {
    return open == null || open.failback().protectivePoint() != null
        ? Stream.empty()
        : Stream.of(requireNonNull(open.failback().round()).snapshot());
  }

  /** A VM at production's site: nobody but people and an open failback keeps anything there. */
  private void assertHome(String what, Model.Side side, @Nullable ReplicaView found) {
    VmView vm = world.production().look(side.vm());
    assertThat(vm.power())
        .as("power of " + what)
        .isEqualTo(side.isOn() ? PowerState.ON : PowerState.OFF);
    assertThat(vm.networks()).as("networks of " + what).allMatch(NetworkCard::connected);
    assertSide(what, world.production(), side.vm(), disksOf(vm), side);
    assertThat(unexcused(vm))
        .as("snapshots of " + what)
        .containsExactlyInAnyOrderElementsOf(found == null ? List.of() : kept(side.vm(), found));
  }

  /** What an open failback keeps at its target. */
  private static List<String> kept(String vm, ReplicaView found) {
    List<String> kept = new ArrayList<>();
    if (found.failback() != null && found.failback().failback().target().id().equals(vm)) {
      Failback open = found.failback().failback();
      if (!open.makesTarget()) {
        kept.add(open.targetSnapshot());
      }
      roundOf(found.failback()).map(round -> round.replace("round-", "mark-")).forEach(kept::add);
    }
    return kept;
  }

  private static void assertSide(
      String what, LabClient site, String id, List<String> disks, Model.Side side) {
    if (side.image() != null) {
      assertHolds("the disks of " + what, World.present(site, id, disks), side.known());
    }
  }

  private static void assertHolds(String what, Image found, Image expected) {
    assertThat(found.holds(expected))
        .as("%s hold what the model has; they differ in %s", what, found.difference(expected))
        .isTrue();
  }

  static List<String> disksOf(VmView vm) {
    return vm.disks().stream().map(disk -> disk.id()).toList();
  }

  static List<String> recoveryDisks(Replica replica) {
    return replica.disks().stream().map(DiskPair::recoveryDisk).toList();
  }
}
