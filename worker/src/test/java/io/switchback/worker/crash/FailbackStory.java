package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.PowerState;
import io.switchback.lab.SnapshotView;
import java.util.List;
import java.util.Map;

/** A failback to the production VM, or its commit. */
final class FailbackStory extends Story {
  private final boolean isCommitted;

  FailbackStory(CrashEstate estate, boolean isCommitted) {
    super(estate);
    this.isCommitted = isCommitted;
  }

  @Override
  void before() throws Exception {
    protect();
    failOver();
    if (isCommitted) {
      done(start("Failback", home()));
    }
  }

  @Override
  Begun begin() {
    return begun(
        isCommitted
            ? start("CommitFailback", Map.of("vms", List.of(vm)))
            : start("Failback", home()));
  }

  private Map<String, Object> home() {
    return Map.of("vms", List.of(vm), "powerOn", false);
  }

  @Override
  void after() throws Exception {
    assertThat(replicaView().orElseThrow().power()).isEqualTo(PowerState.OFF);
    if (!isCommitted) {
      assertThat(protectivePoints()).as("one restore point of the switch").isOne();
      assertThat(estate.production.snapshots(vm)).as("what production was").hasSize(1);
      done(start("CommitFailback", Map.of("vms", List.of(vm))));
    }
    assertThat(protectivePoints()).as("it stays a restore point").isOne();
    assertThat(estate.count("select count(*) from failback")).isZero();
    assertThat(estate.production.snapshots(vm))
        .extracting(SnapshotView::name)
        .as("nothing of the failback is left")
        .noneMatch(name -> name.contains("target-"));
    tidy();
  }

  private long protectivePoints() {
    return estate.count(
        "select count(*) from restore_point where replica_id = '%s' and id like '%%-failback-%%'"
            .formatted(replicaId()));
  }
}
