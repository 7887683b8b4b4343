package io.switchback.worker.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Failback;
import io.switchback.model.FailbackTo;
import io.switchback.model.Replica;
import io.switchback.operation.Outcome;
import io.switchback.operation.ReplicationStatus;
import io.switchback.operation.WindowChange;
import io.switchback.operation.WindowTimer;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.worker.model.Disturbance.WorkerStops;
import io.switchback.worker.model.Runs.Ended;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One VM on its way through the lifecycle: what it is by the model, and the real one. */
final class Walk {
  private static final Duration UNTIL_THE_SWITCH = Duration.ofHours(3);
  private static final Duration A_MOMENT = Duration.ofSeconds(1);

  private final World world;
  private final Invariants invariants;
  private final Hands hands;
  private Model model;

  /** A new VM that is not protected. */
  Walk(World world) {
    this.world = world;
    world.beginAnew();
    invariants = new Invariants(world);
    hands = new Hands(world);
    model = Model.unprotected(world.create());
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
            .formatted(name(), Model.KEPT),
        null);
    String there = replica().recovery().id();
    var _ = world.recovery().replaceGuest(there, World.IDLE, null);
    ReplicationStatus first = world.runs().cycle(replica().id(), Disturbance.NONE);
    assertThat(first.problem()).isEmpty();
    model = model.firstCopied(there, view().points().size());
  }

  /** Ends the protection; what is production for good by then is left to its site. */
  void unprotect() throws Exception {
    if (model.state() != ReplicaState.PERMANENT) {
      unprotect("remove");
      return;
    }
    String left = model.serving().vm();
    var _ = world.recovery().powerOff(left, null);
    unprotect("keep");
    check();
    world.recovery().deleteVm(left, null);
    hands.delete(model.production());
    model = Model.unprotected(world.create()).spare(model.spare());
  }

  private void unprotect(String replica) {
    done(
        "Unprotect",
        "{\"vms\":[\"%1$s\"],\"replica\":\"%2$s\",\"confirm\":[\"%1$s\"]}"
            .formatted(name(), replica),
        replica().id());
    invariants.excuseNothing();
    model = model.unprotected();
  }

  private void done(String type, String input, @Nullable String replica) {
    Ended ended = world.runs().operate(type, input, replica, Disturbance.NONE, Operator.PATIENT);
    assertThat(ended.outcome()).as("%s: %s", type, ended.words()).isEqualTo(Outcome.DONE);
  }

  void cycle(Disturbance disturbance) throws Exception {
    oneCycle(disturbance);
    beginAnewAfter(disturbance);
  }

  private void oneCycle(Disturbance disturbance) throws Exception {
    Conclusion conclusion = conclusion(disturbance);
    ReplicationStatus status = world.runs().cycle(replica().id(), disturbance);
    if (disturbance.equals(Disturbance.NONE)) {
      assertThat(status.problem()).isEmpty();
    }
    if (status.problem().isEmpty()) {
      invariants.excuseNothing();
      model = conclusion.cycled(model);
    } else {
      invariants.excuse(model);
      model = conclusion.cycled(model.cycleFailed());
    }
  }

  /** An operation from where it may begin; whatever goes wrong, it ends done or undone. */
  void operate(Deed deed, Disturbance disturbance, Operator operator) throws Exception {
    makeRoom(deed);
    Conclusion conclusion = conclusion(disturbance);
    Replica replica = replica();
    Ended ended =
        world.runs().operate(deed.type(), input(deed, view()), replica.id(), disturbance, operator);
    if (world.runs().hasKilled()) {
      world.loseTemporal(replica, model);
    }
    world.tally().count(deed, ended.outcome());
    model = named(replica.id(), conclusion.of(deed, ended, () -> refuse(deed, replica.id())));
    beginAnewAfter(disturbance);
  }

  /**
   * In memory, Temporal may skip no time any more, mostly once an activity was lost: it takes what
   * is over for something at work.
   */
  private void beginAnewAfter(Disturbance disturbance) throws Exception {
    boolean isLoopOver = model.state() == ReplicaState.PERMANENT;
    if (!isLoopOver && (disturbance instanceof WorkerStops || !world.runs().skipsTime())) {
      world.loseTemporal(replica(), model);
      if (model.state() == ReplicaState.READY) {
        // The loop begins with a cycle of its own, which holds a place until it is made.
        oneCycle(Disturbance.NONE);
      }
    }
  }

  /** What a failback asks for beside production is there before it, or is not. */
  private void makeRoom(Deed deed) {
    if (deed.to() == FailbackTo.RESTORED && model.spare() == null) {
      model = model.spare(world.create());
    } else if (deed.to() == FailbackTo.NEW_LOCATION && model.spare() != null) {
      deleteSpare();
    }
  }

  /** The VM that a failback has made gets a guest that writes only what it is told to. */
  private Model named(String replicaId, Model found) {
    Model.Side made = found.spare();
    if (made == null || !made.vm().isEmpty()) {
      return found;
    }
    String id =
        requireNonNull(world.replica(replicaId).failback(), "is open").failback().target().id();
    var _ = world.production().replaceGuest(id, World.IDLE, null);
    return found.spare(new Model.Side(id, made.image(), made.isOn()));
  }

  /** An operation from where it may not begin changes nothing. */
  void refuse(Deed deed) {
    refuse(deed, replica().id());
  }

  /** By the replica's id: a failback that is half done may have made another VM production. */
  private void refuse(Deed deed, String replicaId) {
    String input = input(deed, world.replica(replicaId));
    Ended ended =
        world.runs().operate(deed.type(), input, replicaId, Disturbance.NONE, Operator.PATIENT);
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
    var _ = world.recovery().forcePowerOn(model.serving().vm());
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
    beginAnewAfter(disturbance);
  }

  /** The time of the switch comes. */
  void awaitSwitch(Disturbance disturbance, Operator operator) throws Exception {
    Failback open = requireNonNull(view().failback()).failback();
    model = byItself(Deed.switchOver(), requireNonNull(open.switchAt()), disturbance, operator);
    Wait left = model.due();
    if (left != null) {
      model = model.waits(left.stopped(true));
    }
    beginAnewAfter(disturbance);
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
    beginAnewAfter(Disturbance.NONE);
  }

  private Model byItself(Deed deed, Instant due, Disturbance disturbance, Operator operator)
      throws Exception {
    Conclusion conclusion = conclusion(disturbance);
    String replicaId = replica().id();
    Duration left = Duration.between(world.runs().now(), due).plus(A_MOMENT);
    Ended ended = world.runs().pass(left, replicaId, disturbance, operator);
    world.tally().count(deed, ended.outcome());
    return conclusion.of(deed, ended, () -> refuse(deed, replicaId));
  }

  /** Somebody puts the window's end off. */
  void extendWindow() {
    String told = change(WindowTimer.EXTEND, new WindowChange("PT2H", null, "kim", null));
    assertThat(told).contains(name(), "ends at");
    model = model.window(requireNonNull(model.window()).stopped(false));
  }

  /** Somebody wants nothing to end by itself. */
  void cancelWindow() {
    String told = change(WindowTimer.CANCEL, new WindowChange(null, null, "kim", null));
    assertThat(told).contains(name(), "is cancelled");
    model = model.window(null);
  }

  private String change(String update, WindowChange change) {
    return world
        .runs()
        .update(WindowTimer.workflowId(replica().id()), update, String.class, change);
  }

  /** The program in a guest that runs writes. */
  void write(boolean atProduction, int disk, int at, long seed) {
    Model.Side now =
        atProduction
            ? hands.write(model.production(), disk, at, seed)
            : hands.write(model.serving(), replica(), disk, at, seed);
    model = atProduction ? model.production(now) : model.replica(now);
  }

  /** Somebody powers production on or off by hand. */
  void powerProduction() {
    model = model.production(hands.power(model.production()));
  }

  /** The same with the VM that is not production. */
  void powerSpare() {
    model = model.spare(hands.power(requireNonNull(model.spare())));
  }

  /** Nobody needs the VM any more that is not production. */
  void deleteSpare() {
    hands.delete(requireNonNull(model.spare()));
    model = model.spare(null);
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
    hands.delete(model.production());
    if (model.spare() != null) {
      deleteSpare();
    }
  }

  private Conclusion conclusion(Disturbance disturbance) {
    boolean isDisturbed = !disturbance.equals(Disturbance.NONE);
    return new Conclusion(world, invariants, replica().id(), model, isDisturbed);
  }

  private String input(Deed deed, ReplicaView now) {
    String vm = now.replica().name();
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
    Model.Side spare = model.spare();
    String fields =
        deed.fields()
            .replace(Deed.AT, world.runs().now().plus(UNTIL_THE_SWITCH).toString())
            .replace(Deed.SPARE, spare == null ? "" : name(spare))
            .replace(Deed.MADE, deed.to() == FailbackTo.NEW_LOCATION ? world.name() : "");
    return "{\"vms\":[{\"name\":\"%s\"%s}],\"by\":\"kim\"%s}".formatted(vm, more, fields);
  }

  private ReplicaView view() {
    return world.find(model.production().vm()).orElseThrow();
  }

  private String name() {
    return name(model.production());
  }

  private String name(Model.Side side) {
    return world.production().look(side.vm()).name();
  }

  private Replica replica() {
    return view().replica();
  }

  @Override
  public String toString() {
    return model.production().vm() + " " + model.state();
  }
}
