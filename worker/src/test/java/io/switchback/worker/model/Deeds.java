package io.switchback.worker.model;

import static io.switchback.model.FailbackTo.NEW_LOCATION;
import static io.switchback.model.FailbackTo.PRODUCTION;
import static io.switchback.model.FailbackTo.RESTORED;
import static io.switchback.model.WindowEnd.COMMIT;
import static io.switchback.model.WindowEnd.UNDO;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.ReplicaState;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Which operations are drawn, and how often. */
final class Deeds {
  /** One of each, all of which need a replica, of a model that has a point. */
  static final List<Deed> ALL =
      List.of(
          Deed.failOver(0),
          Deed.failOverAsPlanned(),
          Deed.undoFailover(),
          Deed.makePermanent(),
          Deed.failBack(PRODUCTION),
          Deed.failBack(RESTORED),
          Deed.failBackLater(PRODUCTION, Wait.FOR_A_PERSON),
          Deed.failBackLater(NEW_LOCATION, Wait.FOR_A_PERSON),
          Deed.switchOver(),
          Deed.resynchronise(),
          Deed.cancel(),
          Deed.commit(),
          Deed.undoFailback());

  private Deeds() {}

  /** Those that may begin in a state. */
  static Arbitrary<Deed> from(ReplicaState from) {
    return switch (from) {
      case READY ->
          Arbitraries.frequencyOf(
              Tuple.of(3, windowed(Arbitraries.integers().between(0, 2).map(Deed::failOver))),
              Tuple.of(1, windowed(Arbitraries.just(Deed.failOverAsPlanned()))));
      case FAILOVER ->
          Arbitraries.frequencyOf(
              Tuple.of(
                  8,
                  windowed(
                      Arbitraries.of(PRODUCTION, PRODUCTION, PRODUCTION, RESTORED)
                          .map(Deed::failBack))),
              Tuple.of(
                  10,
                  windowed(
                      Combinators.combine(
                              Arbitraries.of(
                                  PRODUCTION, PRODUCTION, PRODUCTION, RESTORED, NEW_LOCATION),
                              Arbitraries.of(
                                  Wait.FOR_A_PERSON, Wait.FOR_ITS_TIME, Wait.SYNCHRONISED))
                          .as(Deed::failBackLater))),
              Tuple.of(4, Arbitraries.just(Deed.undoFailover())),
              Tuple.of(1, Arbitraries.just(Deed.makePermanent())));
      case READY_TO_SWITCH ->
          Arbitraries.frequencyOf(
              Tuple.of(4, windowed(Arbitraries.just(Deed.switchOver()))),
              Tuple.of(3, Arbitraries.just(Deed.resynchronise())),
              Tuple.of(3, Arbitraries.just(Deed.cancel())),
              Tuple.of(2, Arbitraries.just(Deed.moveSwitch())));
      default ->
          Arbitraries.of(
              Deed.commit(),
              Deed.commit(),
              Deed.undoFailback(),
              Deed.undoFailback(),
              Deed.undoFailbackAndRemove());
    };
  }

  /** One in four with a window, of what the operation is of. */
  private static Arbitrary<Deed> windowed(Arbitrary<Deed> deeds) {
    return Combinators.combine(
            deeds, Arbitraries.of(null, null, null, null, null, null, COMMIT, UNDO, UNDO))
        .as(
            (deed, end) ->
                end == null ? deed : deed.within(new Window(requireNonNull(deed.undoable()), end)));
  }
}
