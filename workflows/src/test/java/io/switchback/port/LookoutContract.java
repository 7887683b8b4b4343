package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.LookoutActivities.WatchRule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link LookoutActivities} promises. */
public abstract class LookoutContract {
  private static final String RULE = "berlin/tag/gold";
  private static final String OTHER = "berlin/folder/prod";

  private LookoutFixture loops;
  private PortCaller<LookoutActivities> lookout;

  /** Loops of their own for one test. */
  protected abstract LookoutFixture open() throws Exception;

  @BeforeEach
  final void openLoops() throws Exception {
    loops = open();
    lookout = new PortCaller<>(LookoutActivities.class, loops.lookout());
  }

  @AfterEach
  final void closeLoops() {
    lookout.close();
    loops.close();
  }

  @Test
  void letsTheLoopThatRunsLookNow() {
    loops.start(RULE);

    assertThat(watch(1)).isEqualTo(new Done(true, 1));

    assertThat(loops.looks(RULE)).isEqualTo(1);
    assertThat(loops.started(RULE)).isEqualTo(1);
  }

  @Test
  void startsALoopThatDoesNotRun() {
    watch(1);

    assertThat(loops.started(RULE)).isEqualTo(1);
    assertThat(loops.looks(RULE)).isEqualTo(1);
  }

  @Test
  void startsALoopThatHasEnded() {
    loops.start(RULE);
    loops.end(RULE);

    watch(1);

    assertThat(loops.started(RULE)).isEqualTo(2);
  }

  @Test
  void hasOneLoopHoweverOftenItIsAsked() {
    watch(1);

    assertThat(watch(2)).isEqualTo(new Done(true, 2));

    assertThat(loops.started(RULE)).isEqualTo(1);
  }

  @Test
  void leavesOtherLoopsAlone() {
    loops.start(OTHER);

    watch(1);

    assertThat(loops.looks(OTHER)).isZero();
    assertThat(loops.started(OTHER)).isEqualTo(1);
  }

  private Done watch(int attempt) {
    return lookout.attempt(attempt).watchRule(new WatchRule(RULE, "tag 'gold' at site 'berlin'"));
  }
}
