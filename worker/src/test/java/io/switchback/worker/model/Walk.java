package io.switchback.worker.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.PowerState;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
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
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One VM on its way through the lifecycle: what it is by the model, and the real one. */
final class Walk {
  private final World world;
  private final String vm;
  private final Invariants invariants;
  private Model model;

  /** A new VM that is not protected. */
  Walk(World world) {
    this.world = world;
    this.vm = world.create();
    this.invariants = new Invariants(world, vm);
    var view = world.production().look(vm);
    this.model =
        Model.unprotected(
            new Model.Side(World.present(world.production(), vm, Invariants.disksOf(view)), false));
  }

  Model model() {
    return model;
  }

  void check() throws Exception {
    invariants.check(model);
  }

  /** Protects the VM and runs a cycle beside the first copy. */
  void protect() {
    Ended ended =
        world
            .runs()
            .operate(
                "Protect",
                """
                {"vms": ["%s"], "from": "berlin", "to": "potsdam",
                 "policy": {"name": "yearly", "interval": "P365D", "retention": {"points": %d}}}
                """
                    .formatted(vm, Model.KEPT),
                null,
                Disturbance.NONE,
                Operator.PATIENT);
    assertThat(ended.outcome()).as(ended.words()).isEqualTo(Outcome.DONE);
    var _ = world.recovery().replaceGuest(replica().recovery().id(), World.IDLE, null);
    ReplicationStatus first = world.runs().cycle(replica().id(), Disturbance.NONE);
    assertThat(first.problem()).isEmpty();
    model = model.firstCopied(view().points().size());
  }

  void unprotect(String replica) {
    Ended ended =
        world
            .runs()
            .operate(
                "Unprotect",
                "{\"vms\":[\"%s\"],\"replica\":\"%s\",\"confirm\":[\"%s\"]}"
                    .formatted(vm, replica, vm),
                replica().id(),
                Disturbance.NONE,
                Operator.PATIENT);
    assertThat(ended.outcome()).as(ended.words()).isEqualTo(Outcome.DONE);
    model = model.unprotected();
  }

  void cycle(Disturbance disturbance) {
    Set<String> before = snapshots();
    ReplicationStatus status = world.runs().cycle(replica().id(), disturbance);
    if (disturbance.equals(Disturbance.NONE)) {
      assertThat(status.problem()).isEmpty();
    }
    model = replicated(status.problem().isEmpty() ? model : model.cycleFailed(), before);
  }

  /** An operation from where it may begin; whatever goes wrong, it ends done or undone. */
  void operate(Deed deed, Disturbance disturbance, Operator operator) throws Exception {
    Replica replica = replica();
    Set<String> before = snapshots();
    Ended ended =
        world.runs().operate(deed.type(), input(deed), replica.id(), disturbance, operator);
    switch (ended.outcome()) {
      case DONE -> become(before, Stream.of(deed.done().apply(model)));
      case ABORTED -> become(before, deed.undone().apply(model));
      case LEFT_FOR_RECONCILE, UNKNOWN -> settle(deed, replica, before, ended);
      default -> throw new AssertionError(deed + " was refused: " + ended.words());
    }
  }

  /** An operation from where it may not begin changes nothing. */
  void refuse(Deed deed) {
    Ended ended =
        world
            .runs()
            .operate(deed.type(), input(deed), replica().id(), Disturbance.NONE, Operator.PATIENT);
    assertThat(ended.outcome())
        .as("%s from %s: %s", deed, model.state(), ended.words())
        .isIn(Outcome.REFUSED, Outcome.UNKNOWN);
  }

  /** A run that is over with its claim is settled one of the ways that are offered. */
  private void settle(Deed deed, Replica replica, Set<String> before, Ended ended)
      throws Exception {
    invariants.checkPoints();
    List<Model> both =
        Stream.concat(Stream.of(deed.done().apply(model)), deed.undone().apply(model)).toList();
    if (view().claim() == null) {
      become(before, both.stream());
      return;
    }
    refuse(deed);
    MemberResult looked = reconcile(replica, "");
    var seen = java.util.Objects.requireNonNull(looked.reconciliation());
    assertThat(seen.ways()).as("ways after %s: %s", deed, ended.words()).isNotEmpty();
    Way way = seen.ways().get(Math.floorMod(ended.words().hashCode(), seen.ways().size()));
    MemberResult settled = reconcile(replica, way.choose());
    assertThat(settled.outcome()).as("%s: %s", way, settled.notes()).isEqualTo(Outcome.DONE);
    switch (way.choose()) {
      case Way.ROLL_FORWARD -> become(before, Stream.of(deed.done().apply(model)));
      case Way.ROLL_BACK -> become(before, deed.undone().apply(model));
      default -> become(before, both.stream());
    }
  }

  private MemberResult reconcile(Replica replica, String choose) {
    Ended ended =
        world
            .runs()
            .operate(
                "Reconcile",
                "{\"vms\":[{\"name\":\"%s\",\"choose\":\"%s\"}],\"by\":\"kim\",\"reason\":\"it died\"}"
                    .formatted(vm, choose),
                replica.id(),
                Disturbance.NONE,
                Operator.PATIENT);
    return Optional.ofNullable(ended.result())
        .orElseThrow(() -> new AssertionError("not reconciled: " + ended.words()));
  }

  /** The program in a guest that runs writes. */
  void write(boolean atProduction, int disk, int at, long seed) {
    byte[] bytes = new byte[700];
    new SplittableRandom(seed).nextBytes(bytes);
    Model.Side side = atProduction ? model.production() : model.serving();
    Model.Side now = new Model.Side(side.known().written(disk, at, bytes), true);
    if (atProduction) {
      String id = Invariants.disksOf(world.production().look(vm)).get(disk);
      booted(() -> world.production().look(vm).toolsReady());
      world.production().writeInGuest(vm, id, at, bytes);
      model = model.production(now);
    } else {
      String there = replica().recovery().id();
      String id = Invariants.recoveryDisks(replica()).get(disk);
      booted(() -> world.recovery().look(there).toolsReady());
      world.recovery().writeInGuest(there, id, at, bytes);
      model = model.replica(now);
    }
  }

  /** Somebody powers production on or off by hand. */
  void powerProduction() {
    Model.Side now = model.production().on(!model.production().isOn());
    if (now.isOn()) {
      var _ = world.production().powerOn(vm, null);
    } else {
      var _ = world.production().powerOff(vm, null);
    }
    model = model.production(now);
  }

  /** Ends what is open, so that nothing of the walk is left. */
  void end() throws Exception {
    if (model.state() == ReplicaState.READY_TO_SWITCH) {
      operate(Deed.cancel(), Disturbance.NONE, Operator.PATIENT);
    }
    if (model.state() != null) {
      unprotect("remove");
      check();
    }
    if (world.production().look(vm).power() == PowerState.ON) {
      var _ = world.production().powerOff(vm, null);
    }
    world.production().deleteVm(vm, null);
  }

  /** The one among the candidates that is in the state and has as many points as there are. */
  private void become(Set<String> before, Stream<Model> candidates) {
    ReplicaView found = view();
    List<Model> all = candidates.toList();
    List<Model> fitting = new ArrayList<>(all);
    fitting.removeIf(one -> one.state() != found.state());
    if (found.state() == ReplicaState.READY && !fitting.isEmpty()) {
      // Replication goes on by itself; who asks for one more cycle knows when it rests.
      ReplicationStatus next = world.runs().cycle(found.replica().id(), Disturbance.NONE);
      assertThat(next.problem()).as("the cycle after").isEmpty();
      model = replicated(fitting.getFirst(), before);
      return;
    }
    fitting.removeIf(one -> one.points().size() != found.points().size());
    model = fitting.isEmpty() ? all.getFirst() : fitting.getFirst();
  }

  /** A ready VM whose loop has run some cycles since: each has made a point of production. */
  private Model replicated(Model ready, Set<String> before) {
    List<RestorePoint> found = view().points();
    long made = found.stream().filter(point -> !before.contains(point.snapshot())).count();
    return ready.cycled((int) made, model.points(), found.size());
  }

  private Set<String> snapshots() {
    return view().points().stream().map(RestorePoint::snapshot).collect(Collectors.toSet());
  }

  private String input(Deed deed) {
    String vms =
        deed.point() < 0
            ? "\"%s\"".formatted(vm)
            : "{\"name\":\"%s\",\"restorePoint\":\"%s\"}"
                .formatted(
                    vm,
                    deed.point() < view().points().size()
                        ? view().points().get(deed.point()).id()
                        : "latest");
    return "{\"vms\":[%s],\"by\":\"kim\"%s}".formatted(vms, deed.fields());
  }

  private ReplicaView view() {
    return world.find(vm).orElseThrow();
  }

  private Replica replica() {
    return view().replica();
  }

  private static void booted(java.util.function.BooleanSupplier condition) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("its guest has not booted");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public String toString() {
    return vm + " " + model.state();
  }
}
