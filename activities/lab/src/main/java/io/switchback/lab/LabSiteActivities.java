package io.switchback.lab;

import io.switchback.port.SiteActivities;
import io.temporal.activity.Activity;

/** Answers for the lab sites that a worker serves. */
public final class LabSiteActivities implements SiteActivities {
  private final LabSites sites;
  private final String worker;
  private final String build;

  /**
   * @param worker identity as Temporal shows it
   * @param build of the worker
   */
  public LabSiteActivities(LabSites sites, String worker, String build) {
    this.sites = sites;
    this.worker = worker;
    this.build = build;
  }

  @Override
  public Greeting hello(Hello request) {
    SiteView view =
        LabFaults.translated(
            "greet site '" + request.site() + "'", () -> sites.client(request.site()).site());
    LabFence fence = view.fence();
    return new Greeting(
        request.site(),
        Activity.getExecutionContext().getInfo().getActivityTaskQueue(),
        worker,
        build,
        null,
        fence == null ? 0 : fence.generation(),
        fence == null ? 0 : fence.epoch(),
        view.at());
  }
}
