package io.switchback.bench.load;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationRequest;
import io.switchback.registry.EnrolledSite;
import io.switchback.registry.RegistryDatabase;
import io.switchback.worker.LabEnrolment;
import io.switchback.worker.TemporalReplicationActivities;
import io.switchback.worker.local.RegistryLogin;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Small VMs at production that write slowly, all under one policy. */
final class ProtectedVms {
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
              List.of(new NetworkCard("tenant", true, address)),
              List.of(new DiskDefinition(name + "-disk-0", 16 * MIB, MIB)),
              guest,
              true),
          null);
      production.powerOn(name, null);
    }
    return names;
  }

  /** Protects the VMs; answers the workflow ids of their loops. */
  static List<String> protect(
      LoadedEstate estate, WorkflowClient temporal, List<String> names, LoadPlan plan) {
    try (LabClient production = estate.lab(LoadedEstate.PRODUCTION);
        LabClient recovery = estate.lab(LoadedEstate.RECOVERY);
        RegistryDatabase registry = RegistryDatabase.open(RegistryLogin.of(estate.registryUrl()))) {
      List<Replica> replicas =
          new LabEnrolment(registry, production, recovery)
              .enrol(
                  names,
                  List.of(
                      new EnrolledSite(LoadedEstate.PRODUCTION, Pace.DEFAULT, 10),
                      new EnrolledSite(LoadedEstate.RECOVERY, Pace.DEFAULT, 10)),
                  Policy.every("load", plan.every()).keeping(POINTS));
      for (Replica replica : replicas) {
        TemporalReplicationActivities.wake(
            temporal, new ReplicationRequest(replica.id(), replica.name(), Pace.DEFAULT));
      }
      return replicas.stream().map(replica -> Replication.workflowId(replica.id())).toList();
    }
  }
}
