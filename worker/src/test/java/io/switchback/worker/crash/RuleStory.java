package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.VmChange;
import io.switchback.operation.Newcomers;
import io.temporal.client.WorkflowStub;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A folder whose VMs are protected by themselves. The rule's own look-out and the run that has made
 * the rule may both want to protect the VM: one of them does.
 */
final class RuleStory extends Story {
  private final boolean ends;
  private final String rule = "berlin/folder/" + vm;

  /**
   * @param ends whether it is about the end of the rule, not about its beginning
   */
  RuleStory(CrashEstate estate, boolean ends) {
    super(estate);
    this.ends = ends;
  }

  @Override
  void before() throws Exception {
    create(vm);
    estate.production.reconfigureVm(vm, VmChange.none().folder(vm), null);
    if (ends) {
      var _ = CrashEstate.end(protectFolder());
      awaitJoined();
    }
  }

  private WorkflowStub protectFolder() {
    return start(
        "Protect",
        Map.of(
            "folder",
            vm,
            "from",
            "berlin",
            "to",
            "potsdam",
            "networks",
            Map.of("tenant", "tenant"),
            "policy",
            Map.of("name", "story", "interval", "PT1H")));
  }

  private WorkflowStub endFolder() {
    return start("Unprotect", Map.of("folder", vm, "from", "berlin"));
  }

  private void awaitJoined() {
    awaitPoint();
    CrashEstate.until(
        "the rule to remember " + vm,
        () ->
            estate.count("select count(*) from protection_rule_vm where rule_id = '" + rule + "'")
                == 1);
  }

  @Override
  Begun begin() {
    WorkflowStub run = ends ? endFolder() : protectFolder();
    List<String> runs = new ArrayList<>(begun(run).runs());
    runs.add(Newcomers.workflowId(rule));
    return new Begun(
        runs,
        () -> {
          var result = CrashEstate.end(run);
          assertThat(result.notes()).as(result.toString()).isNotEmpty();
        });
  }

  @Override
  void after() throws Exception {
    if (!ends) {
      awaitJoined();
      assertThat(estate.recovery.site().vms())
          .filteredOn(one -> one.name().startsWith(vm + "_"))
          .as("one VM for one replica")
          .hasSize(1);
      assertThat(rules()).isOne();
      done(endFolder());
    }
    assertThat(rules()).isZero();
    // The look-out ends by itself once its rule is gone, and nobody has to ask it to.
    estate
        .temporal
        .newUntypedWorkflowStub(Newcomers.workflowId(rule))
        .getResult(90, java.util.concurrent.TimeUnit.SECONDS, Void.class);
    assertThat(replicaView()).as("who has joined stays protected").isPresent();
    tidy();
  }

  private long rules() {
    return estate.count("select count(*) from protection_rule where id = '" + rule + "'");
  }
}
