package io.switchback.operation;

import io.switchback.model.FullSiteGateway;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.NetworkPair;
import java.util.List;

/** How a network in full-site mode is, for people. */
final class FullSiteWords {
  static final String PRODUCTION =
      "production is not asked: the recovery site's appliance is the gateway";

  private FullSiteWords() {}

  /** What the appliance does for a network whose gateway it is. */
  static String of(NetworkPair pair) {
    FullSiteGateway gateway = pair.fullSite();
    FullSiteSettings settings = gateway == null ? null : gateway.settings();
    if (settings == null) {
      return "";
    }
    String source = settings.sources().get(pair.recoveryNetwork());
    List<String> published =
        settings.publish().stream()
            .filter(one -> pair.extent().contains(one.replica()))
            .map(
                one ->
                    "%s:%d → %s:%d"
                        .formatted(one.address(), one.port(), one.replica(), one.replicaPort()))
            .toList();
    return "%s is the gateway; %s; %s"
        .formatted(
            pair.extent().gateway(),
            source == null ? "no way out" : "out as " + source,
            published.isEmpty()
                ? "nothing is published"
                : "published: " + String.join(", ", published));
  }
}
