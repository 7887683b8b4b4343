package io.switchback.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A production network and what it is called at the recovery site, with the replicas for whose sake
 * the one is extended to the other.
 *
 * @param number 1 to 254; no other pair has it, ever
 * @param revision grows with everything that is asked of the pair, and never falls
 * @param atProduction the appliance there; null when none is described
 * @param atRecovery the appliance there; null when none is described
 * @param members none when nobody needs it any more
 * @param closed whether nothing of it was left when it was looked last, and nobody has come since
 * @param fullSite what the recovery site's appliance is the gateway of, this network among others;
 *     null where a tunnel extends the network
 */
public record NetworkPair(
    int number,
    long revision,
    String productionSite,
    String productionNetwork,
    String recoverySite,
    String recoveryNetwork,
    NetworkExtent extent,
    @Nullable SiteAppliance atProduction,
    @Nullable SiteAppliance atRecovery,
    List<Member> members,
    boolean closed,
    @Nullable FullSiteGateway fullSite) {
  public NetworkPair {
    members = List.copyOf(members);
  }

  /** A pair that a tunnel extends. */
  public NetworkPair(
      int number,
      long revision,
      String productionSite,
      String productionNetwork,
      String recoverySite,
      String recoveryNetwork,
      NetworkExtent extent,
      @Nullable SiteAppliance atProduction,
      @Nullable SiteAppliance atRecovery,
      List<Member> members,
      boolean closed) {
    this(
        number,
        revision,
        productionSite,
        productionNetwork,
        recoverySite,
        recoveryNetwork,
        extent,
        atProduction,
        atRecovery,
        members,
        closed,
        null);
  }

  /**
   * A replica that needs the pair.
   *
   * @param addresses of it in this network
   * @param epoch of the claim under which it joined
   * @param acknowledged those of the addresses that a person wants open whoever else has them
   */
  public record Member(
      String replicaId, String vm, List<String> addresses, long epoch, List<String> acknowledged) {
    public Member {
      addresses = List.copyOf(addresses);
      acknowledged = acknowledged == null ? List.of() : List.copyOf(acknowledged);
    }

    /** One whose addresses nobody else is to have. */
    public Member(String replicaId, String vm, List<String> addresses, long epoch) {
      this(replicaId, vm, addresses, epoch, List.of());
    }
  }

  /** The same pair with nothing but these of its addresses. */
  public NetworkPair withOnly(List<String> open) {
    return new NetworkPair(
        number,
        revision,
        productionSite,
        productionNetwork,
        recoverySite,
        recoveryNetwork,
        extent,
        atProduction,
        atRecovery,
        members.stream()
            .map(
                member ->
                    new Member(
                        member.replicaId(),
                        member.vm(),
                        member.addresses().stream().filter(open::contains).toList(),
                        member.epoch(),
                        member.acknowledged()))
            .toList(),
        closed,
        fullSite);
  }

  /** Addresses that are to be open whoever else has them. */
  public List<String> acknowledged() {
    return members.stream().flatMap(member -> member.acknowledged().stream()).distinct().toList();
  }

  /** Every address for which traffic is let through. */
  public List<String> addresses() {
    return members.stream()
        .flatMap(member -> member.addresses().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** Names of the replicas, for people. */
  public List<String> vms() {
    return members.stream().map(Member::vm).sorted().toList();
  }

  /** As messages name it. */
  public String words() {
    return words(
        productionSite,
        productionNetwork,
        recoverySite,
        recoveryNetwork,
        fullSite == null ? NetworkMode.TUNNEL : NetworkMode.FULL_SITE);
  }

  /** The same of a pair of which no more is known. */
  public static String words(
      String productionSite,
      String productionNetwork,
      String recoverySite,
      String recoveryNetwork,
      NetworkMode mode) {
    return "'%s' (%s) → '%s' (%s)%s"
        .formatted(
            productionNetwork,
            productionSite,
            recoveryNetwork,
            recoverySite,
            mode == NetworkMode.FULL_SITE ? ", full site" : "");
  }
}
