package io.switchback.worker.model;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.FailbackTo;
import io.switchback.model.Undoable;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An operation as the law has it: from where it may begin, what is asked, and what the VM is
 * afterwards.
 *
 * @param fields of the input beside the VM, each with a comma before it
 * @param point the place of the restore point that is asked for among all, the newest first; -1
 *     when none is
 * @param window that is asked for; null when none is
 * @param undone every way in which the VM may be left where the operation is undone
 */
record Deed(
    String type,
    String fields,
    int point,
    @Nullable Window window,
    ReplicaState from,
    UnaryOperator<Model> done,
    Function<Model, Stream<Model>> undone) {

  /** Stands for the name of the VM at production's site that is not production. */
  static final String SPARE = "@SPARE";

  /** Stands for the name of the VM that is made. */
  static final String MADE = "@MADE";

  /** Stands for the time of a switch. */
  static final String AT = "@AT";

  private static Deed of(String type, String fields, ReplicaState from, UnaryOperator<Model> done) {
    return new Deed(type, fields, -1, null, from, done, Stream::of);
  }

  private Deed undoneAs(Function<Model, Stream<Model>> ways) {
    return new Deed(type, fields, point, window, from, done, ways);
  }

  /** The same with a window; the undo leaves none of it. */
  Deed within(Window asked) {
    return new Deed(
        type,
        fields + asked.field(),
        point,
        asked,
        from,
        model -> done.apply(model.window(asked)),
        undone);
  }

  /** What the operation is of, where it may be given a window. */
  @Nullable Undoable undoable() {
    return switch (type) {
      case "PartialFailover", "PlannedFailover" -> Undoable.FAILOVER;
      case "Failback", "SwitchOver" -> Undoable.FAILBACK;
      default -> null;
    };
  }

  static Deed failOver(int point) {
    return new Deed(
        "PartialFailover",
        "",
        point,
        null,
        READY,
        model -> model.failedOver(point),
        model -> Stream.of(model.cycledAndUndone(0)));
  }

  static Deed failOverAsPlanned() {
    return of("PlannedFailover", "", READY, Model::movedAsPlanned)
        .undoneAs(
            model ->
                Stream.concat(
                    Stream.of(model, model.cycleFailed()),
                    IntStream.range(0, 3).mapToObj(model::cycledAndUndone)));
  }

  static Deed undoFailover() {
    return of("UndoFailover", "", FAILOVER, Model::failoverUndone);
  }

  static Deed makePermanent() {
    return of("PermanentFailover", "", FAILOVER, Model::madePermanent);
  }

  static Deed failBack(FailbackTo to) {
    return of("Failback", field(to), FAILOVER, model -> model.failedBack(to));
  }

  static Deed failBackLater(FailbackTo to, Wait due) {
    return of("Failback", field(to) + due.field(), FAILOVER, model -> model.synchronised(to, due));
  }

  /** As an input names what the data go back to; its name is put in. */
  private static String field(FailbackTo to) {
    return switch (to) {
      case PRODUCTION -> "";
      case RESTORED -> ",\"restored\":\"" + SPARE + '"';
      case NEW_LOCATION -> ",\"location\":{\"name\":\"" + MADE + "\"}";
    };
  }

  /** What the data go back to, where the operation is a failback. */
  FailbackTo to() {
    return fields.contains(SPARE)
        ? FailbackTo.RESTORED
        : fields.contains(MADE) ? FailbackTo.NEW_LOCATION : FailbackTo.PRODUCTION;
  }

  static Deed switchOver() {
    return of("SwitchOver", "", READY_TO_SWITCH, Model::switched)
        .undoneAs(model -> Stream.of(model.halfSynchronised()));
  }

  /** The switch is made at its time. */
  static Deed moveSwitch() {
    return of(
        "SwitchOver",
        ",\"at\":\"" + AT + '"',
        READY_TO_SWITCH,
        model -> model.waits(requireNonNull(model.due()).stopped(false)));
  }

  static Deed resynchronise() {
    return of("ResynchroniseFailback", "", READY_TO_SWITCH, Model::synchronisedAgain)
        .undoneAs(model -> Stream.of(model.halfSynchronised()));
  }

  static Deed cancel() {
    return of("CancelFailback", "", READY_TO_SWITCH, Model::cancelled);
  }

  /** Production, which runs beside its replica, is on none of its networks. */
  static Deed isolate() {
    return of("Isolate", "", FAILOVER, UnaryOperator.identity());
  }

  static Deed reconnect() {
    return of("Reconnect", "", FAILOVER, UnaryOperator.identity());
  }

  /** A replica that somebody runs by hand is what serves. */
  static Deed adopt() {
    return of("Adopt", "", READY, Model::adopted);
  }

  /** Another policy, which keeps as many points. */
  static Deed reconfigure(ReplicaState from) {
    return of(
        "Reconfigure",
        ",\"policy\":{\"name\":\"leap\",\"interval\":\"P366D\",\"retention\":{\"points\":%d}}"
            .formatted(Model.KEPT),
        from,
        UnaryOperator.identity());
  }

  static Deed commit() {
    return of("CommitFailback", "", FAILBACK, Model::committed);
  }

  static Deed undoFailback() {
    return of("UndoFailback", "", FAILBACK, model -> model.failbackUndone(false));
  }

  /** The same; of what the failback has made nothing is kept. */
  static Deed undoFailbackAndRemove() {
    return of("UndoFailback", ",\"removeVm\":true", FAILBACK, model -> model.failbackUndone(true));
  }

  boolean mayBegin(Model model) {
    return from == model.state();
  }

  /** Every way in which the VM may be left where a person has it aborted. */
  Stream<Model> aborted(Model model) {
    return undone
        .apply(model)
        .flatMap(
            one ->
                // What a switch asks for waits with it, as long as the switch does.
                window == null || one.state() != READY_TO_SWITCH
                    ? Stream.of(one)
                    : Stream.of(one, one.window(window)));
  }

  /** The same where its run has died, and reconcile takes back what it did. */
  Stream<Model> takenBack(Model model) {
    return aborted(model)
        .flatMap(
            one ->
                // Who keeps what a switch has made powers it on.
                type.equals("UndoFailback")
                    ? Stream.of(one, one.production(one.production().on(true)))
                    : Stream.of(one));
  }

  /** Every way in which the VM may be left where its run has died, and reconcile goes on. */
  Stream<Model> goneOn(Model model) {
    Model whole = done.apply(model);
    Stream<Model> some =
        type.equals("PlannedFailover")
            ? IntStream.range(0, 3).boxed().flatMap(cycles -> movedWithout(model, cycles))
            : Stream.empty();
    return Stream.concat(Stream.of(whole), some)
        .flatMap(
            one ->
                // It may have died before it asked for its window.
                window == null ? Stream.of(one) : Stream.of(one, one.window(null)));
  }

  /** A planned failover that ended after so many cycles, and goes to the point that is there. */
  private static Stream<Model> movedWithout(Model model, int cycles) {
    Model moved = model.cycledAndUndone(cycles).failedOver(0);
    return model.production().isOn()
        ? Stream.of(moved, moved.production(model.production().on(false)).shutDown(true))
        : Stream.of(moved);
  }

  @Override
  public String toString() {
    return type + fields + (point > 0 ? " to point " + point : "");
  }
}
