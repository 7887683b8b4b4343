package io.switchback.model;

import java.time.Duration;
import java.util.List;

/**
 * VMs that are protected as they come.
 *
 * @param from their site, {@code to} the recovery site
 * @param policy by name
 * @param networks that stand in for the site pair's map; empty: as the pair says
 * @param placement of their replicas' VMs; what is empty is as the recovery site says
 * @param every from one look for new VMs to the next; 1 min
 */
public record ProtectionRule(
    String from,
    String to,
    VmFilter vms,
    String policy,
    List<NetworkMapping> networks,
    Placement placement,
    Duration every) {
  public ProtectionRule {
    policy = policy == null ? Policy.DEFAULT_NAME : policy;
    networks = networks == null ? List.of() : List.copyOf(networks);
    placement = placement == null ? Placement.ANYWHERE : placement;
    every = every == null ? Duration.ofMinutes(1) : every;
    new Mistakes()
        .required(from, "from")
        .required(to, "to")
        .unless(vms != null, "vms is missing")
        .unless(every.toMillis() >= 1000, "every must be at least 1 s")
        .refuse("protection rule");
  }

  /** By which it is known, as in {@code berlin/tag/gold}. */
  public String id() {
    return from + (vms.by() == VmFilter.Kind.TAG ? "/tag/" : "/folder/") + vms.value();
  }

  /** In words, as in {@code tag 'gold' at site 'berlin'}. */
  public String words() {
    return "%s at site '%s'".formatted(vms.words(), from);
  }
}
