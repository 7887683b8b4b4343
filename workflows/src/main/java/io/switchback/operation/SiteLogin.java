package io.switchback.operation;

import io.switchback.model.SiteFact;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteVm;
import java.util.List;

/**
 * What came of one login.
 *
 * @param at site whose workers logged in
 * @param into site that they logged in to
 * @param side that needs this login
 * @param worker that did it; empty when none did
 * @param findings nothing when it went well
 * @param facts what it has seen there
 * @param vms of the site, by name, where its own workers logged in
 */
public record SiteLogin(
    String at,
    String into,
    Side side,
    String worker,
    List<SiteFinding> findings,
    List<SiteFact> facts,
    List<SiteVm> vms) {
  /** What a login is for. */
  public enum Side {
    /** Starting replicas: without it no failover. */
    RECOVERY,
    /** Following production: without it no replication, but a failover all the same. */
    PRODUCTION
  }

  public SiteLogin {
    findings = List.copyOf(findings);
    facts = facts == null ? List.of() : List.copyOf(facts);
    vms = vms == null ? List.of() : List.copyOf(vms);
  }

  /** Whether operations that need this login will work. */
  public boolean works() {
    return findings.stream().noneMatch(finding -> finding.kind().stops());
  }
}
