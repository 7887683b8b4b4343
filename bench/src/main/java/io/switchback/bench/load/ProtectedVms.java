package io.switchback.bench.load;

import io.switchback.bench.Operator;
import io.switchback.bench.RunningEstate;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Replication;
import io.switchback.worker.local.Refusal;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
      RunningEstate estate, WorkflowClient temporal, List<String> names, LoadPlan plan) {
    estate.pairSites(NETWORK);
    OperationResult result =
        new Operator(temporal, plan.setUpLimit())
            .run(
                "Protect",
                Map.of(
                    "vms",
                    names,
                    "from",
                    RunningEstate.PRODUCTION,
                    "to",
                    RunningEstate.RECOVERY,
                    "policy",
                    Map.of(
                        "name", "load",
                        "interval", plan.every().toString(),
                        "rpoObjective", plan.objective().toString(),
                        "retention", Map.of("points", POINTS))));
    return result.members().stream()
        .map(member -> Replication.workflowId(member.replicaId()))
        .toList();
  }
}
