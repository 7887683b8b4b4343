package io.switchback.registry;

import io.switchback.model.Connectivity;
import io.switchback.model.SiteNetworks;
import io.switchback.model.SitePair;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What operators say of the networks of sites, and what follows for those who extend them. */
final class SiteNetworkRows {
  private SiteNetworkRows() {}

  static SiteNetworks read(ResultSet site) throws SQLException {
    return new SiteNetworks(
        Connectivity.valueOf(site.getString("connectivity")),
        List.of((String[]) site.getArray("networks").getArray()));
  }

  static SiteNetworks of(JdbcClient jdbc, String site) {
    return jdbc.sql("select connectivity, networks from site where name = :site")
        .param("site", site)
        .query((row, number) -> read(row))
        .optional()
        .orElse(SiteNetworks.NOT_SAID);
  }

  /** Why nothing has to be extended for the replica; empty where appliances do that. */
  static String instead(JdbcClient jdbc, String replicaId) {
    String site =
        jdbc.sql("select recovery_site from replica where id = :replica")
            .param("replica", replicaId)
            .query(String.class)
            .single();
    return of(jdbc, site).instead(site);
  }

  /**
   * Why appliances cannot extend networks of these replicas, a sentence for each of their recovery
   * sites; none where no appliance would start for any of them.
   */
  static List<String> tooMany(JdbcClient jdbc, Collection<String> replicaIds) {
    List<String> sites =
        jdbc.sql(
                """
                select distinct r.recovery_site
                from replica r
                join site s on s.name = r.recovery_site and s.tunnels is not null
                join site_network n
                  on (n.production_site, n.recovery_site) = (r.production_site, r.recovery_site)
                  and n.recovery_network = any(r.networks) and n.extent is not null
                where r.id = any(:replicas) order by r.recovery_site
                """)
            .param("replicas", replicaIds.toArray(String[]::new))
            .query((row, number) -> row.getString("recovery_site"))
            .list();
    return sites.stream()
        .map(site -> of(jdbc, site).tooMany(site, extended(jdbc, site)))
        .flatMap(Optional::stream)
        .map(sentence -> sentence + ". " + SiteNetworks.IF_TOO_MANY)
        .toList();
  }

  private static List<String> extended(JdbcClient jdbc, String site) {
    return jdbc.sql(
            """
            select recovery_network from site_network
            where recovery_site = :site and extent is not null
            """)
        .param("site", site)
        .query((row, number) -> row.getString("recovery_network"))
        .list();
  }

  /** Networks that a pair sends VMs to, and that its recovery site is said not to have. */
  static List<String> contradictions(JdbcClient jdbc) {
    List<String> found = new ArrayList<>();
    for (SitePair pair : SiteRows.pairs(jdbc)) {
      List<String> names = of(jdbc, pair.recovery()).names();
      pair.networks().stream()
          .filter(network -> !names.isEmpty() && !names.contains(network.recovery()))
          .forEach(
              network ->
                  found.add(
                      "the pair '%s' → '%s' calls network '%s' '%s' there, and the networks of site '%s' are %s"
                          .formatted(
                              pair.production(),
                              pair.recovery(),
                              network.production(),
                              network.recovery(),
                              pair.recovery(),
                              String.join(", ", new TreeSet<>(names)))));
    }
    return found;
  }
}
