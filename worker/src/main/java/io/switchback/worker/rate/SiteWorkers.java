package io.switchback.worker.rate;

import java.util.Map;

/** Who serves a site, as Temporal knows it. */
public interface SiteWorkers {
  /**
   * Whether Temporal tells at all. May take as long as a call takes.
   *
   * @throws RuntimeException when it does not answer
   */
  boolean isTold();

  /**
   * The workers that have told Temporal in the last while that they serve the site, also such as
   * are gone since.
   *
   * @return by identity, a mark that is another one whenever the worker was heard again
   * @throws RuntimeException when Temporal does not answer
   */
  Map<String, String> heard(String site);
}
