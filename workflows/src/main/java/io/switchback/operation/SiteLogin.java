package io.switchback.operation;

import io.switchback.model.SiteFinding;
import java.util.List;

/**
 * What came of one login.
 *
 * @param at site whose workers logged in
 * @param into site that they logged in to
 * @param side that needs this login
 * @param worker that did it; empty when none did
 * @param findings nothing when it went well
 */
public record SiteLogin(
    String at, String into, Side side, String worker, List<SiteFinding> findings) {
  /** What a login is for. */
  public enum Side {
    /** Starting replicas: without it no failover. */
    RECOVERY,
    /** Following production: without it no replication, but a failover all the same. */
    PRODUCTION
  }

  public SiteLogin {
    findings = List.copyOf(findings);
  }

  /** Whether operations that need this login will work. */
  public boolean works() {
    return findings.stream().noneMatch(finding -> finding.kind().stops());
  }
}
