package io.switchback.worker.model;

import io.switchback.lifecycle.ReplicaState;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An operation as the law has it: from where it may begin, what is asked, and what the VM is
 * afterwards.
 *
 * @param fields of the input beside the VM, each with a comma before it
 * @param point the place of the restore point that is asked for among all, the newest first; -1
 *     when none is
 * @param undone every way in which the VM may be left where the operation is undone
 */
record Deed(
    String type,
    String fields,
    int point,
    Set<ReplicaState> from,
    Function<Model, Model> done,
    Function<Model, Stream<Model>> undone) {

  private static Deed of(
      String type, String fields, ReplicaState from, Function<Model, Model> done) {
    return new Deed(type, fields, -1, Set.of(from), done, Stream::of);
  }

  static Deed failOver(int point) {
    return new Deed(
        "PartialFailover",
        "",
        point,
        Set.of(ReplicaState.READY),
        model -> model.failedOver(point),
        model -> Stream.of(model.cycledAndUndone(0)));
  }

  static Deed failOverAsPlanned() {
    return new Deed(
        "PlannedFailover",
        "",
        -1,
        Set.of(ReplicaState.READY),
        Model::movedAsPlanned,
        model ->
            Stream.concat(
                Stream.of(model, model.cycleFailed()),
                IntStream.range(0, 3).mapToObj(model::cycledAndUndone)));
  }

  static Deed undoFailover() {
    return of("UndoFailover", "", ReplicaState.FAILOVER, Model::failoverUndone);
  }

  static Deed makePermanent() {
    return of("PermanentFailover", "", ReplicaState.FAILOVER, Model::madePermanent);
  }

  static Deed failBack() {
    return of("Failback", "", ReplicaState.FAILOVER, Model::switched);
  }

  static Deed failBackLater() {
    return of("Failback", ",\"switchover\":\"manual\"", ReplicaState.FAILOVER, Model::synchronised);
  }

  static Deed switchOver() {
    return of("SwitchOver", "", ReplicaState.READY_TO_SWITCH, Model::switched);
  }

  static Deed cancel() {
    return of("CancelFailback", "", ReplicaState.READY_TO_SWITCH, Model::cancelled);
  }

  static Deed commit() {
    return of("CommitFailback", "", ReplicaState.FAILBACK, Model::committed);
  }

  static Deed undoFailback() {
    return of("UndoFailback", "", ReplicaState.FAILBACK, Model::failbackUndone);
  }

  /** Every operation that begins with a replica, of a model that has a point. */
  static List<Deed> all() {
    return List.of(
        failOver(0),
        failOverAsPlanned(),
        undoFailover(),
        makePermanent(),
        failBack(),
        failBackLater(),
        switchOver(),
        cancel(),
        commit(),
        undoFailback());
  }

  boolean mayBegin(Model model) {
    return model.state() != null && from.contains(model.state());
  }

  @Override
  public String toString() {
    return type + fields + (point > 0 ? " to point " + point : "");
  }
}
