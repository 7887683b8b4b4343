package io.switchback.registry;

import io.switchback.model.CredentialReference;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.RoomSettings;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteKind;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.port.AdmissionActivities.Cap;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads sites and pairs of sites, within a transaction of the caller. */
final class SiteRows {
  /** The place of a cap that holds for the whole site. */
  static final String EVERYWHERE = "";

  private static final String HOST = "host/";
  private static final String DATASTORE = "datastore/";

  private SiteRows() {}

  static List<SiteSettings> all(JdbcClient jdbc) {
    Map<String, List<CapRow>> caps = caps(jdbc);
    return jdbc.sql("select * from site order by name")
        .query((row, number) -> site(row, caps.getOrDefault(row.getString("name"), List.of())))
        .list();
  }

  static Optional<SiteSettings> find(JdbcClient jdbc, String name) {
    return all(jdbc).stream().filter(site -> site.name().equals(name)).findFirst();
  }

  static List<SitePair> pairs(JdbcClient jdbc) {
    return jdbc.sql("select * from site_pair order by production_site, recovery_site")
        .query(
            (row, number) -> {
              String production = row.getString("production_site");
              String recovery = row.getString("recovery_site");
              return new SitePair(production, recovery, networks(jdbc, production, recovery));
            })
        .list();
  }

  /** What production's networks are called at the recovery site; empty when nothing was said. */
  static List<NetworkMapping> networks(JdbcClient jdbc, String production, String recovery) {
    return jdbc.sql(
            """
            select production_network, recovery_network, drill_network, extent from site_network
            where production_site = :production and recovery_site = :recovery
            order by production_network
            """)
        .param("production", production)
        .param("recovery", recovery)
        .query(
            (row, number) ->
                new NetworkMapping(
                    row.getString("production_network"),
                    row.getString("recovery_network"),
                    row.getString("drill_network"),
                    extent(row.getString("extent"))))
        .list();
  }

  /** Of the most patient site to which one of the replicas is replicated. */
  static Pace pace(JdbcClient jdbc, List<String> replicaIds) {
    return jdbc
        .sql(
            """
            select pace from site
            where name in (select recovery_site from replica where id = any(:ids))
            """)
        .param("ids", replicaIds.toArray(String[]::new))
        .query((row, number) -> Json.pace(row.getString("pace")))
        .list()
        .stream()
        .reduce(Pace::andAsPatientAs)
        .orElse(Pace.DEFAULT);
  }

  /** Where replicas stand at the site when nothing else was asked for. */
  static Placement placement(JdbcClient jdbc, String site) {
    return jdbc.sql("select host, datastore, folder from site where name = :site")
        .param("site", site)
        .query((row, number) -> placement(row))
        .optional()
        .orElse(Placement.ANYWHERE);
  }

  private static SiteSettings site(ResultSet row, List<CapRow> caps) throws SQLException {
    return new SiteSettings(
        row.getString("name"),
        SiteKind.valueOf(row.getString("kind")),
        row.getString("address"),
        credential(row.getString("credential")),
        placement(row),
        caps(caps),
        Json.pace(row.getString("pace")),
        row.getString("appliance"),
        Json.room(row.getString("room")),
        Json.appliance(row.getString("tunnels")),
        SiteNetworkRows.read(row),
        Json.fullSite(row.getString("full_site")),
        Json.vcenter(row.getString("vcenter")));
  }

  private static @Nullable NetworkExtent extent(@Nullable String json) {
    return json == null ? null : Json.extent(json);
  }

  /** How the site's room is watched. */
  static RoomSettings room(JdbcClient jdbc, String site) {
    return jdbc.sql("select room from site where name = :site")
        .param("site", site)
        .query((row, number) -> Json.room(row.getString("room")))
        .optional()
        .orElse(RoomSettings.DEFAULT);
  }

  private static @Nullable CredentialReference credential(@Nullable String text) {
    return text == null ? null : CredentialReference.parse(text);
  }

  private static Placement placement(ResultSet row) throws SQLException {
    return new Placement(
        row.getString("host"), row.getString("datastore"), row.getString("folder"));
  }

  private record CapRow(String site, Cap cap, String place, int atMost) {}

  private static Map<String, List<CapRow>> caps(JdbcClient jdbc) {
    Map<String, List<CapRow>> bySite = new LinkedHashMap<>();
    jdbc.sql("select * from site_cap order by site, cap, place")
        .query(
            (row, number) ->
                new CapRow(
                    row.getString("site"),
                    Cap.valueOf(row.getString("cap")),
                    row.getString("place"),
                    row.getInt("at_most")))
        .list()
        .forEach(
            row ->
                bySite.computeIfAbsent(row.site(), site -> new java.util.ArrayList<>()).add(row));
    return bySite;
  }

  /** The place of a cap that holds for a host. */
  static String host(String name) {
    return HOST + name;
  }

  /** The place of a cap that holds for a datastore. */
  static String datastore(String name) {
    return DATASTORE + name;
  }

  /** What the caps say of one of them: how many at most, by place. */
  static Map<String, Integer> atMost(SiteCaps caps, Cap cap) {
    boolean starting = cap == Cap.STARTING;
    Map<String, Integer> atMost = new LinkedHashMap<>();
    atMost.put(EVERYWHERE, starting ? caps.starting() : caps.transferring());
    (starting ? caps.startingPerHost() : caps.transferringPerHost())
        .forEach((host, most) -> atMost.put(host(host), most));
    (starting ? caps.startingPerDatastore() : caps.transferringPerDatastore())
        .forEach((store, most) -> atMost.put(datastore(store), most));
    return atMost;
  }

  private static SiteCaps caps(List<CapRow> rows) {
    return new SiteCaps(
        everywhere(rows, Cap.STARTING, SiteCaps.DEFAULT.starting()),
        below(rows, Cap.STARTING, HOST),
        below(rows, Cap.STARTING, DATASTORE),
        everywhere(rows, Cap.TRANSFERRING, SiteCaps.DEFAULT.transferring()),
        below(rows, Cap.TRANSFERRING, HOST),
        below(rows, Cap.TRANSFERRING, DATASTORE));
  }

  private static int everywhere(List<CapRow> rows, Cap cap, int otherwise) {
    return rows.stream()
        .filter(row -> row.cap() == cap && row.place().equals(EVERYWHERE))
        .findFirst()
        .map(CapRow::atMost)
        .orElse(otherwise);
  }

  private static Map<String, Integer> below(List<CapRow> rows, Cap cap, String kind) {
    Map<String, Integer> atMost = new LinkedHashMap<>();
    rows.stream()
        .filter(row -> row.cap() == cap && row.place().startsWith(kind))
        .forEach(row -> atMost.put(row.place().substring(kind.length()), row.atMost()));
    return atMost;
  }
}
