package io.switchback.operation;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Mistakes;
import io.switchback.model.Placement;
import io.switchback.port.CatalogueActivities.Member;
import java.util.List;
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
    Placement place = asked.placement();
    mistakes.unless(
        place == null || place.datastore().isEmpty(),
        "placement.datastore cannot be changed: no site moves a replica's disks. Leave it out; or unprotect the VM and protect it anew, with that datastore");
    return new Read() {
      @Override
      public Object inputOf(ReplicaRequest request) {
        return new ReconfigureReplicaRequest(request, asked);
      }

      @Override
      public List<String> mistakes(List<Member> members) {
        return members.stream()
            .filter(member -> member.state() == ReplicaState.PERMANENT)
            .map(
                member ->
                    "the replica of '%s' is PERMANENT: it is production now, and no cycle would follow what you change"
                        .formatted(member.replica().name()))
            .toList();
      }
    };
  }
}
