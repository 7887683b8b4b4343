package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMode;
import io.switchback.model.NetworkPair;
import io.switchback.model.NetworkPair.Member;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkPairActivities.PairView;
import io.switchback.port.NetworkPairActivities.RecordNetworkPair;
import io.switchback.registry.EstateView.NetworkView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads and writes networks that are extended, within a transaction of the caller. */
final class NetworkPairs {
  private NetworkPairs() {}

  /** A network of a replica that is extended; its number is null as long as it has no pair. */
  record Wanted(
      @Nullable Integer number,
      String productionSite,
      String productionNetwork,
      String recoverySite,
      String recoveryNetwork,
      NetworkExtent extent,
      NetworkMode mode) {}

  /**
   * Which of the replica's networks appliances serve in that mode, by the number of the pair. Of a
   * network without a gateway nobody can take its place.
   */
  static List<Wanted> wanted(JdbcClient jdbc, String replicaId, NetworkMode mode) {
    return jdbc.sql(
            """
            select p.number, n.production_site, n.production_network, n.recovery_site,
                   n.recovery_network, n.extent
            from replica r
            join site_network n
              on (n.production_site, n.recovery_site) = (r.production_site, r.recovery_site)
              and n.recovery_network = any(r.networks)
            join site s on s.name = n.recovery_site and s.connectivity = 'APPLIANCE'
            left join network_pair p
              on (p.production_site, p.production_network, p.recovery_site, p.recovery_network)
               = (n.production_site, n.production_network, n.recovery_site, n.recovery_network)
              and p.mode = :mode
            where r.id = :replica and n.extent is not null
              and (:mode = 'TUNNEL' or n.extent ->> 'gateway' <> '')
            order by p.number, n.production_network
            """)
        .param("replica", replicaId)
        .param("mode", mode.name())
        .query(
            (row, number) ->
                new Wanted(
                    row.getObject("number", Integer.class),
                    row.getString("production_site"),
                    row.getString("production_network"),
                    row.getString("recovery_site"),
                    row.getString("recovery_network"),
                    Json.extent(row.getString("extent")),
                    mode))
        .list();
  }

  /**
   * Gives each of the replica's networks a pair. Done before any pair is changed: who makes one
   * waits for whoever changes one.
   */
  static List<Wanted> made(JdbcClient jdbc, String replicaId, NetworkMode mode) {
    List<Wanted> known = wanted(jdbc, replicaId, mode);
    if (known.stream().allMatch(one -> one.number() != null)) {
      return known;
    }
    jdbc.sql("lock table network_pair in share row exclusive mode").update();
    for (Wanted one : wanted(jdbc, replicaId, mode)) {
      if (one.number() == null) {
        make(jdbc, one);
      }
    }
    return wanted(jdbc, replicaId, mode);
  }

  private static void make(JdbcClient jdbc, Wanted one) {
    int made =
        jdbc.sql(
                """
                insert into network_pair (number, production_site, production_network,
                                          recovery_site, recovery_network, extent, mode)
                select n, :productionSite, :productionNetwork, :recoverySite, :recoveryNetwork,
                       :extent::jsonb, :mode
                from generate_series(1, 254) n
                where not exists (select from network_pair p where p.number = n)
                order by n limit 1
                """)
            .param("productionSite", one.productionSite())
            .param("productionNetwork", one.productionNetwork())
            .param("recoverySite", one.recoverySite())
            .param("recoveryNetwork", one.recoveryNetwork())
            .param("extent", Json.of(one.extent()))
            .param("mode", one.mode().name())
            .update();
    if (made == 0) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not extend network '%s' of site '%s' to '%s' of site '%s': 254 pairs of networks are extended already, or have been. Skip the step; the network is then not extended."
              .formatted(
                  one.productionNetwork(),
                  one.productionSite(),
                  one.recoveryNetwork(),
                  one.recoverySite()));
    }
  }

  /** Counts in; answers how many rows that has changed. */
  static int join(
      JdbcClient jdbc, int pair, NetworkExtent extent, String replicaId, Member member) {
    // Whoever changes or closes the pair at this moment queues here.
    boolean isClosed =
        jdbc.sql("select closed from network_pair where number = :pair for update")
            .param("pair", pair)
            .query(Boolean.class)
            .single();
    int changed =
        jdbc.sql(
                """
                insert into network_member as known
                  (pair, replica_id, addresses, epoch, acknowledged)
                values (:pair, :replica, :addresses, :epoch, :acknowledged)
                on conflict (pair, replica_id) do update
                set addresses = excluded.addresses, epoch = excluded.epoch,
                    acknowledged = excluded.acknowledged
                where (known.addresses, known.epoch, known.acknowledged)
                   <> (excluded.addresses, excluded.epoch, excluded.acknowledged)
                """)
            .param("pair", pair)
            .param("replica", replicaId)
            .param("addresses", member.addresses().toArray(String[]::new))
            .param("epoch", member.epoch())
            .param("acknowledged", member.acknowledged().toArray(String[]::new))
            .update();
    if (changed > 0 || isClosed) {
      jdbc.sql(
              """
              update network_pair set revision = revision + 1, closed = false,
                                      extent = :extent::jsonb
              where number = :pair
              """)
          .param("extent", Json.of(extent))
          .param("pair", pair)
          .update();
    }
    return changed;
  }

  /** Counts out of the pairs of these modes; answers from how many. */
  static int leave(JdbcClient jdbc, String replicaId, Set<NetworkMode> modes) {
    List<Integer> pairs =
        jdbc.sql(
                """
                select p.number from network_pair p
                join network_member m on m.pair = p.number
                where m.replica_id = :replica and p.mode = any(:modes)
                order by p.number for update of p
                """)
            .param("replica", replicaId)
            .param("modes", modes.stream().map(Enum::name).toArray(String[]::new))
            .query((row, at) -> row.getInt("number"))
            .list();
    jdbc.sql("delete from network_member where replica_id = :replica and pair = any(:pairs)")
        .param("replica", replicaId)
        .param("pairs", pairs.toArray(Integer[]::new))
        .update();
    for (int pair : pairs) {
      jdbc.sql("update network_pair set revision = revision + 1 where number = :pair")
          .param("pair", pair)
          .update();
    }
    return pairs.size();
  }

  /** The pairs of the replica's networks of which something may be left. */
  static List<Integer> open(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(
            """
            select p.number from network_pair p
            join replica r on (r.production_site, r.recovery_site)
                            = (p.production_site, p.recovery_site)
              and p.recovery_network = any(r.networks)
            where r.id = :replica and not p.closed order by p.number
            """)
        .param("replica", replicaId)
        .query((row, at) -> row.getInt("number"))
        .list();
  }

  static Optional<NetworkPair> find(JdbcClient jdbc, int number) {
    List<Member> members =
        jdbc.sql(
                """
                select m.replica_id, v.name, m.addresses, m.epoch, m.acknowledged
                from network_member m
                join replica r on r.id = m.replica_id
                join vm v on (v.site, v.id) = (r.production_site, r.production_vm)
                where m.pair = :pair order by m.replica_id
                """)
            .param("pair", number)
            .query(
                (row, at) ->
                    new Member(
                        row.getString("replica_id"),
                        row.getString("name"),
                        strings(row, "addresses"),
                        row.getLong("epoch"),
                        strings(row, "acknowledged")))
            .list();
    return jdbc.sql(
            """
            select p.*, coalesce(n.extent, p.extent) as now,
                   here.tunnels || jsonb_build_object('vm', here.appliance) as production_tunnels,
                   there.tunnels || jsonb_build_object('vm', there.appliance) as recovery_tunnels,
                   there.full_site
            from network_pair p
            left join site_network n
              on (p.production_site, p.production_network, p.recovery_site, p.recovery_network)
               = (n.production_site, n.production_network, n.recovery_site, n.recovery_network)
            left join site here on here.name = p.production_site
            left join site there on there.name = p.recovery_site
            where p.number = :pair
            """)
        .param("pair", number)
        .query(
            (row, at) ->
                new NetworkPair(
                    number,
                    row.getLong("revision"),
                    row.getString("production_site"),
                    row.getString("production_network"),
                    row.getString("recovery_site"),
                    row.getString("recovery_network"),
                    Json.extent(row.getString("now")),
                    Json.appliance(row.getString("production_tunnels")),
                    Json.appliance(row.getString("recovery_tunnels")),
                    members,
                    row.getBoolean("closed"),
                    FullSites.gateway(jdbc, row)))
        .optional();
  }

  private static List<String> strings(ResultSet row, String column) throws SQLException {
    return Arrays.asList((String[]) row.getArray(column).getArray());
  }

  /** Every pair of which something may be there, and how it is. */
  static List<NetworkView> extended(JdbcClient jdbc) {
    return jdbc.sql("select * from network_pair where not closed order by number")
        .query(
            (row, at) -> {
              boolean isOfNow = isOfNow(row);
              return new NetworkView(
                  find(jdbc, row.getInt("number")).orElseThrow(),
                  isOfNow ? Json.side(row.getString("recovery")) : null,
                  isOfNow ? Json.side(row.getString("production")) : null,
                  isOfNow ? Json.owners(row.getString("owners")) : List.of());
            })
        .list();
  }

  private static boolean isOfNow(ResultSet row) throws SQLException {
    return row.getLong("seen_revision") == row.getLong("revision");
  }

  /** The pairs that the replica is counted into, and those. */
  static List<PairView> of(JdbcClient jdbc, String replicaId, List<Integer> others) {
    return jdbc.sql(
            """
            select p.*, m.pair is not null as counted, coalesce(m.addresses, '{}') as own
            from network_pair p
            left join network_member m on (m.pair, m.replica_id) = (p.number, :replica)
            where m.pair is not null or p.number = any(:others) order by p.number
            """)
        .param("replica", replicaId)
        .param("others", others.toArray(Integer[]::new))
        .query((row, at) -> view(row))
        .list();
  }

  private static PairView view(ResultSet row) throws SQLException {
    boolean isOfNow = isOfNow(row);
    return new PairView(
        row.getInt("number"),
        NetworkPair.words(
            row.getString("production_site"),
            row.getString("production_network"),
            row.getString("recovery_site"),
            row.getString("recovery_network"),
            NetworkMode.valueOf(row.getString("mode"))),
        row.getBoolean("counted"),
        isOfNow || row.getBoolean("closed"),
        isOfNow ? Json.side(row.getString("recovery")) : null,
        isOfNow ? Json.side(row.getString("production")) : null,
        isOfNow ? owners(row) : List.of());
  }

  private static List<AddressOwner> owners(ResultSet row) throws SQLException {
    List<String> own = strings(row, "own");
    return Json.owners(row.getString("owners")).stream()
        .filter(owner -> own.contains(owner.address()))
        .toList();
  }

  static int record(JdbcClient jdbc, RecordNetworkPair news) {
    return jdbc.sql(
            """
            update network_pair
            set seen_revision = :revision, recovery = :recovery::jsonb,
                production = :production::jsonb, owners = :owners::jsonb
            where number = :pair and revision = :revision
              and (seen_revision, recovery, production, owners)
                is distinct from
                (:revision, :recovery::jsonb, :production::jsonb, :owners::jsonb)
            """)
        .param("pair", news.number())
        .param("revision", news.revision())
        .param("recovery", Json.of(news.recovery()))
        .param("production", Json.of(news.production()))
        .param("owners", Json.ofOwners(news.owners()))
        .update();
  }

  static int close(JdbcClient jdbc, int number, long revision) {
    return jdbc.sql(
            """
            update network_pair set closed = true
            where number = :pair and revision = :revision and not closed
              and not exists (select from network_member where pair = :pair)
            """)
        .param("pair", number)
        .param("revision", revision)
        .update();
  }

  /** Whether somebody needs the pair as it was at that revision. */
  static boolean isNeeded(JdbcClient jdbc, int number, long revision) {
    return jdbc.sql(
            """
            select exists (select from network_pair p join network_member m on m.pair = p.number
                           where p.number = :pair and p.revision = :revision)
            """)
        .param("pair", number)
        .param("revision", revision)
        .query(Boolean.class)
        .single();
  }

  /** Those of the addresses that are in the network, in an order of their own. */
  static List<String> within(NetworkExtent extent, List<String> addresses) {
    List<String> all = new ArrayList<>(addresses);
    all.removeIf(address -> !extent.contains(address));
    return all.stream().distinct().sorted().toList();
  }
}
