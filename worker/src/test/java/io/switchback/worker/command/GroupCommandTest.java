package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.FaultInterceptor;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.operation.DefineGroupWorkflow;
import io.switchback.port.Done;
import io.switchback.port.FakeRegistry;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.port.ReplicationActivities;
import io.switchback.worker.local.Ports;
import io.switchback.worker.local.SearchAttributes;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testserver.TestServer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command, with a Temporal in this process and a registry in memory. */
class GroupCommandTest {
  @TempDir Path home;
  private final FakeRegistry registry = new FakeRegistry();
  private final List<String> woken = new CopyOnWriteArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private int port;
  private TestServer.PortBoundTestServer temporal;
  private WorkflowServiceStubs stubs;
  private WorkerFactory workers;

  @BeforeEach
  void start() {
    port = Ports.free(0);
    temporal = TestServer.createPortBoundServer(port, false);
    String target = "127.0.0.1:" + port;
    stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(target).build());
    SearchAttributes.register(target, "default");
    for (String name : List.of("app-01", "db-01")) {
      registry.add(
          new Replica(
              "id-" + name,
              name,
              new VmRef("berlin", "p-" + name, name),
              new VmRef("munich", "r-" + name, name),
              List.of(new DiskPair("p", "r", 1 << 20)),
              List.of()),
          ReplicaState.READY);
    }
  }

  private void serve() {
    workers =
        WorkerFactory.newInstance(
            WorkflowClient.newInstance(
                stubs,
                WorkflowClientOptions.newBuilder().setDataConverter(Payloads.converter()).build()),
            WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(new FaultInterceptor())
                .build());
    Worker worker = workers.newWorker(Queues.SWITCHBACK);
    worker.registerWorkflowImplementationTypes(DefineGroupWorkflow.class);
    worker.registerActivitiesImplementations(registry.activities());
    worker.registerActivitiesImplementations(
        new ReplicationActivities() {
          @Override
          public Done wakeReplication(WakeReplication request) {
            woken.add(request.replicaId());
            return new Done(true, 1);
          }

          @Override
          public Done wakeGroup(WakeGroup request) {
            woken.add(request.group());
            return new Done(true, 1);
          }

          @Override
          public Done timeSwitch(TimeSwitch request) {
            throw new UnsupportedOperationException("no group is switched over");
          }

          @Override
          public Done timeWindow(TimeWindow request) {
            throw new UnsupportedOperationException("no group has a window");
          }

          @Override
          public Done extendNetworks(ExtendNetworks request) {
            throw new UnsupportedOperationException("no group needs a network");
          }
        });
    workers.start();
  }

  @AfterEach
  void stop() {
    if (workers != null) {
      workers.shutdownNow();
    }
    stubs.shutdownNow();
    temporal.close();
  }

  @Test
  void makesAGroupSaysWhatItIsAndEndsIt() {
    serve();

    assertThat(run("erp", "app-01", "db-01")).as(err.toString()).isZero();
    assertThat(out.toString())
        .isEqualToIgnoringNewLines("Group erp is app-01, db-01. Its first restore point follows.");
    assertThat(woken).containsExactly("erp");

    assertThat(run("erp", "app-01", "db-01")).isZero();
    assertThat(out.toString()).contains("is app-01, db-01, as before");

    assertThat(run("erp", "--end")).isZero();
    assertThat(out.toString()).isEqualToIgnoringNewLines("Group erp is no more.");
    assertThat(woken).contains("id-app-01", "id-db-01");
  }

  @Test
  void listsEveryMistakeAndEndsWithWrongInput() {
    serve();

    assertThat(run("erp", "app-01", "ghost", "shade")).isEqualTo(2);

    assertThat(err.toString())
        .contains("Nothing was changed")
        .contains("'ghost'", "'shade'")
        .doesNotContain("\tat ");
  }

  @Test
  void takesVmsOrTheEndAndNotBoth() {
    assertThat(run("erp")).isEqualTo(2);
    assertThat(run("erp", "app-01", "--end")).isEqualTo(2);
    assertThat(err.toString()).contains("one of the two");
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> all = new ArrayList<>(List.of("group"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--temporal", "127.0.0.1:" + port, "--home", home.toString()));
    return Switchback.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
