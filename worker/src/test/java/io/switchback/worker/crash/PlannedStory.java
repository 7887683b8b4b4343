package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.PowerState;
import java.util.List;
import java.util.Map;

/** A planned failover of a VM that runs, and its undo. */
final class PlannedStory extends Story {
  PlannedStory(CrashEstate estate) {
    super(estate);
  }

  @Override
  void before() throws Exception {
    protect();
    estate.production.powerOn(vm, null);
    CrashEstate.until("its guest", () -> estate.production.look(vm).toolsReady());
  }

  @Override
  Begun begin() {
    return begun(start("PlannedFailover", Map.of("vms", List.of(vm))));
  }

  @Override
  void after() throws Exception {
    assertThat(estate.production.look(vm).power()).isEqualTo(PowerState.OFF);
    assertThat(estate.production.snapshots(vm)).isEmpty();
    assertThat(replicaView().orElseThrow().power()).isEqualTo(PowerState.ON);
    assertThat(points()).as("the two points are extra").isEqualTo(3);
    done(start("UndoFailover", Map.of("vms", List.of(vm))));
    assertThat(estate.production.look(vm).power()).isEqualTo(PowerState.ON);
    var _ = estate.production.powerOff(vm, null);
    tidy();
  }
}
