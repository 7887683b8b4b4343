package io.switchback.bench.load;

import io.switchback.bench.RunningEstate;
import io.switchback.operation.ReplicationStatus;
import io.switchback.port.Queues;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The most cycles a second, of the real loops and of bare ones.
 *
 * <p>Both take turns, each with workers that were started for its turn, so that whatever else the
 * machine does falls on both. While one has its turn, no worker serves the other.
 */
final class FastestRates {
  private static final int TURNS = 2;

  private final LoadPlan plan;
  private final RunningEstate estate;
  private final WorkflowClient temporal;
  private final RegistryWatch registry;
  private final Consumer<String> notices;

  /** Both rates, and the shape of a cycle of either. */
  record Both(BackToBack.Rate real, BackToBack.Rate bare, CycleShape shape) {}

  FastestRates(
      LoadPlan plan,
      RunningEstate estate,
      WorkflowClient temporal,
      RegistryWatch registry,
      Consumer<String> notices) {
    this.plan = plan;
    this.estate = estate;
    this.temporal = temporal;
    this.registry = registry;
    this.notices = notices;
  }

  /**
   * Measures both; workers run before, none does afterwards. Null when no loop has run a whole
   * cycle, so that there is no shape to compare with.
   */
  @Nullable Both measure(List<String> loops) {
    BackToBack.Rate real = BackToBack.Rate.NONE;
    BackToBack.Rate bare = BackToBack.Rate.NONE;
    List<BooleanSupplier> bareLoops = List.of();
    CycleShape shape = null;
    for (int turn = 1; turn <= TURNS; turn++) {
      notices.accept("cycles as fast as they go, turn %d".formatted(turn));
      estate.stopWorkers(plan.workers());
      estate.startWorkers(plan.workers());
      real =
          real.and(
              BackToBack.measure(asks(loops), plan.atOnce(), plan.turn(TURNS), this::recorded));
      if (shape == null) {
        Optional<CycleShape> usual = new LoopHistories(temporal, loops).usualShape();
        if (usual.isEmpty()) {
          return null;
        }
        shape = usual.get();
        bareLoops = startBareLoops(shape);
      }
      estate.stopWorkers(plan.workers());
      notices.accept("bare Temporal, %d activities a cycle".formatted(shape.steps().size()));
      startBareWorkers();
      bare = bare.and(BackToBack.measure(bareLoops, plan.atOnce(), plan.turn(TURNS), null));
      bareWorkers().forEach(estate::stopProgram);
    }
    return shape == null ? null : new Both(real, bare, shape);
  }

  /** By the registry, because cycles that the schedule itself began count as well. */
  private int recorded() {
    try {
      registry.poll();
      return registry.points().size();
    } catch (SQLException failure) {
      throw new IllegalStateException("The registry could not be read.", failure);
    }
  }

  private List<BooleanSupplier> asks(List<String> loops) {
    List<BooleanSupplier> asks = new ArrayList<>();
    for (String workflowId : loops) {
      WorkflowStub loop = temporal.newUntypedWorkflowStub(workflowId);
      asks.add(() -> loop.update("replicateNow", ReplicationStatus.class).problem().isEmpty());
    }
    return asks;
  }

  private List<BooleanSupplier> startBareLoops(CycleShape shape) {
    return IntStream.range(0, plan.vms())
        .<BooleanSupplier>mapToObj(
            number -> {
              WorkflowStub loop =
                  temporal.newUntypedWorkflowStub(
                      "BareLoop",
                      WorkflowOptions.newBuilder()
                          .setTaskQueue(queues().getFirst())
                          .setWorkflowId("bare/" + number)
                          .build());
              loop.start(shape);
              return () -> loop.update(BareLoop.CYCLE_NOW, Integer.class) > 0;
            })
        .toList();
  }

  private void startBareWorkers() {
    List<String> arguments =
        Stream.concat(Stream.of(estate.temporalAddress()), queues().stream()).toList();
    bareWorkers().forEach(name -> estate.startProgram(name, BareWorker.class, arguments));
  }

  private List<String> bareWorkers() {
    return IntStream.rangeClosed(1, plan.workers()).mapToObj("bare-worker-%d"::formatted).toList();
  }

  private static List<String> queues() {
    return List.of(
        BareLoop.QUEUE_PREFIX + Queues.SWITCHBACK,
        BareLoop.QUEUE_PREFIX + Queues.site(RunningEstate.PRODUCTION),
        BareLoop.QUEUE_PREFIX + Queues.site(RunningEstate.RECOVERY));
  }
}
