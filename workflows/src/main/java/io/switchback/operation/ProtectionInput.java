package io.switchback.operation;

import io.switchback.model.Mistakes;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Seed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what protecting a VM and changing its protection have in common. */
final class ProtectionInput {
  private static final Set<String> POLICY =
      Set.of(
          "name", "interval", "rpoObjective", "retention", "consistency", "checks", "compareEvery");

  private ProtectionInput() {}

  /** Reads a policy that is given as a record; null when it is wrong. */
  static @Nullable Policy policy(JsonNode policy, Mistakes mistakes) {
    Input.unknownFields(policy, POLICY, "policy.", mistakes);
    if (policy.path("retention").isObject()) {
      Input.unknownFields(
          policy.path("retention"), Set.of("points", "age"), "policy.retention.", mistakes);
    }
    return Input.value(policy, Policy.class, "policy", mistakes);
  }

  /** Reads {@code {"lan":"dr-lan"}}, or a list of records that name a drill network as well. */
  static List<NetworkMapping> networks(JsonNode networks, Mistakes mistakes) {
    List<NetworkMapping> read = new ArrayList<>();
    if (networks.isObject()) {
      for (String production : networks.propertyNames()) {
        JsonNode recovery = networks.path(production);
        if (recovery.isString() && !recovery.asString().isBlank()) {
          read.add(new NetworkMapping(production, recovery.asString(), ""));
        } else {
          mistakes.add("networks." + production + " must be the name of a network");
        }
      }
    } else if (networks.isArray()) {
      for (JsonNode one : networks) {
        String where = "networks[" + read.size() + "]";
        NetworkMapping mapping = Input.value(one, NetworkMapping.class, where, mistakes);
        if (mapping != null) {
          read.add(mapping);
        }
      }
    } else if (!networks.isMissingNode() && !networks.isNull()) {
      mistakes.add("networks must be a record like {\"lan\":\"dr-lan\"}, or a list of mappings");
    }
    Set<String> seen = new HashSet<>();
    read.forEach(
        one ->
            mistakes.unless(
                seen.add(one.production()),
                "network '" + one.production() + "' is mapped more than once"));
    return read;
  }

  static Placement placement(JsonNode placement, Mistakes mistakes) {
    if (placement.isMissingNode() || placement.isNull()) {
      return Placement.ANYWHERE;
    }
    if (!placement.isObject()) {
      mistakes.add("placement must be a record like {\"datastore\":\"store-1\"}");
      return Placement.ANYWHERE;
    }
    Input.unknownFields(placement, Set.of("host", "datastore", "folder"), "placement.", mistakes);
    Placement read = Input.value(placement, Placement.class, "placement", mistakes);
    return read == null ? Placement.ANYWHERE : read;
  }

  static @Nullable Seed seed(JsonNode seed, String where, Mistakes mistakes) {
    if (seed.isMissingNode() || seed.isNull()) {
      return null;
    }
    if (seed.isString() && !seed.asString().isBlank()) {
      return new Seed(seed.asString(), java.util.Map.of());
    }
    if (!seed.isObject()) {
      mistakes.add(where + " must be a VM's name, or a record like {\"vm\":\"old-web\"}");
      return null;
    }
    Input.unknownFields(seed, Set.of("vm", "disks"), where + ".", mistakes);
    return Input.value(seed, Seed.class, where, mistakes);
  }
}
