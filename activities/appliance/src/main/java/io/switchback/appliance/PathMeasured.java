package io.switchback.appliance;

import java.util.List;
import java.util.OptionalInt;

/**
 * How the way from production's appliance to the other end of a tunnel was found.
 *
 * @param mtuBytes of the largest packet that got to the door and back; empty when the door answers
 *     no pings
 * @param reached how far the tunnel's port was reached
 * @param findings what a person should know, with what to do, a sentence each; empty when all is
 *     well
 */
public record PathMeasured(OptionalInt mtuBytes, Reached reached, List<String> findings) {
  public PathMeasured {
    findings = List.copyOf(findings);
  }

  /** How far. */
  public enum Reached {
    /** An OpenVPN server answered as one does, through whatever is in between. */
    OTHER_END,
    /** Somebody took the connection and closed it, or said nothing. */
    DOOR,
    /** Nobody took the connection. */
    NOBODY
  }
}
