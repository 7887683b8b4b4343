package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.SiteCaps;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.port.AdmissionActivities.Cap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The sites of the estate, as their operators describe them. */
public final class Sites {
  private final RegistryDatabase database;

  public Sites(RegistryDatabase database) {
    this.database = database;
  }

  /**
   * Every site, by name.
   *
   * @throws FaultException REGISTRY_UNAVAILABLE, as every method here
   */
  public List<SiteSettings> all() {
    return database.inSnapshot(SiteRows::all);
  }

  public Optional<SiteSettings> find(String name) {
    return database.inSnapshot(jdbc -> SiteRows.find(jdbc, name));
  }

  /** Every pair, by its production site. */
  public List<SitePair> pairs() {
    return database.inSnapshot(SiteRows::pairs);
  }

  /** What production's networks are called at the recovery site; empty when nothing was said. */
  public List<NetworkMapping> networks(String production, String recovery) {
    return database.inSnapshot(jdbc -> SiteRows.networks(jdbc, production, recovery));
  }

  /** Where replicas stand at the site when nothing else was asked for. */
  public Placement placement(String site) {
    return database.inSnapshot(jdbc -> SiteRows.placement(jdbc, site));
  }

  /**
   * Adds sites and pairs, or replaces those that are there already: all of it or nothing. What is
   * not named stays. New caps hold for whoever is admitted next.
   *
   * @throws FaultException INVALID_INPUT when a pair names a site that is unknown, or a network
   *     that its recovery site is said not to have, or two sites have one appliance for their
   *     gateway, with every such mistake
   */
  public void write(List<SiteSettings> sites, List<SitePair> pairs) {
    database.inTransaction(
        jdbc -> {
          // One at a time: two that name the same sites in another order would wait for each other.
          jdbc.sql("lock table site in share row exclusive mode").update();
          sites.forEach(site -> write(jdbc, site));
          refuseUnknown(jdbc, pairs);
          pairs.forEach(pair -> write(jdbc, pair));
          refuseContradictions(jdbc);
          return pairs.size();
        });
  }

  /** Adds those sites of which nothing is said yet; the others stay as they are. */
  public void addUnknown(List<SiteSettings> sites) {
    database.inTransaction(
        jdbc -> {
          jdbc.sql("lock table site in share row exclusive mode").update();
          List<SiteSettings> unknown =
              sites.stream().filter(site -> SiteRows.find(jdbc, site.name()).isEmpty()).toList();
          unknown.forEach(site -> write(jdbc, site));
          return unknown.size();
        });
  }

  /**
   * Takes whichever platform answers for the site next for the site's own.
   *
   * @return whether the site is known
   */
  public boolean acceptPlatform(String name) {
    return database.inTransaction(
        jdbc ->
            jdbc.sql("update site set platform = null where name = :site")
                    .param("site", name)
                    .update()
                > 0);
  }

  /**
   * Removes a site with all that was said of it: caps, pairs, and which of its VMs no rule
   * protects. If there is none of that name, answers false.
   *
   * @throws FaultException REFUSED, with everything that refers to it, while replicas have their
   *     production or recovery VM there, VMs are being protected from or to it, or rules protect
   *     what comes
   */
  public boolean remove(String name) {
    return database.inTransaction(
        jdbc -> {
          jdbc.sql("lock table site in share row exclusive mode").update();
          if (!lock(jdbc, name)) {
            return false;
          }
          refuseUsed(jdbc, name);
          for (String sql :
              List.of(
                  "delete from vm where site = :site",
                  "delete from site_pair where :site in (production_site, recovery_site)",
                  "delete from site_cap where site = :site",
                  "delete from excluded_vm where site = :site",
                  "delete from greeting where site = :site",
                  "delete from site where name = :site")) {
            jdbc.sql(sql).param("site", name).update();
          }
          return true;
        });
  }

  /**
   * Waits for whoever is about to refer to the site; nobody begins to until the transaction ends.
   */
  private static boolean lock(JdbcClient jdbc, String name) {
    return jdbc.sql("select name from site where name = :site for update")
        .param("site", name)
        .query(String.class)
        .optional()
        .isPresent();
  }

  private static void refuseUsed(JdbcClient jdbc, String name) {
    List<String> uses = SiteUses.of(jdbc, name);
    if (!uses.isEmpty()) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not remove site '%s': %s.".formatted(name, String.join("; ", uses)));
    }
  }

  private static void write(JdbcClient jdbc, SiteSettings site) {
    jdbc.sql(
            """
            insert into site (name, kind, address, credential, host, datastore, folder, pace,
                              appliance, room, tunnels, connectivity, networks,
                              full_site, vcenter)
            values (:name, :kind, :address, :credential, :host, :datastore, :folder, :pace::jsonb,
                    :appliance, :room::jsonb, :tunnels::jsonb, :connectivity, :networks,
                    :fullSite::jsonb, :vcenter::jsonb)
            on conflict (name) do update
            set kind = excluded.kind, address = excluded.address, credential = excluded.credential,
                host = excluded.host, datastore = excluded.datastore, folder = excluded.folder,
                pace = excluded.pace, appliance = excluded.appliance, room = excluded.room,
                tunnels = excluded.tunnels, connectivity = excluded.connectivity,
                networks = excluded.networks, full_site = excluded.full_site,
                vcenter = excluded.vcenter
            """)
        .param("name", site.name())
        .param("kind", site.kind().name())
        .param("address", site.address())
        .param("credential", Objects.toString(site.credential(), null))
        .param("host", site.placement().host())
        .param("datastore", site.placement().datastore())
        .param("folder", site.placement().folder())
        .param("pace", Json.of(site.pace()))
        .param("appliance", site.appliance())
        .param("room", Json.of(site.room()))
        .param("tunnels", site.tunnels() == null ? null : Json.of(site.tunnels()))
        .param("connectivity", site.networks().connectivity().name())
        .param("networks", site.networks().names().toArray(String[]::new))
        .param("fullSite", site.fullSite() == null ? null : Json.of(site.fullSite()))
        .param("vcenter", site.vcenter() == null ? null : Json.of(site.vcenter()))
        .update();
    writeCaps(jdbc, site.name(), site.caps());
  }

  private static void writeCaps(JdbcClient jdbc, String site, SiteCaps caps) {
    List<String> kept = new ArrayList<>();
    SiteRows.atMost(caps, Cap.STARTING)
        .forEach((place, atMost) -> kept.add(writeCap(jdbc, site, Cap.STARTING, place, atMost)));
    SiteRows.atMost(caps, Cap.TRANSFERRING)
        .forEach(
            (place, atMost) -> kept.add(writeCap(jdbc, site, Cap.TRANSFERRING, place, atMost)));
    jdbc.sql("delete from site_cap where site = :site and cap || '/' || place not in (:kept)")
        .param("site", site)
        .param("kept", kept)
        .update();
  }

  private static String writeCap(JdbcClient jdbc, String site, Cap cap, String place, int atMost) {
    jdbc.sql(
            """
            insert into site_cap (site, cap, place, at_most) values (:site, :cap, :place, :atMost)
            on conflict (site, cap, place) do update set at_most = excluded.at_most
            """)
        .param("site", site)
        .param("cap", cap.name())
        .param("place", place)
        .param("atMost", atMost)
        .update();
    return cap.name() + "/" + place;
  }

  private static void refuseUnknown(JdbcClient jdbc, List<SitePair> pairs) {
    List<String> known =
        jdbc.sql("select name from site").query((row, number) -> row.getString("name")).list();
    List<String> mistakes = new ArrayList<>();
    for (SitePair pair : pairs) {
      for (String site : List.of(pair.production(), pair.recovery())) {
        if (!known.contains(site)) {
          mistakes.add(
              "the pair '%s' → '%s' names site '%s', which is unknown"
                  .formatted(pair.production(), pair.recovery(), site));
        }
      }
    }
    if (!mistakes.isEmpty()) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Nothing was changed: %s. Add the sites in the same request."
              .formatted(String.join("; ", mistakes)));
    }
  }

  private static void refuseContradictions(JdbcClient jdbc) {
    List<String> mistakes = new ArrayList<>(SiteNetworkRows.contradictions(jdbc));
    mistakes.addAll(FullSites.contradictions(jdbc));
    if (!mistakes.isEmpty()) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Nothing was changed: %s. Correct the site or the pair in the same request."
              .formatted(String.join("; ", mistakes)));
    }
  }

  private static void write(JdbcClient jdbc, SitePair pair) {
    jdbc.sql(
            """
            insert into site_pair (production_site, recovery_site) values (:production, :recovery)
            on conflict do nothing
            """)
        .param("production", pair.production())
        .param("recovery", pair.recovery())
        .update();
    jdbc.sql(
            """
            delete from site_network
            where production_site = :production and recovery_site = :recovery
            """)
        .param("production", pair.production())
        .param("recovery", pair.recovery())
        .update();
    for (NetworkMapping network : pair.networks()) {
      jdbc.sql(
              "insert into site_network values (:production, :recovery, :from, :to, :drill, :extent::jsonb)")
          .param("production", pair.production())
          .param("recovery", pair.recovery())
          .param("from", network.production())
          .param("to", network.recovery())
          .param("drill", network.drill())
          .param("extent", network.extent() == null ? null : Json.of(network.extent()))
          .update();
    }
  }
}
