package io.switchback.operation;

import io.switchback.model.Mistakes;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a synchronisation of a failback that waits reads beside what every operation takes: {@code
 * unattended}, by which whoever starts it says that nobody waits for the run.
 */
public final class ResynchroniseInput implements OwnInput {
  /** Whether nobody waits for it. */
  static final String UNATTENDED = "unattended";

  @Override
  public Set<String> fields() {
    return Set.of(UNATTENDED);
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    JsonNode asked = input.path(UNATTENDED);
    mistakes.unless(
        asked.isMissingNode() || asked.isBoolean(), UNATTENDED + " must be true or false");
    boolean unattended = asked.asBoolean(false);
    return request -> new ResynchroniseRequest(request, unattended);
  }
}
