package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.ReplicationStatus;
import io.temporal.client.WorkflowStub;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Whatever dies after an activity's effect and before its completion is reported: the operation
 * ends well, nothing was done twice, nothing that a restore point held is lost.
 *
 * <p>One point per activity type by default, killed and stopped in turn; {@code
 * -Dcrash.matrix=full} does every point both ways, {@code -Dcrash.points=Protect/.*} only those
 * whose names match.
 */
@Tag("process")
class CrashIT {
  @TempDir static Path directory;
  private static CrashEstate estate;

  private enum Mode {
    KILLED,
    STOPPED
  }

  @BeforeAll
  static void start() throws Exception {
    estate = new CrashEstate(directory);
  }

  @AfterAll
  static void end() throws Exception {
    if (estate != null) {
      estate.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> aWorkerThatIsLostAfterAnEffectChangesNothing() {
    boolean full = "full".equals(System.getProperty("crash.matrix"));
    List<CrashPoint> points =
        CrashPoint.ALL.stream()
            .filter(point -> full || !point.inFullOnly())
            .filter(point -> point.toString().matches(System.getProperty("crash.points", ".*")))
            .toList();
    return points.stream()
        .flatMap(
            point ->
                full
                    ? Stream.of(Mode.values()).map(mode -> test(point, mode))
                    : Stream.of(test(point, Mode.values()[points.indexOf(point) % 2])));
  }

  private static DynamicTest test(CrashPoint point, Mode mode) {
    return DynamicTest.dynamicTest(point + " " + mode, () -> lose(point, mode));
  }

  /** Loses a worker in a cycle; what it made must be what a failover then runs on. */
  private static void loseInCycle(CrashPoint point, Mode mode) throws Exception {
    estate.recover();
    String before = estate.newest();
    Caught caught = Caught.set(estate, point.trap());
    CompletableFuture<ReplicationStatus> cycle = CompletableFuture.supplyAsync(estate::replicate);
    caught.await();
    lose(caught, point, mode, List.of(estate.loop()));
    ReplicationStatus made = cycle.get(90, TimeUnit.SECONDS);
    assertThat(made.newest()).as(made.toString()).isNotNull();
    assertThat(made.newest().id()).as(made.toString()).isNotEqualTo(before);
    well(
        CrashEstate.end(estate.begin("PartialFailover", List.of(CrashEstate.VM))),
        ReplicaState.FAILOVER);
    JsonNode testimony = estate.testimony();
    assertThat(testimony.path("mistakes")).as(testimony.toString()).isEmpty();
    well(CrashEstate.end(estate.begin("UndoFailover")), ReplicaState.READY);
  }

  /** Loses a worker in an operation that has VMs of its own. */
  private static void loseInStory(CrashPoint point, Mode mode) throws Exception {
    estate.recover();
    Story story = Story.of(point.operation(), estate);
    story.before();
    Caught caught = Caught.set(estate, story.own(point.trap()));
    Story.Begun begun = story.begin();
    caught.await();
    lose(caught, point, mode, begun.runs());
    begun.end().await();
    assertNothingWasDoneTwice();
    story.after();
  }

  private static void lose(CrashPoint point, Mode mode) throws Exception {
    if (point.isStory()) {
      loseInStory(point, mode);
      return;
    }
    if (point.isCycle()) {
      loseInCycle(point, mode);
      return;
    }
    estate.recover();
    if (!point.isFailover()) {
      well(CrashEstate.end(estate.begin("PartialFailover")), ReplicaState.FAILOVER);
    }
    Caught caught =
        Caught.set(
            estate, point.trap() instanceof Trap.LabAfter after ? after.first() : point.trap());
    WorkflowStub run = estate.begin(point.operation());
    caught.await();
    if (point.trap() instanceof Trap.LabAfter after) {
      Caught second = Caught.set(estate, after.then());
      caught.release();
      caught = second;
      caught.await();
    }
    lose(
        caught,
        point,
        mode,
        List.of(run.getExecution().getWorkflowId(), "replica/" + estate.replica.id()));
    OperationResult result = CrashEstate.end(run);
    if (point.isFailover()) {
      well(result, ReplicaState.FAILOVER);
      JsonNode testimony = estate.testimony();
      assertThat(testimony.path("mistakes")).as(testimony.toString()).isEmpty();
      result = CrashEstate.end(estate.begin("UndoFailover"));
    }
    well(result, ReplicaState.READY);
    assertNothingWasDoneTwice();
  }

  private static void assertNothingWasDoneTwice() throws Exception {
    assertThat(estate.effects().entrySet())
        .as("changes per operation, step and target")
        .allSatisfy(effect -> assertThat(effect.getValue()).as(effect.getKey()).isEqualTo(1));
  }

  private static void lose(Caught caught, CrashPoint point, Mode mode, List<String> runs)
      throws Exception {
    WorkerProcess worker = caught.worker(point.activity(), runs);
    if (mode == Mode.KILLED) {
      worker.kill();
      caught.forget();
      worker.start();
    } else {
      worker.stop();
      try {
        caught.releaseAnswer();
        caught.awaitTakeOver(point.activity(), runs, worker);
      } finally {
        caught.release();
        worker.goOn();
      }
    }
  }

  private static void well(OperationResult result, ReplicaState state) {
    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.DONE);
    MemberResult member = result.members().getFirst();
    assertThat(member.state()).isEqualTo(state);
  }

  @Test
  void aZombieThatWakesUpBeforeItsEffectIsRefused() throws Exception {
    estate.recover();
    well(CrashEstate.end(estate.begin("PartialFailover")), ReplicaState.FAILOVER);
    // The first look of an undo is the one by which powerOff finds the replica running.
    Caught caught = Caught.set(estate, new Trap.Lab("potsdam", "look", CrashEstate.REPLICA));
    WorkflowStub undo = estate.begin("UndoFailover");
    caught.await();
    WorkerProcess zombie = caught.worker("PowerOffVm", List.of("replica/" + estate.replica.id()));
    zombie.stop();
    caught.release();
    well(CrashEstate.end(undo), ReplicaState.READY);
    well(CrashEstate.end(estate.begin("PartialFailover")), ReplicaState.FAILOVER);
    zombie.goOn();
    CrashEstate.until(
        "the site to refuse the zombie",
        () -> {
          try {
            return zombie.log().contains("FENCED");
          } catch (java.io.IOException unreadable) {
            return false;
          }
        });
    assertThat(estate.recovery.look(CrashEstate.REPLICA).power()).hasToString("ON");
    well(CrashEstate.end(estate.begin("UndoFailover")), ReplicaState.READY);
  }

  @Test
  void aConnectionCutBetweenCommitAndAnswerClaimsOnce() throws Exception {
    estate.recover();
    estate.workers.forEach(worker -> worker.postgres.cut("insert into claim", "COMMIT"));
    well(CrashEstate.end(estate.begin("PartialFailover")), ReplicaState.FAILOVER);
    estate.workers.forEach(worker -> worker.postgres.hold());
    well(CrashEstate.end(estate.begin("UndoFailover")), ReplicaState.READY);
  }

  @Test
  void temporalKilledAndStartedAgainLosesNothing() throws Exception {
    estate.recover();
    Caught caught = Caught.set(estate, new Trap.Lab("potsdam", "powerOn", CrashEstate.REPLICA));
    WorkflowStub run = estate.begin("PartialFailover");
    caught.await();
    estate.killTemporal();
    estate.startTemporal();
    caught.release();
    well(CrashEstate.end(run), ReplicaState.FAILOVER);
    assertThat(estate.testimony().path("mistakes")).isEmpty();
    well(CrashEstate.end(estate.begin("UndoFailover")), ReplicaState.READY);
  }
}
