package io.switchback.port;

import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells who serves a queue, so that a queue that nobody serves is named at once. */
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
   * Asks who is there for {@code site}; also asked of the queue of the operations, with the site
   * {@code switchback}.
   */
  record Hello(String site) {}

  /**
   * Who is there.
   *
   * @param worker identity as Temporal shows it
   * @param build of the worker
   * @param dataAddress where other workers reach its disks; null when it serves none
   * @param highestGeneration the highest generation in a fence that the site has seen; 0 when none
   * @param highestEpoch the highest epoch in the fences of that generation; 0 when none
   */
  record Greeting(
      String site,
      String queue,
      String worker,
      String build,
      @Nullable String dataAddress,
      long highestGeneration,
      long highestEpoch,
      Instant at) {}
}
