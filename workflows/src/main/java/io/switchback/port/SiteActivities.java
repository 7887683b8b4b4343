package io.switchback.port;

import io.switchback.model.SiteFact;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteSettings;
import io.switchback.model.SiteVm;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells who serves a queue, and what stands in the way of using sites from there. */
@ActivityInterface
public interface SiteActivities {

  /**
   * Answers who polls this queue, after a call to the site's hypervisor. Changes nothing.
   * Milliseconds.
   *
   * @throws io.switchback.fault.FaultException SITE_UNREACHABLE when the hypervisor does not
   *     answer; BAD_CREDENTIALS
   */
  Greeting hello(Hello request);

  /**
   * Logs in to a site as this queue's worker does, and looks for everything that is not as the
   * site's operator describes it. Changes nothing. The credential is looked up anew.
   *
   * <p>Whatever it finds is in the answer, all of it at once; also that the site does not answer.
   * Seconds, at most half a minute.
   */
  Checked checkSite(CheckSite request);

  /**
   * Asks who is there for {@code site}; also asked of the queue of the operations, with the site
   * {@code switchback}.
   */
  record Hello(String site) {}

  /**
   * Asks to log in to a site.
   *
   * @param site as its operator describes it
   * @param changes whether the worker must be allowed to change things there
   * @param networks that must be there
   */
  record CheckSite(SiteSettings site, boolean changes, List<String> networks) {
    public CheckSite {
      networks = List.copyOf(networks);
    }
  }

  /**
   * What was found; nothing when the site can be used.
   *
   * @param worker identity as Temporal shows it
   * @param facts what was seen there
   * @param vms by name; to the site's own workers alone, because there may be thousands
   */
  record Checked(
      String worker, List<SiteFinding> findings, List<SiteFact> facts, List<SiteVm> vms) {
    public Checked {
      findings = List.copyOf(findings);
      facts = facts == null ? List.of() : List.copyOf(facts);
      vms = vms == null ? List.of() : List.copyOf(vms);
    }

    /** Of a site that was not seen. */
    public Checked(String worker, List<SiteFinding> findings) {
      this(worker, findings, List.of(), List.of());
    }
  }

  /**
   * Who is there.
   *
   * @param worker identity as Temporal shows it
   * @param build of the worker
   * @param dataAddress where other workers reach its disks; null when it serves none
   * @param highestGeneration the highest generation in a fence that the site has seen; 0 when none
   * @param highestEpoch the highest epoch in the fences of that generation; 0 when none
   * @param platform id of what the site's VMs are known to, a vCenter's instance uuid; null where
   *     the platform has none
   */
  record Greeting(
      String site,
      String queue,
      String worker,
      String build,
      @Nullable String dataAddress,
      long highestGeneration,
      long highestEpoch,
      Instant at,
      @Nullable String platform) {

    /** Of a platform that has no id. */
    public Greeting(
        String site,
        String queue,
        String worker,
        String build,
        @Nullable String dataAddress,
        long highestGeneration,
        long highestEpoch,
        Instant at) {
      this(site, queue, worker, build, dataAddress, highestGeneration, highestEpoch, at, null);
    }
  }
}
