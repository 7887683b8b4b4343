package io.switchback.worker.model;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.operation.Answer;
import io.switchback.worker.model.Disturbance.Fails;
import io.switchback.worker.model.Disturbance.RunDies;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;

/** The steps that a walk is made of, and how often each is taken where it may be. */
final class Steps {
  private static final Set<ReplicaState> BY_HAND = EnumSet.of(READY, FAILOVER, FAILBACK);

  private static final int PARAGRAPHS = World.DISK_BYTES / 1024 - 1;

  private Steps() {}

  /** Walks of a length, each on a VM of its own. */
  static ActionChainArbitrary<Walk> walks(World world, int length) {
    return ActionChain.<Walk>startWith(() -> new Walk(world))
        .withAction(4, protect())
        .withAction(8, write(true))
        .withAction(8, write(false))
        .withAction(2, powerProduction())
        .withAction(1, refuse())
        .withAction(5, cycle())
        .withAction(4, operation(READY, deeds(READY)))
        .withAction(5, operation(FAILOVER, deeds(FAILOVER)))
        .withAction(5, operation(READY_TO_SWITCH, deeds(READY_TO_SWITCH)))
        .withAction(5, operation(FAILBACK, deeds(FAILBACK)))
        .withMaxTransformations(length);
  }

  private static Arbitrary<Deed> deeds(ReplicaState from) {
    return switch (from) {
      case READY ->
          Arbitraries.frequencyOf(
              Tuple.of(3, Arbitraries.integers().between(0, 2).map(Deed::failOver)),
              Tuple.of(1, Arbitraries.just(Deed.failOverAsPlanned())));
      case FAILOVER ->
          Arbitraries.frequency(
              Tuple.of(4, Deed.failBack()),
              Tuple.of(4, Deed.failBackLater()),
              Tuple.of(2, Deed.undoFailover()));
      case READY_TO_SWITCH -> Arbitraries.of(Deed.switchOver(), Deed.cancel());
      default -> Arbitraries.of(Deed.commit(), Deed.undoFailback());
    };
  }

  private static Action<Walk> operation(ReplicaState from, Arbitrary<Deed> deeds) {
    Arbitrary<Transformer<Walk>> steps =
        Combinators.combine(deeds, disturbances(), operators())
            .as(
                (deed, disturbance, operator) ->
                    step(
                        "%s, %s, %s".formatted(deed, disturbance, operator.wish()),
                        walk -> walk.operate(within(deed, walk), disturbance, operator)));
    return when(walk -> walk.model().state() == from, steps);
  }

  private static Deed within(Deed deed, Walk walk) {
    int points = walk.model().points().size();
    return deed.point() >= points ? Deed.failOver(points - 1) : deed;
  }

  private static Arbitrary<Disturbance> disturbances() {
    Arbitrary<Integer> activity = Arbitraries.integers().between(0, 45).withoutEdgeCases();
    Arbitrary<Boolean> acted = Arbitraries.of(true, false);
    return Arbitraries.frequencyOf(
        Tuple.of(10, Arbitraries.just(Disturbance.NONE)),
        Tuple.of(
            6,
            Combinators.combine(activity, faults(), Arbitraries.of(1, 1, 2, 4), acted)
                .as(Fails::new)),
        Tuple.of(3, Combinators.combine(activity, acted).as(RunDies::new)));
  }

  private static Arbitrary<Disturbance> disturbancesOfCycles() {
    return disturbances().map(one -> one instanceof Fails ? one : Disturbance.NONE);
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

  private static Arbitrary<Operator> operators() {
    return Arbitraries.of(Answer.RETRY, Answer.RETRY, Answer.ABORT, Answer.RECONCILE)
        .map(Operator::new);
  }

  private static Action<Walk> cycle() {
    return when(
        walk -> walk.model().state() == READY,
        disturbancesOfCycles().map(one -> step("cycle, " + one, walk -> walk.cycle(one))));
  }

  private static Action<Walk> protect() {
    return when(
        walk -> walk.model().state() == null, Arbitraries.just(step("protect", Walk::protect)));
  }

  private static Action<Walk> write(boolean atProduction) {
    return when(
        walk -> runs(walk.model(), atProduction),
        Combinators.combine(
                Arbitraries.integers().between(0, World.DISKS - 1),
                Arbitraries.integers().between(1, PARAGRAPHS),
                Arbitraries.longs())
            .as(
                (disk, paragraph, seed) ->
                    step(
                        "write at %s, disk %d, paragraph %d"
                            .formatted(atProduction ? "production" : "replica", disk, paragraph),
                        walk -> walk.write(atProduction, disk, paragraph * 1024, seed))));
  }

  private static boolean runs(Model model, boolean atProduction) {
    return atProduction
        ? model.production().isOn()
        : model.replica() != null && model.replica().isOn();
  }

  private static Action<Walk> powerProduction() {
    return when(
        walk -> BY_HAND.contains(walk.model().state()),
        Arbitraries.just(step("power production", Walk::powerProduction)));
  }

  private static Action<Walk> refuse() {
    return when(
        walk -> walk.model().state() != null,
        Arbitraries.of(Deed.all())
            .map(
                deed ->
                    step(
                        deed + " where it is not allowed",
                        walk -> {
                          if (!deed.mayBegin(walk.model())) {
                            walk.refuse(deed);
                          }
                        })));
  }

  /** A step of a walk. */
  @FunctionalInterface
  private interface Taken {
    void take(Walk walk) throws Exception;
  }

  private static Transformer<Walk> step(String words, Taken taken) {
    return Transformer.mutate(
        words,
        walk -> {
          try {
            taken.take(walk);
            walk.check();
          } catch (Exception e) {
            throw new AssertionError(words, e);
          }
        });
  }

  private static Action<Walk> when(
      Predicate<Walk> condition, Arbitrary<Transformer<Walk>> transformers) {
    return new Action.Independent<>() {
      @Override
      public boolean precondition(Walk walk) {
        return condition.test(walk);
      }

      @Override
      public Arbitrary<Transformer<Walk>> transformer() {
        return transformers;
      }
    };
  }
}
