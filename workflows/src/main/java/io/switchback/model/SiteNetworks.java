package io.switchback.model;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The networks of a site for what fails over to it, as its operator says them; in a cloud, those of
 * the tenant's VDC.
 *
 * @param connectivity absent: an appliance
 * @param names of every network; none when they were not said
 */
public record SiteNetworks(Connectivity connectivity, List<String> names) {
  public static final SiteNetworks NOT_SAID = new SiteNetworks(Connectivity.APPLIANCE, List.of());

  /** What a person does about {@link #tooMany}. */
  public static final String IF_TOO_MANY =
      "Take networks out of the VDC, and out of the site's `networks`; or say `connectivity: nsx-edge` or `ipsec` where that is what connects it; or take `extend` away from the pair's networks, which are then not extended";

  /** vSphere gives a VM 10 network cards at most, and an appliance needs one for management. */
  private static final int MOST_OF_AN_APPLIANCE = 9;

  public SiteNetworks {
    connectivity = connectivity == null ? Connectivity.APPLIANCE : connectivity;
    names = names == null ? List.of() : List.copyOf(names);
    Mistakes mistakes = new Mistakes();
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      mistakes
          .unless(!name.isBlank(), "a network has no name")
          .unless(seen.add(name), "network '" + name + "' is there twice");
    }
    mistakes.refuse("networks");
  }

  /** Whether Switchback extends networks to the site, by appliances. */
  public boolean areExtended() {
    return connectivity == Connectivity.APPLIANCE;
  }

  /** Why no appliance has to do anything for the site; empty when appliances do. */
  public String instead(String site) {
    return areExtended()
        ? ""
        : "site '%s' is connected by %s: no appliance is needed"
            .formatted(site, connectivity.words());
  }

  /**
   * Why no appliance can serve the site; empty when one can, or none is to.
   *
   * @param extended networks there that are extended
   */
  public Optional<String> tooMany(String site, Collection<String> extended) {
    Set<String> all = new TreeSet<>(names);
    all.addAll(extended);
    return areExtended() && all.size() > MOST_OF_AN_APPLIANCE
        ? Optional.of(
            "site '%s' has %d networks, and its appliance serves %d at most, because a VM has no more network cards: %s"
                .formatted(site, all.size(), MOST_OF_AN_APPLIANCE, String.join(", ", all)))
        : Optional.empty();
  }
}
