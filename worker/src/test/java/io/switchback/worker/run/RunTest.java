package io.switchback.worker.run;

import static io.switchback.worker.run.MemoryEstate.request;
import static io.switchback.worker.run.StartableOperation.PARTIAL_FAILOVER;
import static io.switchback.worker.run.StartableOperation.UNDO_FAILOVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.operation.Answer;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Procedure;
import io.switchback.operation.ReplicaStatus;
import io.switchback.operation.StepKind;
import io.switchback.operation.StepStatus;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunTest {
  private final MemoryEstate estate = new MemoryEstate();
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    estate.close();
  }

  @Test
  void followsARunToItsEndAndTellsEachStepOnce() {
    estate.vm("web-01");
    estate.vm("db-01");

    OperationResult result = follow(start("{\"vms\":[\"web-01\",\"db-01\"]}"));

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(lines.stream().filter(line -> line.contains("powerOn"))).hasSize(2);
    assertThat(String.join("\n", ResultLines.of(result)))
        .contains("web-01", "db-01", "FAILOVER", "DONE", "yes");
  }

  @Test
  void takesTheStepsThatADryRunNames() {
    Replica replica = estate.vm("web-01");

    follow(start("{\"vms\":[\"web-01\"]}"));
    assertThat(stepsOf(replica)).isEqualTo(named(PARTIAL_FAILOVER));

    follow(new RunStarter(estate.client()).start(undo("web-01")));
    List<String> undone = new ArrayList<>(named(UNDO_FAILOVER));
    // Only after a planned failover, which has shut production down.
    undone.remove(StepKind.POWER_ON_PRODUCTION.id());
    assertThat(stepsOf(replica)).isEqualTo(undone);
  }

  @Test
  void startsOneRunForOneOperationId() {
    estate.vm("web-01");
    RunRequest request = request(PARTIAL_FAILOVER, "{\"vms\":[\"web-01\"]}");
    RunStarter starter = new RunStarter(estate.client());

    StartedRun first = starter.start(request);
    follow(first);
    StartedRun second = starter.start(request);

    assertThat(first.already()).isFalse();
    assertThat(second.already()).isTrue();
    assertThat(second.runId()).isEqualTo(first.runId());
  }

  @Test
  void tellsWhatWaitsForAPersonAndTakesTheAnswer() throws Exception {
    Replica replica = estate.vm("web-01");
    estate.production.power(replica.production(), PowerState.ON);
    StartedRun run = start("{\"vms\":[\"web-01\"]}");
    CompletableFuture<OperationResult> ended = CompletableFuture.supplyAsync(() -> follow(run));

    assertThat(awaitLine("  switchback answer " + run.workflowId() + " acknowledge"))
        .contains("--vm web-01 --step productionStillRuns");
    Answering answering = new Answering(estate.client(), Duration.ofSeconds(20));
    assertThatThrownBy(
            () -> answering.send(run.workflowId(), new Answer("*", null, "skip", "kim", null)))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("'skip' is no answer to 'web-01'");
    String told =
        answering.send(run.workflowId(), new Answer("*", null, "acknowledge", "kim", "isolated"));

    assertThat(told).isEqualTo("answered: web-01");
    OperationResult result = ended.get(30, TimeUnit.SECONDS);
    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(String.join("\n", ResultLines.of(result))).contains("overridden by kim: isolated");
  }

  @Test
  void endsNotDoneWhenSomebodyAborts() throws Exception {
    Replica replica = estate.vm("web-01");
    estate.recovery.full(true);
    StartedRun run = start("{\"vms\":[\"web-01\"]}");
    CompletableFuture<OperationResult> ended = CompletableFuture.supplyAsync(() -> follow(run));

    awaitLine("web-01 waits for you at step 'powerOn'");
    var _ =
        new Answering(estate.client(), Duration.ofSeconds(20))
            .send("replica/" + replica.id(), new Answer(null, null, "abort", "kim", null));

    assertThat(ended.get(30, TimeUnit.SECONDS).outcome()).isEqualTo(Outcome.ABORTED);
    assertThat(estate.registry.state(replica.id())).isEqualTo(ReplicaState.READY);
  }

  @Test
  void tellsARunThatIsOverFromOneThatNeverWas() {
    estate.vm("web-01");
    StartedRun run = start("{\"vms\":[\"web-01\"]}");
    follow(run);
    Answering answering = new Answering(estate.client(), Duration.ofSeconds(20));
    Answer retry = new Answer("*", null, "retry", "kim", null);

    assertThatThrownBy(() -> answering.send(run.workflowId(), retry))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("that goes on")
        .hasMessageContaining("switchback status");
    assertThatThrownBy(() -> answering.send("partial-failover/none", retry))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("'partial-failover/none'");
  }

  @Test
  void tellsWrongInputAndUnservedSitesByTheirExitCodes() {
    estate.vm("web-01");
    assertThatThrownBy(() -> follow(start("{\"vms\":[\"web-9\"]}")))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("'web-9' is unknown");

    estate.recovery.reachable(false);
    assertThatThrownBy(() -> follow(start("{\"vms\":[\"web-01\"]}")))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
        .hasMessageContaining("Nothing was changed");
  }

  private StartedRun start(String json) {
    return new RunStarter(estate.client()).start(request(PARTIAL_FAILOVER, json));
  }

  private static RunRequest undo(String vm) {
    return request(UNDO_FAILOVER, "{\"vms\":[\"" + vm + "\"]}");
  }

  private OperationResult follow(StartedRun run) {
    return new RunFollower(estate.client(), new CommandWords(List.of()), lines::add).follow(run);
  }

  /** Only a check that finds something adds steps to those that are named. */
  private List<String> stepsOf(Replica replica) {
    return estate
        .client()
        .newUntypedWorkflowStub("replica/" + replica.id())
        .query("status", ReplicaStatus.class)
        .steps()
        .stream()
        .map(StepStatus::step)
        .toList();
  }

  private static List<String> named(StartableOperation operation) {
    return Procedure.of(operation.operation()).steps().stream()
        .map(StepKind::id)
        .filter(step -> !step.endsWith("Window")) // nobody asks for one
        .toList();
  }

  private String awaitLine(String beginning) throws InterruptedException {
    while (true) {
      @Nullable String line = lines.poll(30, TimeUnit.SECONDS);
      assertThat(line).as("a line that begins with " + beginning).isNotNull();
      if (Stream.ofNullable(line).anyMatch(told -> told.startsWith(beginning))) {
        return line;
      }
    }
  }
}
