package io.switchback.port;

import io.switchback.model.NetworkPair;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;

/**
 * The two ends by which a pair of networks is extended, each on the appliance of its site. Runs on
 * the queue of that site.
 *
 * <p>Every method: SITE_UNREACHABLE (retried) when the appliance does not answer; FENCED when a
 * request with a higher revision of the pair was there first, and nothing was changed; REFUSED when
 * the pair has no appliance on that side. Seconds; heartbeats.
 */
@ActivityInterface
public interface NetworkExtensionActivities {

  /**
   * Makes the end as the pair says: started, with exactly the members' addresses open. What is so
   * already is left alone, and traffic goes on. Then looks at it.
   */
  EndView convergeEnd(ConvergeEnd request);

  /** Says how the end is. Changes nothing. */
  EndView lookAtEnd(LookAtEnd request);

  /**
   * Removes the end, and proves that nothing is left: process, interface, rule, route, filter and
   * neighbour entry. If nothing was there, does nothing.
   *
   * @throws io.switchback.fault.FaultException UNEXPECTED (retried) that names everything that is
   *     left
   */
  Done tearDownEnd(TearDownEnd request);

  /** An end of the extension. */
  enum Side {
    RECOVERY,
    PRODUCTION
  }

  /** How a side of the extension is, the worst last. */
  enum Condition {
    /** The replica's networks are not extended. */
    NOT_NEEDED,
    UP,
    /** There is no appliance on this side, or none on the other. */
    ABSENT,
    /** Not up, or not all of it; the extension keeps trying. */
    DEGRADED
  }

  /** How a side is, with a sentence that says why. */
  record SideState(Condition condition, String detail) {}

  /** Asks to make an end. */
  record ConvergeEnd(NetworkPair pair, Side side) {}

  /** Asks how an end is. */
  record LookAtEnd(NetworkPair pair, Side side) {}

  /** Asks to remove an end. */
  record TearDownEnd(NetworkPair pair, Side side) {}

  /**
   * How an end is.
   *
   * @param running whether its daemon runs
   * @param asked how many questions were sent to the other end through the tunnel
   * @param answered how many of them it answered
   * @param roundTrip mean of the answers; zero when there was none
   * @param lastWord what the daemon last said of how it gets on
   */
  record EndView(
      boolean running, int asked, int answered, Duration roundTrip, String lastWord, int attempt) {}

  /** How one side of a replica's networks is, as a result tells it. */
  record NetworkState(Side side, Condition condition, String detail, int attempt) {}
}
