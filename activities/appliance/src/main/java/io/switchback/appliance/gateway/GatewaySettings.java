package io.switchback.appliance.gateway;

import io.switchback.delta.trust.CertificateRole;
import io.switchback.delta.trust.TrustException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a cloud gateway is to be.
 *
 * @param listen where tenants dial it
 * @param tenants who may come in, and where the appliance of each listens
 * @param connections how many it holds at once, those that are still shaking hands included
 * @param user whom it runs as once it listens; empty when it is not started by root
 */
public record GatewaySettings(
    Endpoint listen, SortedMap<String, Endpoint> tenants, int connections, Optional<String> user) {
  /** Enough for a thousand tenants who all come back while their old connections are still open. */
  public static final int USUAL_CONNECTIONS = 4000;

  private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

  /**
   * @throws IllegalArgumentException with every mistake in a sentence, parted by semicolons
   */
  public GatewaySettings {
    tenants = Collections.unmodifiableSortedMap(new TreeMap<>(tenants));
    List<String> mistakes = new ArrayList<>();
    Map<Endpoint, String> taken = new java.util.HashMap<>();
    tenants.forEach(
        (tenant, appliance) -> {
          try {
            CertificateRole.TENANT.required(tenant);
          } catch (TrustException noName) {
            mistakes.add(String.valueOf(noName.getMessage()));
          }
          String other = taken.putIfAbsent(appliance, tenant);
          if (other != null) {
            mistakes.add(
                "tenants '%s' and '%s' have the same appliance, %s; each needs its own"
                    .formatted(other, tenant, appliance));
          }
        });
    if (connections < 1 || connections > 1_000_000) {
      mistakes.add("connections must be from 1 to 1000000, not " + connections);
    }
    if (user.isPresent() && !USER.matcher(user.get()).matches()) {
      mistakes.add("'%s' is no name of a user".formatted(user.get()));
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", mistakes));
    }
  }
}
