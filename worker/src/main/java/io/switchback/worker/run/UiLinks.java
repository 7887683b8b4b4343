package io.switchback.worker.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.worker.local.TemporalAddress;
import java.net.URLEncoder;
import java.util.Optional;

/** Where the Temporal UI shows things. */
public final class UiLinks {
  private UiLinks() {}

  /** The page of the newest run with that workflow id; empty where no UI is known. */
  public static Optional<String> run(
      TemporalAddress temporal, String namespace, String workflowId) {
    return Optional.ofNullable(temporal.ui())
        .map(
            ui ->
                ui.replaceAll("/+$", "")
                    + "/namespaces/"
                    + namespace
                    + "/workflows/"
                    + URLEncoder.encode(workflowId, UTF_8).replace("+", "%20"));
  }
}
