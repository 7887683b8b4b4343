package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.SEEDING;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultInterceptor;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowHistoryLoader;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerDeploymentOptions;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recorded histories that today's code must still replay. They are never edited; a new one is
 * recorded beside the old ones, with {@code -Dhistories.record=<suffix>}, when an operation's steps
 * change.
 */
class ReplayTest {
  @AutoClose private final Estate estate = new Estate();

  /** A timer is on whatever build is current: it may wait through many of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "WindowTimer-1",
        "WindowTimerCut-1",
        "WindowTimerGoesOn-1",
        "SwitchTimerWithRounds-1",
        "SwitchTimerStopped-1",
        "SwitchTimerStoppedGoesOn-1"
      })
  void aTimerIsTakenOverByAWorkerOfAnotherBuild(String name) throws Exception {
    try (TestWorkflowEnvironment other =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter())
                        .build())
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new FaultInterceptor())
                        .build())
                .build())) {
      Worker next =
          other.newWorker(
              Queues.SWITCHBACK,
              WorkerOptions.newBuilder()
                  .setDeploymentOptions(
                      WorkerDeploymentOptions.newBuilder()
                          .setVersion(new WorkerDeploymentVersion("switchback", "the next build"))
                          .setUseVersioning(true)
                          .build())
                  .build());
      next.registerWorkflowImplementationTypes(
          WindowTimerWorkflow.class, SwitchTimerWorkflow.class);
      WorkflowReplayer.replayWorkflowExecution(
          WorkflowHistoryLoader.readHistoryFromResource("histories/" + name + ".json"), next);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PartialFailover-2",
        "PartialFailoverOfReplica-7",
        "PlannedFailover-1",
        "PlannedFailoverOfReplica-4",
        "UndoFailoverOfPlannedReplica-2",
        "UndoFailover-1",
        "UndoFailoverOfReplica-2",
        "Replication-6",
        "PermanentFailover-1",
        "PermanentFailoverOfReplica-1",
        "Adopt-1",
        "AdoptOfReplica-2",
        "Reconcile-1",
        "ReconcileOfReplica-5",
        "SwitchTimer-2",
        "SwitchTimerWithRounds-1",
        "SwitchTimerStopped-1",
        "SwitchTimerStoppedGoesOn-1",
        "WindowTimer-1",
        "WindowTimerCut-1",
        "WindowTimerGoesOn-1",
        "PartialFailoverOfReplicaWithWindow-4",
        "MoveSwitchOfReplica-2",
        "Failback-1",
        "FailbackOfReplica-3",
        "ResynchroniseFailback-1",
        "ResynchroniseFailbackOfReplica-1",
        "SwitchOver-1",
        "SwitchOverOfReplica-5",
        "CancelFailback-1",
        "CancelFailbackOfReplica-3",
        "UndoFailback-1",
        "UndoFailbackOfReplica-5",
        "CommitFailback-1",
        "CommitFailbackOfReplica-2",
        "FailbackToNewLocation-3",
        "CancelFailbackToNewLocation-2",
        "UndoFailbackToNewLocation-4",
        "CommitFailbackToNewLocation-1",
        "PartialFailoverOfReplicaExtended-2",
        "UndoFailoverOfReplicaExtended-1",
        "NetworkExtension-1",
        "FullSiteFailover-1",
        "FullSiteFailoverOfReplica-1"
      })
  void replaysRecordedHistories(String name) throws Exception {
    WorkflowReplayer.replayWorkflowExecution(
        WorkflowHistoryLoader.readHistoryFromResource("histories/" + name + ".json"),
        estate.environment().getWorkerFactory().getWorker(Queues.SWITCHBACK));
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsTheLoopOfAPairOfNetworks() throws IOException {
    estate.extendNetworks();
    Replica replica = estate.vm("web-01");
    estate.runOne("PartialFailover", "{\"vms\":[\"web-01\"]}");
    keep(estate.member(replica), "PartialFailoverOfReplicaExtended");
    estate.runOne("UndoFailover", "{\"vms\":[\"web-01\"]}");
    keep(estate.member(replica), "UndoFailoverOfReplicaExtended");
    WorkflowStub loop = estate.client().newUntypedWorkflowStub(NetworkExtension.workflowId(1));
    estate.result(loop, Void.class);
    keep(loop, "NetworkExtension");
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsHistoriesOfAFullSiteFailover() throws IOException {
    estate.extendNetworks();
    estate.registry.fullSite(
        "munich",
        new FullSiteSettings("eth0", "203.0.113.1", Map.of("lan", "203.0.113.21"), List.of()));
    estate.vm("dns-01");
    Replica web = estate.vm("web-01");
    WorkflowStub failover =
        estate.start("FullSiteFailover", "{\"vms\":[\"dns-01\",\"web-01\"],\"delay\":\"PT30S\"}");
    estate.result(failover);
    keep(failover, "FullSiteFailover");
    keep(estate.member(web), "FullSiteFailoverOfReplica");
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsHistories() throws IOException {
    estate.production.serveDisks("10.1.0.5:7500");
    Replica replica = estate.protect("web-01", SEEDING);
    WorkflowStub loop = estate.loop(replica);
    loop.update("replicateNow", ReplicationStatus.class);
    loop.update("replicateNow", ReplicationStatus.class);

    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
    WorkflowStub failover = estate.start("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);
    estate.until(
        "told",
        () ->
            failover.query("status", OperationStatus.class).members().getFirst().parked() != null);
    failover.update("answer", String.class, new Answer("*", "powerOn", "retry", "ada", "room now"));
    estate.result(failover);
    keep(failover, "PartialFailover");
    keep(estate.member(replica), "PartialFailoverOfReplica");

    WorkflowStub undo = estate.start("UndoFailover", "{\"vms\":[\"web-01\"]}");
    estate.result(undo);
    keep(undo, "UndoFailover");
    keep(estate.member(replica), "UndoFailoverOfReplica");

    estate.registry.remove(replica.id());
    loop.update("replicateNow", ReplicationStatus.class);
    estate.result(loop, Void.class);
    keep(loop, "Replication");
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsHistoriesOfOneWayOperations() throws IOException {
    Replica replica = estate.vm("web-01");
    estate.recovery.power(replica.recovery(), PowerState.ON);
    run("Adopt", "{\"vms\":[\"web-01\"]}", replica);
    estate.recovery.script().fail("powerOffVm", "r-web-01", Fault.FENCED, 1);
    WorkflowStub undo = estate.start("UndoFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);
    estate.answer(replica, "reconcile");
    estate.result(undo);
    run("Reconcile", "{\"vms\":[{\"name\":\"web-01\",\"choose\":\"roll back\"}]}", replica);
    run(
        "PermanentFailover",
        "{\"vms\":[{\"name\":\"web-01\",\"confirm\":\"remove 2 restore points of web-01\"}]}",
        replica);
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsHistoriesOfPlannedFailovers() throws IOException {
    estate.production.serveDisks("10.1.0.5:7500");
    Replica replica = estate.vm("web-01");
    estate.production.power(replica.production(), PowerState.ON);
    estate.production.guestStubborn(replica.production());
    estate.recovery.script().fail("powerOnVm", "r-web-01", Fault.NO_CAPACITY, 1);
    WorkflowStub failover = estate.start("PlannedFailover", "{\"vms\":[\"web-01\"]}");
    estate.parked(replica);
    estate.answer(replica, "retry", "room now");
    estate.result(failover);
    keep(failover, "PlannedFailover");
    keep(estate.member(replica), "PlannedFailoverOfReplica");
    estate.result(estate.start("UndoFailover", "{\"vms\":[\"web-01\"]}"));
    keep(estate.member(replica), "UndoFailoverOfPlannedReplica");
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsHistoriesOfAScheduledSwitch() throws IOException {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    Instant at = estate.now().plus(Duration.ofHours(1));
    estate.run(
        "Failback",
        "{\"vms\":[\"web-01\"],\"switchover\":\"scheduled\",\"resynchroniseEvery\":\"off\",\"at\":\"%s\"}"
            .formatted(at));
    estate.run(
        "SwitchOver",
        "{\"vms\":[\"web-01\"],\"at\":\"%s\"}".formatted(at.plus(Duration.ofDays(2))));
    keep(estate.member(replica), "MoveSwitchOfReplica");
    estate.production.reachable(false);
    estate.environment().sleep(Duration.ofDays(2).plusHours(2));
    estate.production.reachable(true);
    WorkflowStub timer =
        estate.client().newUntypedWorkflowStub(SwitchTimer.workflowId(replica.id()));
    estate.result(timer, Void.class);
    keep(timer, "SwitchTimer");
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsTheHistoryOfASwitchThatWaits() throws IOException {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.run("Failback", "{\"vms\":[\"web-01\"],\"switchover\":\"manual\"}");
    estate.environment().sleep(Duration.ofHours(20));
    estate.resultBesideParked(estate.start("CancelFailback", "{\"vms\":[\"web-01\"]}"));
    WorkflowStub timer =
        estate.client().newUntypedWorkflowStub(SwitchTimer.workflowId(replica.id()));
    estate.result(timer, Void.class);
    keep(timer, "SwitchTimerWithRounds");
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsHistoriesOfFailbacks() throws IOException {
    estate.production.serveDisks("10.1.0.5:7500");
    estate.recovery.serveDisks("10.2.0.5:7500");
    Replica replica = estate.vm("web-01");
    String web = "{\"vms\":[\"web-01\"]}";
    String later =
        "{\"vms\":[\"web-01\"],\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}";
    estate.run("PartialFailover", web);
    estate.run("Failback", later);
    run("CancelFailback", web, replica);
    estate.run("Failback", later);
    run("ResynchroniseFailback", web, replica);
    run("SwitchOver", web, replica);
    run("UndoFailback", web, replica);
    run("Failback", web, replica);
    run("CommitFailback", web, replica);
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsHistoriesOfFailbacksToANewLocation() throws IOException {
    estate.production.serveDisks("10.1.0.5:7500");
    estate.recovery.serveDisks("10.2.0.5:7500");
    Replica replica = estate.vm("web-01");
    String web = "{\"vms\":[\"web-01\"]}";
    String home = "{\"vms\":[\"web-02\"]}";
    String away = "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-02\"}}";
    estate.run("PartialFailover", web);
    estate.run(
        "Failback",
        away.replace("}}", "},\"switchover\":\"manual\",\"resynchroniseEvery\":\"off\"}"));
    estate.run("CancelFailback", web);
    keep(estate.member(replica), "CancelFailbackToNewLocation");
    estate.run("Failback", away);
    keep(estate.member(replica), "FailbackToNewLocation");
    estate.run("UndoFailback", home.replace("}", ",\"removeVm\":true}"));
    keep(estate.member(replica), "UndoFailbackToNewLocation");
    estate.run("Failback", away);
    estate.run("CommitFailback", home);
    keep(estate.member(replica), "CommitFailbackToNewLocation");
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsHistoriesOfAWindow() throws IOException {
    Replica replica = estate.vm("web-01");
    estate.resultBesideParked(
        estate.start(
            "PartialFailover",
            "{\"vms\":[\"web-01\"],\"by\":\"ada\",\"window\":{\"length\":\"PT4H\",\"atEnd\":\"commit\",\"probes\":[{\"kind\":\"TcpCheck\",\"address\":\"{address}:443\"}]}}"));
    keep(estate.member(replica), "PartialFailoverOfReplicaWithWindow");
    WorkflowStub timer =
        estate.client().newUntypedWorkflowStub(WindowTimer.workflowId(replica.id()));
    timer.update(
        WindowTimer.EXTEND, String.class, new WindowChange("PT1H", null, "ada", "we still look"));
    estate.checks.silence(replica.recovery().id());
    estate.environment().sleep(Duration.ofHours(6));
    timer.update(
        WindowTimer.CANCEL, String.class, new WindowChange(null, null, "ada", "we decide"));
    estate.until(
        "the timer ends",
        () ->
            timer.describe().getStatus()
                != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    keep(timer, "WindowTimer");
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsTheHistoryOfAWindowThatWasCut() throws IOException {
    Replica replica = estate.vm("web-01");
    estate.resultBesideParked(
        estate.start(
            "PartialFailover",
            "{\"vms\":[\"web-01\"],\"by\":\"ada\",\"window\":{\"length\":\"P3D\",\"atEnd\":\"undo\"}}"));
    WorkflowStub timer =
        estate.client().newUntypedWorkflowStub(WindowTimer.workflowId(replica.id()));
    String first = timer.describe().getExecution().getRunId();
    estate.result(timer, Void.class);
    keep(timer, first, "WindowTimerCut");
    keep(timer, "WindowTimerGoesOn");
  }

  @Test
  @EnabledIfSystemProperty(named = "histories.record", matches = ".+")
  void recordsTheHistoryOfAStoppedSwitchThatWasCut() throws IOException {
    Replica replica = estate.vm("web-01");
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
    estate.run(
        "Failback",
        "{\"vms\":[\"web-01\"],\"switchover\":\"scheduled\",\"at\":\"%s\"}"
            .formatted(estate.now().plus(Duration.ofHours(1))));
    WorkflowStub timer =
        estate.client().newUntypedWorkflowStub(SwitchTimer.workflowId(replica.id()));
    String first = timer.describe().getExecution().getRunId();
    estate.recovery.script().fail("createSnapshot", "*", Fault.BAD_CREDENTIALS, 1);
    estate.environment().sleep(Duration.ofMinutes(61));
    estate.parked(replica);
    estate
        .member(replica)
        .update("answer", String.class, new Answer(null, null, Answer.ABORT, "ada", "not now"));
    estate.environment().sleep(Duration.ofDays(5));
    estate.until("released", () -> !estate.registry.isClaimed(replica.id()));
    estate.resultBesideParked(estate.start("CancelFailback", "{\"vms\":[\"web-01\"]}"));
    estate.result(timer, Void.class);
    keep(timer, first, "SwitchTimerStopped");
    keep(timer, "SwitchTimerStoppedGoesOn");
  }

  private void run(String type, String input, Replica replica) throws IOException {
    WorkflowStub run = estate.start(type, input);
    estate.result(run);
    keep(run, type);
    keep(estate.member(replica), type + "OfReplica");
  }

  private void keep(WorkflowStub run, String type) throws IOException {
    keep(run, run.describe().getExecution().getRunId(), type);
  }

  private void keep(WorkflowStub run, String runId, String type) throws IOException {
    String workflowId = run.getExecution().getWorkflowId();
    String file = type + "-" + System.getProperty("histories.record") + ".json";
    Path folder = Path.of("src/test/resources/histories");
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(file), estate.client().fetchHistory(workflowId, runId).toJson(true));
  }
}
