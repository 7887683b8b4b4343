package io.switchback.worker.demo;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.model.HttpCheck;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationRequest;
import io.switchback.registry.EnrolledSite;
import io.switchback.registry.RegistryDatabase;
import io.switchback.worker.LabEnrolment;
import io.switchback.worker.TemporalReplicationActivities;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.util.List;

/** The demo's estate: what runs at production, and how it is protected. */
final class DemoEstate {
  static final String PRODUCTION = "berlin";
  static final String RECOVERY = "potsdam";
  static final List<String> VMS = List.of("web-01", "web-02", "app-01", "db-01");

  /**
   * Short enough to watch: a cycle every three seconds, and a worker that is silent for 5 s has
   * died.
   */
  private static final Policy POLICY =
      Policy.every("demo", Duration.ofSeconds(3))
          .keeping(5)
          .checkedBy(new HttpCheck("http://{address}/", 200, Duration.ofSeconds(20)));

  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(5),
          Duration.ofMinutes(5),
          5,
          Duration.ofMillis(500),
          Duration.ofSeconds(30));

  private static final long MIB = 1 << 20;

  private DemoEstate() {}

  /**
   * Makes and starts four VMs that write all the time; each has a system image of 24 MiB besides.
   */
  static void populate(LabClient production) {
    int host = 11;
    for (String name : VMS) {
      NetworkCard card = new NetworkCard("tenant", true, "10.10.0." + host++);
      production.createVm(
          new VmDefinition(
              name,
              name,
              List.of(card),
              List.of(new DiskDefinition(name + "-disk-0", 256 * MIB, 24 * MIB)),
              new GuestDefinition(40.0, 5, Duration.ofMillis(300), true, null),
              true),
          null);
      production.powerOn(name, null);
    }
  }

  /** Enrols them and starts their replication loops. */
  static List<Replica> protect(
      RegistryDatabase registry,
      LabClient production,
      LabClient recovery,
      WorkflowClient temporal) {
    List<Replica> replicas =
        new LabEnrolment(registry, production, recovery)
            .enrol(
                VMS,
                List.of(
                    new EnrolledSite(PRODUCTION, PACE, 10), new EnrolledSite(RECOVERY, PACE, 10)),
                POLICY);
    for (Replica replica : replicas) {
      end(temporal, replica);
      TemporalReplicationActivities.wake(
          temporal, new ReplicationRequest(replica.id(), replica.name(), PACE));
    }
    return replicas;
  }

  /**
   * Ends a loop that an earlier demo has left in a Temporal that outlived it: its registry is gone.
   */
  private static void end(WorkflowClient temporal, Replica replica) {
    try {
      temporal
          .newUntypedWorkflowStub(Replication.workflowId(replica.id()))
          .terminate("a new demo begins");
    } catch (WorkflowNotFoundException none) {
      // The usual case: this Temporal has not seen a demo.
    }
  }
}
