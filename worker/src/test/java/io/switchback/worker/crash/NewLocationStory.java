package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.PowerState;
import io.switchback.lab.VmView;
import java.util.List;
import java.util.Map;

/** A failback to a new location, its commit, or its cancellation. */
final class NewLocationStory extends Story {
  private final String operation;

  NewLocationStory(CrashEstate estate, String operation) {
    super(estate);
    this.operation = operation;
  }

  @Override
  void before() throws Exception {
    protect();
    failOver();
    switch (operation) {
      case "CommitFailback" -> done(start("Failback", away("auto")));
      case "CancelFailback" -> done(start("Failback", away("manual")));
      default -> assertThat(madeVm()).isEmpty();
    }
  }

  @Override
  Begun begin() {
    return begun(
        switch (operation) {
          case "CommitFailback" -> start(operation, Map.of("vms", List.of(vm + "-home")));
          case "CancelFailback" -> start(operation, Map.of("vms", List.of(vm)));
          default -> start(operation, away("auto"));
        });
  }

  private Map<String, Object> away(String switchover) {
    return Map.of(
        "vms",
        List.of(vm),
        "location",
        Map.of("name", vm + "-home"),
        "switchover",
        switchover,
        "powerOn",
        false);
  }

  @Override
  void after() throws Exception {
    List<VmView> made =
        estate.production.site().vms().stream()
            .filter(one -> one.name().startsWith(vm + "-home"))
            .toList();
    if (operation.equals("CancelFailback")) {
      assertThat(made).as("no trace at production").isEmpty();
      assertThat(estate.count("select count(*) from failback")).isZero();
      tidy();
      return;
    }
    assertThat(made).as("one VM, not two").hasSize(1);
    assertThat(made.getFirst().power()).isEqualTo(PowerState.OFF);
    if (!operation.equals("CommitFailback")) {
      assertThat(made.getFirst().managedBy()).isNotEmpty();
      done(start("CommitFailback", Map.of("vms", List.of(vm + "-home"))));
    }
    assertThat(madeVm().orElseThrow().managedBy()).as("anybody's").isEmpty();
    assertThat(madeVm().orElseThrow().snapshots()).isEmpty();
    assertThat(estate.count("select count(*) from failback")).isZero();
    tidyElsewhere();
  }

  /** The protection is of the VM that was made by now. */
  private void tidyElsewhere() throws Exception {
    done(start("Unprotect", Map.of("vms", List.of(vm + "-home"), "replica", "remove")));
    estate.production.deleteVm(madeVm().orElseThrow().id(), null);
    estate.production.deleteVm(vm, null);
  }
}
