package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.model.DiskFormat;
import io.switchback.model.Hardware;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Nic;
import io.switchback.model.Replica;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteSettings;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.InventoryActivities.FindVms;
import io.switchback.port.InventoryActivities.Inventory;
import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.RoomActivities.VmNeed;
import io.switchback.port.SiteActivities.CheckSite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How the VM is going to be that a failback makes, and every mistake in what was asked. A run and
 * its preview find it in the same way.
 */
public final class LocationPlan {
  private final Replica replica;
  private final NewLocation asked;
  private final VmProfile seen;
  private final List<NetworkMapping> map;
  private final SiteSettings site;
  private final Set<String> mistakes = new LinkedHashSet<>();
  private final List<String> notes = new ArrayList<>();
  private final PlannedLocation planned;

  private LocationPlan(
      Replica replica,
      NewLocation asked,
      VmProfile seen,
      List<NetworkMapping> map,
      SiteSettings site) {
    this.replica = replica;
    this.asked = asked;
    this.seen = seen;
    this.map = map;
    this.site = site;
    refuseUnknownNetworks();
    Map<String, String> home = home();
    this.planned =
        new PlannedLocation(
            asked.name().isEmpty() ? replica.name() : asked.name(),
            asked.placement().orElse(site.placement()),
            asked.format(),
            hardware(home),
            isFollowed(home) ? List.of() : mappings(home));
  }

  /**
   * Makes the plan.
   *
   * @param seen what the replica's VM is made of
   * @param map what production's networks are called for the replica; empty: the same
   * @param site the production site
   */
  public static LocationPlan of(
      Replica replica,
      NewLocation asked,
      VmProfile seen,
      List<NetworkMapping> map,
      SiteSettings site) {
    return new LocationPlan(replica, asked, seen, List.copyOf(map), site);
  }

  /** How the VM is going to be. */
  public PlannedLocation planned() {
    return planned;
  }

  /** Every mistake; a run with one changes nothing. */
  public List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  /** What is worth knowing, and stands in nobody's way. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /** The VM that would be in the way. */
  public FindVms namesake() {
    return new FindVms(site.name(), List.of(planned.name()), "", "");
  }

  /** What the site must have. */
  public CheckSite needs() {
    return new CheckSite(
        SiteSettings.named(site.name()).kind(site.kind()).placement(planned.placement()).build(),
        true,
        planned.hardware().nics().stream().map(Nic::network).distinct().toList());
  }

  /** Holds the plan to the VMs that are there. */
  public void refuseNamesakes(Inventory there) {
    for (VmProfile vm : there.vms()) {
      mistakes.add(
          vm.vm().id().equals(replica.production().id())
              ? "%s is production, and is not overwritten: give another name, as in \"location\":{\"name\":\"%s-2\"}; or fail back to it, without location"
                  .formatted(vm.vm(), replica.name())
              : "site '%s' has a VM '%s' already; give another name, as in \"location\":{\"name\":\"%s-2\"}"
                  .formatted(site.name(), planned.name(), replica.name()));
    }
  }

  /** Holds the plan to what was found at the site. */
  public void refuse(List<SiteFinding> findings) {
    findings.stream()
        .filter(finding -> finding.kind().stops())
        .map(SiteFinding::sentence)
        .forEach(mistakes::add);
  }

  /**
   * Holds the plan to the room that is left.
   *
   * @param starts whether the VM is to be powered on
   */
  public void refuseLackOf(Room room, boolean starts) {
    if (starts) {
      mistakes.addAll(
          RoomCheck.wants(
              new Room(room.site(), room.hosts(), room.datastores(), List.of(need()), room.at()),
              Map.of(),
              Duration.ZERO));
    }
    long needed = bytes();
    List<DatastoreRoom> meant =
        room.datastores().stream()
            .filter(store -> isMeant(planned.placement().datastore(), store.name()))
            .toList();
    if (!meant.isEmpty() && meant.stream().allMatch(store -> store.freeBytes() < needed)) {
      String found =
          "the disks of '%s' may take %s, and %s"
              .formatted(
                  replica.name(),
                  Sentences.size(needed),
                  meant.stream()
                      .map(
                          store ->
                              "datastore '%s' has %s free"
                                  .formatted(store.name(), Sentences.size(store.freeBytes())))
                      .collect(joining(", ")));
      boolean isFull = meant.stream().allMatch(store -> store.freeBytes() <= 0);
      if (planned.format() == DiskFormat.THICK || isFull) {
        mistakes.add(found);
      } else {
        notes.add(found);
      }
    }
  }

  private VmNeed need() {
    return new VmNeed(
        new VmRef(site.name(), planned.name(), planned.name()),
        planned.hardware().cpus(),
        planned.hardware().memoryBytes(),
        bytes(),
        planned.placement().host(),
        planned.placement().datastore());
  }

  private long bytes() {
    return replica.disks().stream().mapToLong(disk -> disk.capacityBytes()).sum();
  }

  private static boolean isMeant(String placement, String name) {
    return placement.isEmpty() || placement.equals(name);
  }

  private Hardware hardware(Map<String, String> home) {
    Hardware now = seen.hardware();
    List<Nic> nics = new ArrayList<>();
    for (Nic nic : now.nics()) {
      String network = home.get(nic.network());
      if (network != null) {
        nics.add(new Nic(network, nic.connected(), nic.addresses()));
      }
    }
    return now.with(nics);
  }

  /** A card that the replica does not have would be a word of the input that does nothing. */
  private void refuseUnknownNetworks() {
    Set<String> cards = cards();
    for (String network : asked.networks().keySet()) {
      if (!cards.contains(network)) {
        mistakes.add(
            "location.networks: the replica of '%s' has no card on network '%s'; it has %s"
                .formatted(
                    replica.name(), network, cards.isEmpty() ? "none" : String.join(", ", cards)));
      }
    }
  }

  private Set<String> cards() {
    Set<String> cards = new LinkedHashSet<>();
    seen.hardware().nics().forEach(nic -> cards.add(nic.network()));
    return cards;
  }

  /** Production's network for each of the replica's. */
  private Map<String, String> home() {
    Map<String, String> home = new LinkedHashMap<>();
    for (String network : cards()) {
      String given = asked.networks().get(network);
      if (given != null) {
        home.put(network, given);
      } else {
        mappedBack(network).ifPresent(production -> home.put(network, production));
      }
    }
    refuseTwins(home);
    return home;
  }

  private void refuseTwins(Map<String, String> home) {
    Map<String, List<String>> shared = new LinkedHashMap<>();
    home.forEach(
        (card, network) -> shared.computeIfAbsent(network, one -> new ArrayList<>()).add(card));
    shared.forEach(
        (network, cards) ->
            mistakes.addAll(
                cards.size() == 1
                    ? List.of()
                    : List.of(
                        "location.networks: %s would all be '%s', and replication could not tell them apart; give each its own"
                            .formatted(String.join(", ", cards), network))));
  }

  private Optional<String> mappedBack(String network) {
    if (map.isEmpty()) {
      return Optional.of(network);
    }
    List<String> production =
        map.stream()
            .filter(one -> one.recovery().equals(network))
            .map(NetworkMapping::production)
            .toList();
    if (production.size() == 1) {
      return Optional.of(production.getFirst());
    }
    mistakes.add(
        "network '%s' of the replica of '%s' stands for %s at site '%s'; say which is meant, as in \"location\":{\"networks\":{\"%s\":\"%s\"}}"
            .formatted(
                network,
                replica.name(),
                production.isEmpty() ? "none" : String.join(", ", production),
                site.name(),
                network,
                production.isEmpty() ? "…" : production.getFirst()));
    return Optional.empty();
  }

  /** Whether the map leads from production's networks to the replica's already. */
  private boolean isFollowed(Map<String, String> home) {
    return home.entrySet().stream()
        .allMatch(
            one ->
                map.isEmpty()
                    ? one.getKey().equals(one.getValue())
                    : map.stream()
                        .anyMatch(
                            known ->
                                known.production().equals(one.getValue())
                                    && known.recovery().equals(one.getKey())));
  }

  private List<NetworkMapping> mappings(Map<String, String> home) {
    List<NetworkMapping> mappings = new ArrayList<>();
    home.forEach(
        (network, production) ->
            mappings.add(
                new NetworkMapping(
                    production,
                    network,
                    map.stream()
                        .filter(one -> one.recovery().equals(network))
                        .map(NetworkMapping::drill)
                        .findFirst()
                        .orElse(""))));
    return mappings;
  }
}
