package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.RunActivities.Liveness;
import io.switchback.port.RunActivities.LookAtRun;
import io.switchback.port.RunActivities.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link RunActivities} promises. */
public abstract class RunContract {
  private static final String ID = "replica/web-01.1";

  private RunFixture temporal;
  private PortCaller<RunActivities> runs;

  /** A Temporal of its own for one test. */
  protected abstract RunFixture open();

  @BeforeEach
  final void openTemporal() {
    temporal = open();
    runs = new PortCaller<>(RunActivities.class, temporal.runs());
  }

  @AfterEach
  final void closeTemporal() {
    runs.close();
    temporal.close();
  }

  @Test
  void aRunThatGoesOnLives() {
    String run = temporal.start(ID);

    RunView seen = look(run, "another");

    assertThat(seen.liveness()).isEqualTo(Liveness.LIVE);
    assertThat(seen.detail()).contains(run);
  }

  @Test
  void aRunThatWasTerminatedIsClosed() {
    String run = temporal.start(ID);
    temporal.terminate(ID);

    RunView seen = look(run, "another");

    assertThat(seen.liveness()).isEqualTo(Liveness.CLOSED);
    assertThat(seen.detail()).contains("terminated");
  }

  @Test
  void aClosedRunLivesOnInALaterOneOfItsWorkflowId() {
    String run = temporal.start(ID);
    temporal.terminate(ID);
    String later = temporal.start(ID);

    RunView seen = look(run, "another");

    assertThat(seen.liveness()).isEqualTo(Liveness.LIVE);
    assertThat(seen.detail()).contains(later);
  }

  @Test
  void whoAsksUnderTheSameWorkflowIdIsNotCounted() {
    String run = temporal.start(ID);
    temporal.terminate(ID);
    String asking = temporal.start(ID);

    assertThat(look(run, asking).liveness()).isEqualTo(Liveness.CLOSED);
  }

  @Test
  void aRunThatTemporalDoesNotKnowIsUnknown() {
    assertThat(look("01a1fdc4-19cb-7c91-8e08-677861e9de04", "another").liveness())
        .isEqualTo(Liveness.UNKNOWN);
  }

  private RunView look(String run, String asking) {
    return runs.call().lookAtRun(new LookAtRun(ID, run, asking));
  }
}
