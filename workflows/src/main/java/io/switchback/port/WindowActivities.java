package io.switchback.port;

import io.switchback.model.CommitWindow;
import io.switchback.model.Mandate;
import io.switchback.model.Mistakes;
import io.switchback.model.Replica;
import io.switchback.model.Undoable;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the registry keeps of windows, at whose end a failover or a failback is committed or undone
 * by itself. Each claim of the replica says which it has. When the replica is released, those are
 * gone that it has left behind: an open one that is not about the state the replica is in, and one
 * that does not count yet, unless it is of a failback that is READY_TO_SWITCH.
 *
 * <p>Every method: REGISTRY_UNAVAILABLE (retried). Those with a mandate: FENCED, and nothing
 * changed, when the mandate's operation does not hold the claim, or a higher step of it has been
 * seen. Milliseconds.
 */
@ActivityInterface
public interface WindowActivities {

  /**
   * Keeps a window that does not count yet. It takes the place of another one of the same kind. If
   * the same is kept already, counting or not, answers {@code changed = false} and leaves it.
   */
  Done planWindow(PlanWindow request);

  /**
   * Lets the window count that is kept for {@code of}, and answers it. If it counts already,
   * answers it as it is; where none is kept, answers none.
   */
  Opened openWindow(OpenWindow request);

  /** Answers the replica and the window that counts. Changes nothing. */
  WindowView describeWindow(DescribeWindow request);

  /**
   * Moves the end of a window that counts, unless it was moved since it was seen. If it is that
   * already, answers {@code changed = false}.
   *
   * @throws io.switchback.fault.FaultException REFUSED when the window is not there any more, or
   *     has another end by now
   */
  Done moveWindow(MoveWindow request);

  /**
   * Forgets a window: nothing is done at its end. If it is gone, answers {@code changed = false}.
   */
  Done endWindow(EndWindow request);

  /** Asks to keep a window. */
  record PlanWindow(Mandate mandate, String replicaId, CommitWindow window) {
    public PlanWindow {
      new Mistakes()
          .unless(window == null || !window.isOpen(), "a window is planned before it counts")
          .refuse("window");
    }
  }

  /** Asks to let a window count from {@code now}. */
  record OpenWindow(Mandate mandate, String replicaId, Undoable of, Instant now) {}

  /** The window that counts; null where none was kept. */
  record Opened(@Nullable CommitWindow window, boolean changed, int attempt) {}

  /** Asks for the window that counts. */
  record DescribeWindow(String replicaId) {}

  /** The window that counts and its replica; null where there is none. */
  record WindowView(@Nullable Replica replica, @Nullable CommitWindow window) {}

  /**
   * Asks to move the end.
   *
   * @param seen the end that it has, as whoever asks knows it
   * @param byProbes whether it counts among those that the probes may do; else the count begins
   *     anew
   */
  record MoveWindow(
      String replicaId, String windowId, Undoable of, Instant seen, Instant to, boolean byProbes) {}

  /** Asks to forget a window. */
  record EndWindow(String replicaId, String windowId, Undoable of) {}
}
