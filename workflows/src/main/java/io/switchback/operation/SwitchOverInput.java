package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.model.Mistakes;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a switch reads beside what every operation takes: {@code at}, a time to which the scheduled
 * switch is moved, with nothing switched now; or {@code due}, by which a timer names the time that
 * it goes by.
 */
public final class SwitchOverInput implements OwnInput {
  /** The time that a timer goes by. */
  static final String DUE = "due";

  private static final String AT = "at";

  /** The operation that an input means, as the lifecycle knows it. */
  public static Operation operation(@Nullable JsonNode input) {
    return input != null && input.hasNonNull(AT) ? Operation.MOVE_SWITCH : Operation.SWITCH_OVER;
  }

  @Override
  public Set<String> fields() {
    return Set.of(AT, DUE);
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    Instant at = time(input, AT, mistakes);
    Instant due = time(input, DUE, mistakes);
    mistakes.unless(
        !input.hasNonNull(AT) || !input.hasNonNull(DUE),
        "at moves a switch, and due makes one: give one of them");
    mistakes.unless(
        at == null || !input.hasNonNull("window"),
        "at only moves a switch: a window is asked for with the failback, or when it is switched over");
    return request ->
        at == null ? new SwitchOverRequest(request, due) : new MoveSwitchRequest(request, at);
  }

  private static @Nullable Instant time(JsonNode input, String field, Mistakes mistakes) {
    return input.hasNonNull(field)
        ? Input.value(input.path(field), Instant.class, field, mistakes)
        : null;
  }
}
