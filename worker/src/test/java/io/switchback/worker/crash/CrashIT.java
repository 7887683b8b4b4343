package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.worker.crash.Losses.Loss;
import io.switchback.worker.crash.Losses.Mode;
import io.temporal.client.WorkflowStub;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever dies after an activity's effect and before its completion is reported: the operation
 * ends well, nothing was done twice, nothing that a restore point held is lost.
 *
 * <p>One point per activity type by default, killed and stopped in turn, and several of them in one
 * failover; those of operations with VMs of their own are {@link CrashStoriesIT}'s, which runs
 * beside. {@code -Dcrash.matrix=full} does every point by itself both ways, {@code
 * -Dcrash.points=Protect/.*} only those whose names match; both of them all here.
 */
@Tag("process")
@Order(1) // The longest of all: it begins, and others run beside it.
class CrashIT {
  @TempDir static Path directory;
  private static CrashEstate estate;

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
    String named = System.getProperty("crash.points");
    List<CrashPoint> points =
        CrashPoint.ALL.stream()
            .filter(point -> full || !point.inFullOnly())
            .filter(point -> named == null || point.toString().matches(named))
            .toList();
    return full
        ? points.stream().flatMap(point -> Stream.of(Mode.values()).map(mode -> test(point, mode)))
        : Stream.concat(
            Walk.over(points.stream().filter(point -> !point.isStory()).toList())
                .map(CrashIT::test),
            named == null ? Stream.of() : inStories(points, estate));
  }

  /** Each point of an operation with VMs of its own, in a story of its own. */
  static Stream<DynamicTest> inStories(List<CrashPoint> points, CrashEstate estate) {
    List<CrashPoint> stories = points.stream().filter(CrashPoint::isStory).toList();
    return stories.stream()
        .map(story -> new Loss(story, Mode.inTurn(stories.indexOf(story))))
        .map(loss -> DynamicTest.dynamicTest(loss.toString(), () -> loseInStory(estate, loss)));
  }

  private static DynamicTest test(CrashPoint point, Mode mode) {
    Loss loss = new Loss(point, mode);
    return point.isStory()
        ? DynamicTest.dynamicTest(loss.toString(), () -> loseInStory(estate, loss))
        : test(new Walk(List.of(loss)));
  }

  private static DynamicTest test(Walk walk) {
    return DynamicTest.dynamicTest(walk.toString(), () -> walk.run(estate));
  }

  /** Loses a worker in an operation that has VMs of its own. */
  private static void loseInStory(CrashEstate estate, Loss loss) throws Exception {
    estate.recover();
    Story story = Story.of(loss.point().operation(), estate);
    story.before();
    Losses set = Losses.set(estate, List.of(loss), story::own);
    Story.Begun begun = story.begin();
    set.await(begun.runs());
    begun.end().await();
    estate.assertNothingWasDoneTwice();
    story.after();
  }

  @Test
  void aZombieThatWakesUpBeforeItsEffectIsRefused() throws Exception {
    estate.recover();
    Walk.well(CrashEstate.end(estate.begin("PartialFailover")), ReplicaState.FAILOVER);
    // The first look of an undo is the one by which powerOff finds the replica running.
    Caught caught = Caught.set(estate, new Trap.Lab("potsdam", "look", CrashEstate.REPLICA));
    WorkflowStub undo = estate.begin("UndoFailover");
    caught.await();
    WorkerProcess zombie = caught.worker("PowerOffVm", List.of("replica/" + estate.replica.id()));
    zombie.stop();
    caught.release();
    Walk.well(CrashEstate.end(undo), ReplicaState.READY);
    Walk.well(CrashEstate.end(estate.begin("PartialFailover")), ReplicaState.FAILOVER);
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
    Walk.well(CrashEstate.end(estate.begin("UndoFailover")), ReplicaState.READY);
  }

  @Test
  void aConnectionCutBetweenCommitAndAnswerClaimsOnce() throws Exception {
    estate.recover();
    estate.workers.forEach(worker -> worker.postgres.cut("insert into claim", "COMMIT"));
    Walk.well(CrashEstate.end(estate.begin("PartialFailover")), ReplicaState.FAILOVER);
    estate.workers.forEach(worker -> worker.postgres.hold());
    Walk.well(CrashEstate.end(estate.begin("UndoFailover")), ReplicaState.READY);
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
    Walk.well(CrashEstate.end(run), ReplicaState.FAILOVER);
    assertThat(estate.testimony().path("mistakes")).isEmpty();
    Walk.well(CrashEstate.end(estate.begin("UndoFailover")), ReplicaState.READY);
  }
}
