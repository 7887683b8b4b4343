package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CarriedShape;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.CycleStart;
import io.switchback.port.CycleActivities.Question;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites about {@link CycleActivities} ask of an adapter. */
abstract class CycleCalls extends RegistryContract {
  PortCaller<CycleActivities> cycles;

  @BeforeEach
  final void openPort() {
    cycles = new PortCaller<>(CycleActivities.class, registry.cycles());
  }

  @AfterEach
  final void closePort() {
    cycles.close();
  }

  final CycleStart begin(Replica replica) {
    return begin(replica, Question.NONE);
  }

  final CycleStart begin(Replica replica, Question question) {
    return cycles.call().beginCycle(new BeginCycle(replica.id(), "", question));
  }

  final CyclePlan plan(Replica replica) {
    return plan(replica, Question.NONE);
  }

  final CyclePlan plan(Replica replica, Question question) {
    CycleStart start = begin(replica, question);
    assertThat(start.plan()).as(start.waitingFor()).isNotNull();
    return start.plan();
  }

  final CyclePlan plan(Replica replica, Mandate mandate) {
    CycleStart start =
        cycles.call().beginCycle(new BeginCycle(replica.id(), "", Question.NONE, mandate));
    assertThat(start.plan()).as(start.waitingFor()).isNotNull();
    return start.plan();
  }

  final CycleEnd complete(CyclePlan plan, RestorePoint point) {
    return cycles.call().completeCycle(request(plan, point));
  }

  static CompleteCycle request(CyclePlan plan, RestorePoint point) {
    return request(plan, point, null, null);
  }

  static CompleteCycle request(
      CyclePlan plan,
      RestorePoint point,
      @Nullable CarriedShape carried,
      @Nullable Mandate mandate) {
    return new CompleteCycle(
        plan.replica().id(),
        plan.number(),
        plan.fence(),
        point,
        changeIds(point),
        4096,
        Duration.ofSeconds(2),
        false,
        carried,
        mandate);
  }

  static Map<String, String> changeIds(RestorePoint point) {
    return Map.of("disk-1", "change-" + point.id());
  }
}
