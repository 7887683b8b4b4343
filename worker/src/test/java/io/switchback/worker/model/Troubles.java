package io.switchback.worker.model;

import io.switchback.fault.Fault;
import io.switchback.operation.Answer;
import io.switchback.worker.model.Disturbance.Fails;
import io.switchback.worker.model.Disturbance.RunDies;
import io.switchback.worker.model.Disturbance.SiteFails;
import io.switchback.worker.model.Disturbance.WorkerStops;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** What goes wrong, how often, and who is asked then. */
final class Troubles {
  /** What the sites are asked and told. */
  private static final List<String> CALLS =
      List.of(
          "look",
          "powerOn",
          "powerOff",
          "shutDown",
          "createSnapshot",
          "listSnapshots",
          "revert",
          "removeSnapshot",
          "changedAreas",
          "fence",
          "read",
          "write",
          "tags");

  private Troubles() {}

  static Arbitrary<Disturbance> ofRuns() {
    Arbitrary<Integer> activity = Arbitraries.integers().between(0, 40).withoutEdgeCases();
    Arbitrary<Boolean> acted = Arbitraries.of(true, false);
    return Arbitraries.frequencyOf(
        Tuple.of(9, Arbitraries.just(Disturbance.NONE)),
        Tuple.of(
            5,
            Combinators.combine(activity, faults(), Arbitraries.of(1, 1, 2, 4), acted)
                .as(Fails::new)),
        Tuple.of(3, Combinators.combine(activity, acted).as(RunDies::new)),
        Tuple.of(3, Combinators.combine(activity, acted).as(WorkerStops::new)),
        Tuple.of(
            3,
            Combinators.combine(
                    Arbitraries.of("berlin", "potsdam"),
                    Arbitraries.of(CALLS),
                    Arbitraries.of(1, 1, 2, 3, 5),
                    Arbitraries.of("", "", "SITE_UNREACHABLE", "INTERNAL", "DATASTORE_FULL"))
                .as(SiteFails::new)));
  }

  /** Of a run that nobody terminates. */
  static Arbitrary<Disturbance> withoutDeath() {
    return ofRuns().map(one -> one instanceof RunDies ? Disturbance.NONE : one);
  }

  private static Arbitrary<Fault> faults() {
    return Arbitraries.of(
        Fault.SITE_UNREACHABLE,
        Fault.SITE_UNREACHABLE,
        Fault.UNEXPECTED,
        Fault.DATASTORE_FULL,
        Fault.NO_CAPACITY,
        Fault.BAD_CREDENTIALS,
        Fault.PROOF_FAILED);
  }

  static Arbitrary<Operator> operators() {
    return Arbitraries.of(Answer.RETRY, Answer.RETRY, Answer.ABORT, Answer.RECONCILE, Answer.SKIP)
        .map(Operator::new);
  }
}
