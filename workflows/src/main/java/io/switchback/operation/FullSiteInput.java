package io.switchback.operation;

import io.switchback.model.Mistakes;
import io.switchback.port.CatalogueActivities.Member;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a full-site failover reads beside what every operation takes: {@code delay}, how long after
 * the start of a VM the next one starts, unless a VM's record says another one.
 */
public final class FullSiteInput implements OwnInput {
  private static final String FIELD = "delay";
  private static final Duration LONGEST = Duration.ofDays(1);

  @Override
  public Set<String> fields() {
    return Set.of(FIELD);
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    Duration asked = delay(input.path(FIELD), FIELD, mistakes);
    return new Delayed(asked == null ? Duration.ZERO : asked);
  }

  static @Nullable Duration delay(JsonNode node, String where, Mistakes mistakes) {
    if (node.isMissingNode() || node.isNull()) {
      return null;
    }
    Duration delay = Input.value(node, Duration.class, where, mistakes);
    mistakes.unless(
        delay == null || (!delay.isNegative() && delay.compareTo(LONGEST) <= 0),
        "%s must be between PT0S and PT24H, not %s".formatted(where, delay));
    return delay;
  }

  private record Delayed(Duration delay) implements OwnInput.Read {
    @Override
    public Object inputOf(ReplicaRequest request) {
      return request;
    }

    @Override
    public Duration after(Member member) {
      Duration own = member.asked().delay();
      return own == null ? delay : own;
    }
  }
}
