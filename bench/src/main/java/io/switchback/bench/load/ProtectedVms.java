package io.switchback.bench.load;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.model.NetworkMapping;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Replication;
import io.switchback.port.Queues;
import io.switchback.registry.RegistryDatabase;
import io.switchback.registry.Sites;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.RegistryLogin;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** Small VMs at production that write slowly, all under one policy. */
final class ProtectedVms {
  private static final String NETWORK = "tenant";
  private static final long MIB = 1 << 20;

  /** Few, so that letting points go is part of a cycle before the benchmark ends. */
  private static final int POINTS = 5;

  private ProtectedVms() {}

  /** Makes and starts the VMs; answers their names. */
  static List<String> create(LabClient production, LoadPlan plan) {
    GuestDefinition guest =
        new GuestDefinition(plan.writesPerSecond(), 1, Duration.ZERO, true, null);
    List<String> names =
        IntStream.rangeClosed(1, plan.vms()).mapToObj("load-%04d"::formatted).toList();
    for (int number = 0; number < names.size(); number++) {
      String name = names.get(number);
      String address = "10.%d.%d.%d".formatted(20, number / 250, 1 + number % 250);
      production.createVm(
          new VmDefinition(
              name,
              name,
              List.of(new NetworkCard(NETWORK, true, address)),
              List.of(new DiskDefinition(name + "-disk-0", 16 * MIB, MIB)),
              guest,
              true),
          null);
      production.powerOn(name, null);
    }
    return names;
  }

  /**
   * Says what there is to know of the sites, and protects the VMs as an operator does; answers the
   * workflow ids of their loops.
   *
   * @throws Refusal when not every VM came under protection
   */
  static List<String> protect(
      LoadedEstate estate, WorkflowClient temporal, List<String> names, LoadPlan plan) {
    try (RegistryDatabase registry =
        RegistryDatabase.open(RegistryLogin.of(estate.registryUrl()))) {
      new Sites(registry)
          .write(
              List.of(
                  SiteSettings.of(LoadedEstate.PRODUCTION), SiteSettings.of(LoadedEstate.RECOVERY)),
              List.of(
                  new SitePair(
                      LoadedEstate.PRODUCTION,
                      LoadedEstate.RECOVERY,
                      List.of(new NetworkMapping(NETWORK, NETWORK, "")))));
    }
    WorkflowStub run =
        temporal.newUntypedWorkflowStub(
            "Protect",
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.SWITCHBACK)
                .setWorkflowId("protect/load")
                .build());
    run.start(
        Map.of(
            "vms",
            names,
            "from",
            LoadedEstate.PRODUCTION,
            "to",
            LoadedEstate.RECOVERY,
            "policy",
            Map.of(
                "name", "load",
                "interval", plan.every().toString(),
                "rpoObjective", plan.objective().toString(),
                "retention", Map.of("points", POINTS))));
    return loops(run, plan);
  }

  private static List<String> loops(WorkflowStub run, LoadPlan plan) {
    OperationResult result;
    try {
      result = run.getResult(plan.setUpLimit().toSeconds(), SECONDS, OperationResult.class);
    } catch (TimeoutException late) {
      throw Refusal.failed("The VMs were not under protection after " + plan.setUpLimit() + ".");
    }
    for (MemberResult member : result.members()) {
      if (member.outcome() != Outcome.DONE) {
        throw Refusal.failed(
            "'%s' did not come under protection: %s".formatted(member.vm(), member.notes()));
      }
    }
    return result.members().stream()
        .map(member -> Replication.workflowId(member.replicaId()))
        .toList();
  }
}
