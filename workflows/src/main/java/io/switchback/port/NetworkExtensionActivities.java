package io.switchback.port;

import io.switchback.model.NetworkPair;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.util.List;

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
   * Asks production's network, at the card of the appliance there, who has these addresses; who
   * answers for others by proxy ARP, as the extension itself does, is not found. Changes nothing.
   *
   * @throws io.switchback.fault.FaultException APPLIANCE_UNFIT when it could not be asked: silence
   *     is an answer only to a question
   */
  Owners askForOwners(AskForOwners request);

  /**
   * Looks whether the end could stand: the appliance's clock against its certificates, and at
   * production the way to the other end. Changes nothing. Up to 20 s where nobody answers.
   */
  EndPreflight preflightEnd(PreflightEnd request);

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

  /** Asks who has the addresses on the pair's network at production. */
  record AskForOwners(NetworkPair pair, List<String> addresses) {
    public AskForOwners {
      addresses = List.copyOf(addresses);
    }
  }

  /** Who answered, several for one address included. */
  record Owners(List<AddressOwner> found, int attempt) {
    public Owners {
      found = List.copyOf(found);
    }
  }

  /**
   * A machine that answers to an address on a network.
   *
   * @param mac of the card that answered, such as {@code 00:50:56:12:34:56}
   */
  record AddressOwner(String address, String mac) {}

  /** Asks whether an end could stand. */
  record PreflightEnd(NetworkPair pair, Side side) {}

  /**
   * What a preflight found.
   *
   * @param mtuBytes the largest packet on the way from production to the other end; 0 when it is
   *     not known, and at the recovery side
   * @param findings what a person should know, with what to do, a sentence each; empty when all is
   *     well
   */
  record EndPreflight(int mtuBytes, List<String> findings, int attempt) {
    public EndPreflight {
      findings = List.copyOf(findings);
    }
  }

  /**
   * Asks to make an end.
   *
   * @param mtuBytes as the preflight has measured it, to which segments are clamped; 0 when that is
   *     not known
   */
  record ConvergeEnd(NetworkPair pair, Side side, int mtuBytes) {
    /** Of a way of which nothing is known. */
    public ConvergeEnd(NetworkPair pair, Side side) {
      this(pair, side, 0);
    }
  }

  /** Asks how an end is. */
  record LookAtEnd(NetworkPair pair, Side side) {}

  /** Asks to remove an end. */
  record TearDownEnd(NetworkPair pair, Side side) {}

  /**
   * How an end is.
   *
   * @param running whether its daemon runs, and everything that was made around it still stands
   * @param asked how many questions were sent to the other end through the tunnel
   * @param answered how many of them it answered
   * @param roundTrip mean of the answers; zero when there was none
   * @param lastWord what the daemon last said of how it gets on, or what is gone
   */
  record EndView(
      boolean running, int asked, int answered, Duration roundTrip, String lastWord, int attempt) {}

  /** How one side of a replica's networks is, as a result tells it. */
  record NetworkState(Side side, Condition condition, String detail, int attempt) {}
}
