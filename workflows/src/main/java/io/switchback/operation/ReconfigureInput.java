package io.switchback.operation;

import io.switchback.model.Mistakes;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What a reconfiguration reads beside what every operation takes. */
public final class ReconfigureInput implements OwnInput {
  @Override
  public Set<String> fields() {
    return Set.of("policy", "networks", "placement");
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    JsonNode policy = input.path("policy");
    mistakes
        .unless(
            policy.isMissingNode() || policy.isString() || policy.isObject(),
            "policy must be a name, or a record like {\"name\":\"gold\",\"interval\":\"PT5M\"}")
        .unless(
            input.has("policy") || input.has("networks") || input.has("placement"),
            "give what is to change: policy, networks or placement");
    Reconfiguration asked =
        new Reconfiguration(
            policy.isString() ? policy.asString() : null,
            policy.isObject() ? ProtectionInput.policy(policy, mistakes) : null,
            input.has("networks")
                ? ProtectionInput.networks(input.path("networks"), mistakes)
                : null,
            input.has("placement")
                ? ProtectionInput.placement(input.path("placement"), mistakes)
                : null);
    return request -> new ReconfigureReplicaRequest(request, asked);
  }
}
