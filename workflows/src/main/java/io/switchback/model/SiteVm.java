package io.switchback.model;

import java.util.List;

/**
 * A VM of a site, and what of it matters before it is protected.
 *
 * @param obstacles why it cannot be protected as it is, clauses about such VMs; none when it can
 */
public record SiteVm(String name, Tracking tracking, List<String> obstacles) {
  /** Whether the platform keeps a list of what is written to its disks. */
  public enum Tracking {
    /** It does. */
    ON("on"),
    /** It will, from the first cycle on. */
    OFF("off until it is protected"),
    /** It cannot begin while the VM has snapshots: both sides are read at each cycle. */
    SNAPSHOTS("off until its snapshots go");

    private final String words;

    Tracking(String words) {
      this.words = words;
    }

    /** As people read it. */
    public String words() {
      return words;
    }
  }

  public SiteVm {
    obstacles = List.copyOf(obstacles);
    new Mistakes()
        .required(name, "name")
        .unless(tracking != null, "tracking is missing")
        .refuse("VM");
  }

  /** One that is tracked and that nothing keeps from being protected. */
  public static SiteVm good(String name) {
    return new SiteVm(name, Tracking.ON, List.of());
  }
}
