package io.switchback.worker.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.PowerState;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Failback;
import io.switchback.model.Replica;
import io.switchback.operation.Outcome;
import io.switchback.operation.ReplicationStatus;
import io.switchback.operation.WindowChange;
import io.switchback.operation.WindowTimer;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.worker.model.Runs.Ended;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One VM on its way through the lifecycle: what it is by the model, and the real one. */
final class Walk {
  private static final Duration UNTIL_THE_SWITCH = Duration.ofHours(3);
  private static final Duration A_MOMENT = Duration.ofSeconds(1);

  private final World world;
  private String vm;
  private Invariants invariants;
  private Model model;

  /** A new VM that is not protected. */
  Walk(World world) {
    this.world = world;
    world.beginAnew();
    begin();
  }

  private void begin() {
    vm = world.create();
    invariants = new Invariants(world, vm);
    var view = world.production().look(vm);
    model =
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
    done(
        "Protect",
        """
        {"vms": ["%s"], "from": "berlin", "to": "potsdam",
         "policy": {"name": "yearly", "interval": "P365D", "retention": {"points": %d}}}
        """
            .formatted(vm, Model.KEPT),
        null);
    var _ = world.recovery().replaceGuest(replica().recovery().id(), World.IDLE, null);
    ReplicationStatus first = world.runs().cycle(replica().id(), Disturbance.NONE);
    assertThat(first.problem()).isEmpty();
    model = model.firstCopied(view().points().size());
  }

  /** Ends the protection; what is production for good by then is left to its site. */
  void unprotect() throws Exception {
    if (model.state() != ReplicaState.PERMANENT) {
      unprotect("remove");
      return;
    }
    String left = replica().recovery().id();
    var _ = world.recovery().powerOff(left, null);
    unprotect("keep");
    check();
    world.recovery().deleteVm(left, null);
    deleteProduction();
    begin();
  }

  private void unprotect(String replica) {
    done(
        "Unprotect",
        "{\"vms\":[\"%s\"],\"replica\":\"%s\",\"confirm\":[\"%s\"]}".formatted(vm, replica, vm),
        replica().id());
    model = model.unprotected();
  }

  private void done(String type, String input, @Nullable String replica) {
    Ended ended = world.runs().operate(type, input, replica, Disturbance.NONE, Operator.PATIENT);
    assertThat(ended.outcome()).as("%s: %s", type, ended.words()).isEqualTo(Outcome.DONE);
  }

  void cycle(Disturbance disturbance) {
    Conclusion conclusion = conclusion();
    ReplicationStatus status = world.runs().cycle(replica().id(), disturbance);
    if (disturbance.equals(Disturbance.NONE)) {
      assertThat(status.problem()).isEmpty();
    }
    model = conclusion.cycled(status.problem().isEmpty() ? model : model.cycleFailed());
  }

  /** An operation from where it may begin; whatever goes wrong, it ends done or undone. */
  void operate(Deed deed, Disturbance disturbance, Operator operator) throws Exception {
    Conclusion conclusion = conclusion();
    Ended ended =
        world.runs().operate(deed.type(), input(deed), replica().id(), disturbance, operator);
    if (ended.outcome() == Outcome.UNKNOWN) {
      world.loseTemporal(replica(), model);
    }
    model = conclusion.of(deed, ended, () -> refuse(deed));
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

  /** Production is off its networks for a while. */
  void isolate(Disturbance disturbance, Operator operator) throws Exception {
    operate(Deed.isolate(), disturbance, operator);
    operate(Deed.reconnect(), Disturbance.NONE, Operator.PATIENT);
  }

  /** Somebody runs the replica by hand, and it is accepted as what serves. */
  void adopt() throws Exception {
    var _ = world.recovery().forcePowerOn(replica().recovery().id());
    operate(Deed.adopt(), Disturbance.NONE, Operator.PATIENT);
  }

  /** The window's end comes. What a person has stopped then is not begun again by itself. */
  void awaitEndOfWindow(Disturbance disturbance, Operator operator) throws Exception {
    Window window = requireNonNull(model.window());
    Instant end = requireNonNull(requireNonNull(view().window()).endsAt());
    model = byItself(window.end(), end, disturbance, operator);
    Window left = model.window();
    if (left != null) {
      model = model.window(left.stopped(true));
    }
  }

  /** The time of the switch comes. */
  void awaitSwitch(Disturbance disturbance, Operator operator) throws Exception {
    Failback open = requireNonNull(view().failback()).failback();
    model = byItself(Deed.switchOver(), requireNonNull(open.switchAt()), disturbance, operator);
    Wait left = model.due();
    if (left != null) {
      model = model.waits(left.stopped(true));
    }
  }

  /** It is synchronised once more, because it waits for so long. */
  void awaitSynchronisation() throws Exception {
    Failback open = requireNonNull(view().failback()).failback();
    Instant last = requireNonNull(requireNonNull(open.round()).at());
    model =
        byItself(
            Deed.resynchronise(),
            last.plus(requireNonNull(open.resynchroniseEvery())),
            Disturbance.NONE,
            Operator.PATIENT);
  }

  private Model byItself(Deed deed, Instant due, Disturbance disturbance, Operator operator)
      throws Exception {
    Conclusion conclusion = conclusion();
    Duration left = Duration.between(world.runs().now(), due).plus(A_MOMENT);
    Ended ended = world.runs().pass(left, replica().id(), disturbance, operator);
    return conclusion.of(deed, ended, () -> refuse(deed));
  }

  /** Somebody puts the window's end off. */
  void extendWindow() {
    String told = change(WindowTimer.EXTEND, new WindowChange("PT2H", null, "kim", null));
    assertThat(told).contains(vm, "ends at");
    model = model.window(requireNonNull(model.window()).stopped(false));
  }

  /** Somebody wants nothing to end by itself. */
  void cancelWindow() {
    String told = change(WindowTimer.CANCEL, new WindowChange(null, null, "kim", null));
    assertThat(told).contains(vm, "is cancelled");
    model = model.window(null);
  }

  private String change(String update, WindowChange change) {
    return world
        .runs()
        .update(WindowTimer.workflowId(replica().id()), update, String.class, change);
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
      unprotect();
      check();
    }
    deleteProduction();
  }

  private void deleteProduction() {
    if (world.production().look(vm).power() == PowerState.ON) {
      var _ = world.production().powerOff(vm, null);
    }
    world.production().deleteVm(vm, null);
  }

  private Conclusion conclusion() {
    return new Conclusion(world, invariants, vm, model);
  }

  private String input(Deed deed) {
    ReplicaView now = view();
    int points = now.points().size();
    String more =
        switch (deed.type()) {
          case "PartialFailover" ->
              ",\"restorePoint\":\"%s\""
                  .formatted(
                      deed.point() < points ? now.points().get(deed.point()).id() : "latest");
          case "PermanentFailover" ->
              ",\"confirm\":\"remove %d restore point%s of %s\""
                  .formatted(points, points == 1 ? "" : "s", vm);
          default -> "";
        };
    String at = world.runs().now().plus(UNTIL_THE_SWITCH).toString();
    return "{\"vms\":[{\"name\":\"%s\"%s}],\"by\":\"kim\"%s}"
        .formatted(vm, more, deed.fields().replace("\"AT\"", '"' + at + '"'));
  }

  private ReplicaView view() {
    return world.find(vm).orElseThrow();
  }

  private Replica replica() {
    return view().replica();
  }

  private static void booted(BooleanSupplier condition) {
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
