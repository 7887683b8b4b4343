package io.switchback.model;

import static java.util.stream.Collectors.joining;

import io.switchback.model.SiteFinding.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who has logged in to a site sees there, whatever its platform.
 *
 * @param name by which the site calls itself
 * @param at its clock
 * @param mayChange whether the login may also change things
 * @param hosts empty where a platform does not tell them
 * @param datastores empty where a platform does not tell them
 * @param networks null where a platform makes those that are asked for
 * @param folders null where a platform makes those that are asked for
 */
public record SiteLook(
    String name,
    Instant at,
    boolean mayChange,
    List<Host> hosts,
    List<Datastore> datastores,
    @Nullable List<String> networks,
    @Nullable List<String> folders) {
  /** RPO is an age: two clocks that differ more than this make it wrong. */
  private static final Duration TOLERANCE = Duration.ofSeconds(5);

  /** A datastore that is fuller than this is nearly full. */
  private static final double NEARLY = 0.9;

  /** A host, and what VMs that are on leave free. */
  public record Host(String name, int freeCpus, long freeMemoryBytes) {
    private String toWords() {
      return "%s (%d CPUs, %s free)".formatted(name, freeCpus, gib(freeMemoryBytes));
    }
  }

  /** A datastore. */
  public record Datastore(String name, long capacityBytes, long freeBytes) {
    private String toWords() {
      return "%s (%s of %s free)".formatted(name, gib(freeBytes), gib(capacityBytes));
    }
  }

  private static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  public SiteLook {
    hosts = List.copyOf(hosts);
    datastores = List.copyOf(datastores);
    networks = networks == null ? null : List.copyOf(networks);
    folders = folders == null ? null : List.copyOf(folders);
  }

  /**
   * Everything here that is not as the operator describes the site.
   *
   * @param changes whether whoever looks must be allowed to change things
   * @param needed networks that must be there
   * @param now the clock of whoever looks, at the same moment
   */
  public List<SiteFinding> findings(
      SiteSettings expected, boolean changes, List<String> needed, Instant now) {
    List<SiteFinding> found = new ArrayList<>();
    String site = expected.name();
    if (!name.equals(site)) {
      found.add(
          new SiteFinding(
              Kind.OTHER_SITE,
              "what answers for site '%s' is site '%s'".formatted(site, name),
              "Correct the worker's `--site %s=…`.".formatted(site)));
    }
    if (changes && !mayChange) {
      found.add(
          SiteFinding.refused(
              Kind.CREDENTIAL_READ_ONLY, site, "it may look and not change anything"));
    }
    clock(site, now, found);
    absent(Kind.UNKNOWN_NETWORK, "network", needed, networks, site, found);
    absent(Kind.UNKNOWN_HOST, "host", hosts(expected), names(hosts, Host::name), site, found);
    absent(
        Kind.UNKNOWN_DATASTORE,
        "datastore",
        datastores(expected),
        names(datastores, Datastore::name),
        site,
        found);
    absent(
        Kind.UNKNOWN_FOLDER, "folder", named(expected.placement().folder()), folders, site, found);
    room(expected, found);
    return List.copyOf(found);
  }

  /** What there is, for people. */
  public List<SiteFact> facts() {
    List<SiteFact> facts = new ArrayList<>();
    fact("hosts", hosts, Host::toWords, facts);
    fact("datastores", datastores, Datastore::toWords, facts);
    fact("networks", networks == null ? List.of() : networks, name -> name, facts);
    return List.copyOf(facts);
  }

  private static <T> void fact(
      String what, List<T> things, Function<T, String> words, List<SiteFact> facts) {
    if (!things.isEmpty()) {
      facts.add(new SiteFact(what, things.stream().map(words).sorted().collect(joining(", "))));
    }
  }

  private void clock(String site, Instant now, List<SiteFinding> found) {
    Duration ahead = Duration.between(now, at);
    if (ahead.abs().compareTo(TOLERANCE) > 0) {
      found.add(
          new SiteFinding(
              Kind.CLOCK_SKEW,
              "the clock of site '%s' is %d s %s this worker's"
                  .formatted(
                      site, ahead.abs().toSeconds(), ahead.isNegative() ? "behind" : "ahead of"),
              "Let both follow the same NTP servers; until then the RPO shown is wrong by that much."));
    }
  }

  private static void absent(
      Kind kind,
      String what,
      Iterable<String> needed,
      @Nullable List<String> there,
      String site,
      List<SiteFinding> found) {
    if (there == null) {
      return;
    }
    for (String one : needed) {
      if (!there.contains(one)) {
        found.add(
            new SiteFinding(
                kind,
                "site '%s' has no %s '%s'; there are %s"
                    .formatted(
                        site,
                        what,
                        one,
                        there.isEmpty() ? "none" : there.stream().sorted().collect(joining(", "))),
                "Make it there, or correct the site's settings with `switchback site add`."));
      }
    }
  }

  private void room(SiteSettings expected, List<SiteFinding> found) {
    String site = expected.name();
    List<Host> usable =
        hosts.stream().filter(host -> isMeant(expected.placement().host(), host.name())).toList();
    if (!usable.isEmpty()
        && usable.stream().noneMatch(host -> host.freeCpus() > 0 && host.freeMemoryBytes() > 0)) {
      found.add(
          new SiteFinding(
              Kind.NO_ROOM,
              "no host of site '%s' has CPU and memory left for one more VM (%s)"
                  .formatted(site, usable.stream().map(Host::name).collect(joining(", "))),
              "Power off what is not needed there, or add a host."));
    }
    for (Datastore store : datastores) {
      if (isMeant(expected.placement().datastore(), store.name())) {
        room(site, store, found);
      }
    }
  }

  private static void room(String site, Datastore store, List<SiteFinding> found) {
    String remedy = "Free space on it, or let replicas stand on another one.";
    if (store.freeBytes() <= 0) {
      found.add(
          new SiteFinding(
              Kind.NO_ROOM,
              "datastore '%s' of site '%s' is full".formatted(store.name(), site),
              remedy));
    } else if (store.freeBytes() < store.capacityBytes() * (1 - NEARLY)) {
      found.add(
          new SiteFinding(
              Kind.LITTLE_ROOM,
              "datastore '%s' of site '%s' has %d MiB of %d MiB left"
                  .formatted(
                      store.name(), site, store.freeBytes() >> 20, store.capacityBytes() >> 20),
              remedy));
    }
  }

  private static boolean isMeant(String placement, String name) {
    return placement.isEmpty() || placement.equals(name);
  }

  private static Set<String> hosts(SiteSettings expected) {
    Set<String> all = new TreeSet<>(expected.caps().startingPerHost().keySet());
    all.addAll(expected.caps().transferringPerHost().keySet());
    all.addAll(named(expected.placement().host()));
    return all;
  }

  private static Set<String> datastores(SiteSettings expected) {
    Set<String> all = new TreeSet<>(expected.caps().startingPerDatastore().keySet());
    all.addAll(expected.caps().transferringPerDatastore().keySet());
    all.addAll(named(expected.placement().datastore()));
    return all;
  }

  private static List<String> named(String name) {
    return name.isEmpty() ? List.of() : List.of(name);
  }

  private static <T> @Nullable List<String> names(List<T> things, Function<T, String> name) {
    return things.isEmpty() ? null : things.stream().map(name).toList();
  }
}
