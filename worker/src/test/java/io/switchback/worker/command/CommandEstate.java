package io.switchback.worker.command;

import io.switchback.port.Payloads;
import io.switchback.worker.WorkerProgram;
import io.switchback.worker.WorkerSettings;
import io.switchback.worker.local.Services;
import io.switchback.worker.local.SiteAddress;
import io.switchback.worker.run.TemporalConnection;
import io.temporal.client.WorkflowStub;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A home of its own with two lab sites, a Temporal dev server, a registry and a worker, made and
 * used by the commands that people use.
 */
final class CommandEstate extends HomeCommands implements AutoCloseable {
  private final ConfigurableApplicationContext worker;
  private final TemporalConnection temporal;

  /** Protects VMs whose production is off: a failover finds no twin. */
  CommandEstate(Path directory, List<String> vms) {
    super(directory);
    done("temporal", "start", "--detach");
    done("lab", "start", "berlin");
    done("lab", "start", "potsdam");
    List<String> create = new ArrayList<>(List.of("lab", "create"));
    create.addAll(vms);
    create.addAll(List.of("--site", "berlin", "--disk", "8", "--image", "2"));
    done(create.toArray(String[]::new));
    done("site", "add", "berlin");
    done("site", "add", "potsdam", "--recovers", "berlin", "--network", "lan=lan");
    Services services = home.services().read();
    worker = WorkerProgram.run(settings(services));
    temporal = TemporalConnection.open(services.temporal());
    done(
        "start",
        "protect",
        """
        {"vms": %s, "from": "berlin", "to": "potsdam",
         "policy": {"name": "hourly", "interval": "PT1H"}}
        """
            .formatted(Payloads.mapper().writeValueAsString(vms)),
        "--wait");
    until("every replica is ready", () -> vms.stream().allMatch(vm -> is(vm, "READY")));
    vms.forEach(vm -> done("lab", "power", vm, "shutdown"));
  }

  private static WorkerSettings settings(Services services) {
    Map<String, String> sites =
        services.sites().values().stream()
            .collect(Collectors.toMap(SiteAddress::name, SiteAddress::directory));
    return new WorkerSettings(
        services.temporal().address(),
        services.registry().jdbcUrl(),
        List.of("switchback", "site.berlin", "site.potsdam"),
        sites,
        Map.of(),
        "",
        true,
        0);
  }

  /** A run that goes on, or has. */
  WorkflowStub workflow(String workflowId) {
    return temporal.client().newUntypedWorkflowStub(workflowId);
  }

  @Override
  public void close() {
    temporal.close();
    worker.close();
    var _ = run("stop");
  }
}
