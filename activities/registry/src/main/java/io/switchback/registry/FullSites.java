package io.switchback.registry;

import io.switchback.lifecycle.Operation;
import io.switchback.model.FullSiteGateway;
import io.switchback.model.FullSiteGateway.Network;
import io.switchback.model.NetworkMode;
import io.switchback.operation.Procedure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which networks are in full-site mode, and which are not to be. */
final class FullSites {
  private FullSites() {}

  /** How the replica's networks were served when it failed over last. */
  static NetworkMode before(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("select network_mode from replica where id = :replica")
        .param("replica", replicaId)
        .query((row, number) -> NetworkMode.valueOf(row.getString("network_mode")))
        .single();
  }

  /** Keeps how they are served from now on. */
  static void remember(JdbcClient jdbc, String replicaId, NetworkMode mode) {
    jdbc.sql("update replica set network_mode = :mode where id = :replica")
        .param("mode", mode.name())
        .param("replica", replicaId)
        .update();
  }

  /** Whether the replica's recovery site says how its appliance is a gateway. */
  static boolean isDescribed(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(
            """
            select exists (select from replica r join site s on s.name = r.recovery_site
                           where r.id = :replica and s.full_site is not null)
            """)
        .param("replica", replicaId)
        .query(Boolean.class)
        .single();
  }

  /**
   * Why the operation cannot have the replicas' networks served, a sentence for each network that
   * is served in the other mode for the sake of another replica.
   */
  static List<String> conflicts(
      JdbcClient jdbc, Operation operation, Collection<String> replicaIds) {
    return replicaIds.stream()
        .flatMap(
            replica ->
                conflicts(
                    jdbc,
                    Procedure.of(operation).networks(before(jdbc, replica)),
                    replica,
                    replicaIds)
                    .stream())
        .distinct()
        .toList();
  }

  /** The same of one replica; those of {@code together} are in nobody's way. */
  static List<String> conflicts(
      JdbcClient jdbc, NetworkMode mode, String replicaId, Collection<String> together) {
    return jdbc.sql(
            """
            select p.recovery_network, p.recovery_site, string_agg(v.name, ', ' order by v.name) as vms
            from replica r
            join site s on s.name = r.recovery_site and s.connectivity = 'APPLIANCE'
            join network_pair p
              on p.recovery_site = r.recovery_site and p.recovery_network = any(r.networks)
            join network_member m on m.pair = p.number and not m.replica_id = any(:together)
            join replica other on other.id = m.replica_id
            join vm v on (v.site, v.id) = (other.production_site, other.production_vm)
            where r.id = :replica and p.mode <> :mode
            group by p.recovery_network, p.recovery_site order by p.recovery_network
            """)
        .param("replica", replicaId)
        .param("mode", mode.name())
        .param("together", together.toArray(String[]::new))
        .query(
            (row, number) ->
                (mode == NetworkMode.FULL_SITE
                        ? "network '%s' of site '%s' is extended from production by a tunnel, for %s: undo that first, or fail over partially as well"
                        : "site '%2$s' is the gateway of network '%1$s', since the full-site failover of %3$s: undo that first, or make a full-site failover of this one, too")
                    .formatted(
                        row.getString("recovery_network"),
                        row.getString("recovery_site"),
                        row.getString("vms")))
        .list();
  }

  /**
   * Appliances that several sites have for their gateway. An appliance has one full-site mode: who
   * brings it to what the one site needs takes away what the others have.
   */
  static List<String> contradictions(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select string_agg(quote_literal(name), ', ' order by name) as sites,
                   tunnels ->> 'host' as host, tunnels ->> 'port' as port
            from site where full_site is not null and tunnels is not null
            group by tunnels ->> 'host', tunnels ->> 'port' having count(*) > 1
            order by tunnels ->> 'host', tunnels ->> 'port'
            """)
        .query(
            (row, number) ->
                "the sites %s have `fullSite` with one appliance, %s:%s, which can be the gateway of one site only"
                    .formatted(
                        row.getString("sites"), row.getString("host"), row.getString("port")))
        .list();
  }

  /**
   * All that the appliance of the pair's recovery site is the gateway of; null of a tunnel's pair.
   * Its revision is made of those of all pairs there, of which none ever falls.
   */
  static @Nullable FullSiteGateway gateway(JdbcClient jdbc, ResultSet pair) throws SQLException {
    if (NetworkMode.valueOf(pair.getString("mode")) == NetworkMode.TUNNEL) {
      return null;
    }
    String site = pair.getString("recovery_site");
    long revision =
        jdbc.sql("select sum(revision) from network_pair where recovery_site = :site")
            .param("site", site)
            .query(Long.class)
            .single();
    List<Network> networks =
        jdbc.sql(
                """
                select p.recovery_network, coalesce(n.extent, p.extent) as now
                from network_pair p
                left join site_network n
                  on (p.production_site, p.production_network, p.recovery_site, p.recovery_network)
                   = (n.production_site, n.production_network, n.recovery_site, n.recovery_network)
                where p.recovery_site = :site and p.mode = 'FULL_SITE'
                  and exists (select from network_member m where m.pair = p.number)
                order by p.number
                """)
            .param("site", site)
            .query(
                (row, number) ->
                    new Network(
                        row.getString("recovery_network"), Json.extent(row.getString("now"))))
            .list();
    return new FullSiteGateway(revision, Json.fullSite(pair.getString("full_site")), networks);
  }
}
