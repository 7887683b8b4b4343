package io.switchback.operation;

import io.switchback.model.Mistakes;
import java.time.Duration;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a planned failover reads beside what every operation takes: {@code shutdownLimit}, how long
 * production's guest may take to shut down before production is powered off.
 */
public final class PlannedFailoverInput implements OwnInput {
  private static final String FIELD = "shutdownLimit";
  private static final Duration DEFAULT = Duration.ofMinutes(15);
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public Set<String> fields() {
    return Set.of(FIELD);
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    Duration asked =
        input.hasNonNull(FIELD)
            ? Input.value(input.path(FIELD), Duration.class, FIELD, mistakes)
            : DEFAULT;
    Duration limit = asked == null ? DEFAULT : asked;
    mistakes.unless(
        !limit.isNegative() && limit.compareTo(LONGEST) <= 0,
        "shutdownLimit must be between PT0S and PT24H, not %s".formatted(limit));
    return request -> new PlannedFailoverRequest(request, limit);
  }
}
