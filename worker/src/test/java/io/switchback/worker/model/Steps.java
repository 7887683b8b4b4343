package io.switchback.worker.model;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;

import io.switchback.lifecycle.ReplicaState;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.state.Action;
import net.jqwik.api.state.ActionChain;
import net.jqwik.api.state.ActionChainArbitrary;
import net.jqwik.api.state.Transformer;

/** The steps that a walk is made of, and how often each is taken where it may be. */
final class Steps {
  private static final Set<ReplicaState> BY_HAND = EnumSet.of(READY, FAILOVER, FAILBACK);

  private static final Set<ReplicaState> HELD = EnumSet.of(FAILOVER, READY_TO_SWITCH, FAILBACK);

  private static final Set<ReplicaState> UNPROTECTED_FROM = EnumSet.of(READY, FAILOVER, PERMANENT);

  private static final int PARAGRAPHS = World.DISK_BYTES / 1024 - 1;

  private Steps() {}

  /** Walks of a length, each on a VM of its own. */
  static ActionChainArbitrary<Walk> walks(World world, int length) {
    return ActionChain.<Walk>startWith(() -> new Walk(world))
        .withAction(6, protect())
        .withAction(1, unprotect())
        .withAction(6, write(true))
        .withAction(6, write(false))
        .withAction(2, powerProduction())
        .withAction(1, refuse())
        .withAction(4, cycle())
        .withAction(5, operation(READY))
        .withAction(6, operation(FAILOVER))
        .withAction(6, operation(READY_TO_SWITCH))
        .withAction(6, operation(FAILBACK))
        .withAction(4, endOfWindow())
        .withAction(2, changeOfWindow())
        .withAction(4, timeOfSwitch())
        .withAction(2, synchronisation())
        .withAction(1, isolation())
        .withAction(1, adoption())
        .withAction(1, powerSpare())
        .withAction(1, deletion())
        .withAction(1, reconfiguration())
        .withMaxTransformations(length);
  }

  private static Action<Walk> operation(ReplicaState from) {
    Arbitrary<Transformer<Walk>> steps =
        Combinators.combine(Deeds.from(from), Troubles.ofRuns(), Troubles.operators())
            .as(
                (deed, disturbance, operator) ->
                    step(
                        "%s, %s, %s".formatted(deed, disturbance, operator.wish()),
                        walk -> {
                          if (isSensible(deed, walk.model())) {
                            walk.operate(within(deed, walk), disturbance, operator);
                          }
                        }));
    return when(walk -> walk.model().state() == from, steps);
  }

  /** Only a switch that has a time can be moved. */
  private static boolean isSensible(Deed deed, Model model) {
    return !deed.fields().contains(Deed.AT)
        || deed.from() != READY_TO_SWITCH
        || (model.due() != null && model.due().isScheduled());
  }

  private static Action<Walk> endOfWindow() {
    return when(
        walk ->
            walk.model().window() != null
                && walk.model().window().isOpen()
                && !walk.model().window().isStopped(),
        Combinators.combine(Troubles.withoutDeath(), Troubles.operators())
            .as(
                (disturbance, operator) ->
                    step(
                        "the window ends, %s, %s".formatted(disturbance, operator.wish()),
                        walk -> walk.awaitEndOfWindow(disturbance, operator))));
  }

  private static Action<Walk> changeOfWindow() {
    return when(
        walk -> walk.model().window() != null && walk.model().window().isOpen(),
        Arbitraries.of(
            step("extend the window", Walk::extendWindow),
            step("extend the window", Walk::extendWindow),
            step("cancel the window", Walk::cancelWindow)));
  }

  private static Action<Walk> timeOfSwitch() {
    return when(
        walk ->
            walk.model().due() != null
                && walk.model().due().isScheduled()
                && !walk.model().due().isStopped(),
        Combinators.combine(Troubles.withoutDeath(), Troubles.operators())
            .as(
                (disturbance, operator) ->
                    step(
                        "the time of the switch comes, %s, %s"
                            .formatted(disturbance, operator.wish()),
                        walk -> walk.awaitSwitch(disturbance, operator))));
  }

  private static Action<Walk> synchronisation() {
    return when(
        walk -> walk.model().due() != null && walk.model().due().isResynchronised(),
        Arbitraries.just(step("it has waited for long", Walk::awaitSynchronisation)));
  }

  private static Deed within(Deed deed, Walk walk) {
    int points = walk.model().points().size();
    if (deed.point() < points) {
      return deed;
    }
    Deed fitting = Deed.failOver(points - 1);
    return deed.window() == null ? fitting : fitting.within(deed.window());
  }

  private static Action<Walk> isolation() {
    return when(
        walk -> walk.model().state() == FAILOVER && walk.model().production().isOn(),
        Combinators.combine(Troubles.ofRuns(), Troubles.operators())
            .as(
                (disturbance, operator) ->
                    step(
                        "isolate and reconnect, %s, %s".formatted(disturbance, operator.wish()),
                        walk -> walk.isolate(disturbance, operator))));
  }

  private static Action<Walk> adoption() {
    return when(
        walk -> walk.model().state() == READY && walk.model().serving().image() != null,
        Arbitraries.just(step("run the replica by hand, and adopt it", Walk::adopt)));
  }

  private static Action<Walk> reconfiguration() {
    return when(
        walk -> HELD.contains(walk.model().state()),
        Combinators.combine(Troubles.ofRuns(), Troubles.operators())
            .as(
                (disturbance, operator) ->
                    step(
                        "Reconfigure, %s, %s".formatted(disturbance, operator.wish()),
                        walk ->
                            walk.operate(
                                Deed.reconfigure(walk.model().state()), disturbance, operator))));
  }

  private static Action<Walk> cycle() {
    return when(
        walk -> walk.model().state() == READY,
        Troubles.withoutDeath().map(one -> step("cycle, " + one, walk -> walk.cycle(one))));
  }

  private static Action<Walk> protect() {
    return when(
        walk -> walk.model().state() == null, Arbitraries.just(step("protect", Walk::protect)));
  }

  private static Action<Walk> unprotect() {
    return when(
        walk -> UNPROTECTED_FROM.contains(walk.model().state()),
        Arbitraries.just(step("unprotect", Walk::unprotect)));
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

  private static Action<Walk> powerSpare() {
    return when(
        walk -> hasSpareAtRest(walk.model()),
        Arbitraries.just(step("power the other VM", Walk::powerSpare)));
  }

  private static Action<Walk> deletion() {
    return when(
        walk -> hasSpareAtRest(walk.model()),
        Arbitraries.just(step("delete the other VM", Walk::deleteSpare)));
  }

  private static boolean hasSpareAtRest(Model model) {
    return model.spare() != null && model.goesBack() == null;
  }

  private static Action<Walk> refuse() {
    return when(
        walk -> walk.model().state() != null,
        Arbitraries.of(Deeds.ALL)
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
