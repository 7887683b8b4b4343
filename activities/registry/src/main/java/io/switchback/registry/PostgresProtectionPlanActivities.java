package io.switchback.registry;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.SiteSettings;
import io.switchback.model.VmRef;
import io.switchback.port.ProtectionPlanActivities;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What PostgreSQL holds that a protection must fit into. */
public final class PostgresProtectionPlanActivities implements ProtectionPlanActivities {
  private final RegistryDatabase database;

  public PostgresProtectionPlanActivities(RegistryDatabase database) {
    this.database = database;
  }

  @Override
  public Pairing describePair(DescribePair request) {
    return database.inSnapshot(
        jdbc -> {
          List<String> mistakes = new ArrayList<>();
          refuseUnknown(jdbc, request.from(), mistakes);
          refuseUnknown(jdbc, request.to(), mistakes);
          Optional<Policy> policy =
              request.policy() == null
                  ? Policies.read(jdbc, Policy.DEFAULT_NAME)
                  : Policies.read(jdbc, request.policy());
          if (request.policy() != null && policy.isEmpty()) {
            mistakes.add(
                "there is no policy '%s'; give its settings, as in \"policy\":{\"name\":\"%s\",\"interval\":\"PT15M\"}"
                    .formatted(request.policy(), request.policy()));
          }
          return new Pairing(
              SiteRows.networks(jdbc, request.from(), request.to()),
              SiteRows.placement(jdbc, request.to()),
              SiteRows.find(jdbc, request.to()).map(SiteSettings::pace).orElse(Pace.DEFAULT),
              policy.orElse(null),
              mistakes);
        });
  }

  private static void refuseUnknown(JdbcClient jdbc, String site, List<String> mistakes) {
    Optional<SiteSettings> settings = SiteRows.find(jdbc, site);
    if (settings.isEmpty()) {
      List<String> known = SiteRows.all(jdbc).stream().map(SiteSettings::name).toList();
      mistakes.add(
          "site '%s' is unknown; known are %s"
              .formatted(site, known.isEmpty() ? "none yet" : String.join(", ", known)));
    }
  }

  @Override
  public Standings findStandings(FindStandings request) {
    // Not a snapshot: ids are given out.
    return database.inTransaction(
        jdbc -> new Standings(request.vms().stream().map(vm -> standing(jdbc, vm)).toList()));
  }

  private static Standing standing(JdbcClient jdbc, VmRef vm) {
    Optional<Replica> replica = Reservations.replicaOf(jdbc, vm);
    Optional<Reservations.Row> reserved = Reservations.of(jdbc, vm);
    String id =
        replica
            .map(Replica::id)
            .or(() -> reserved.map(Reservations.Row::replicaId))
            .orElseGet(() -> ReplicaRows.nextId(jdbc, vm.name()));
    return new Standing(
        vm,
        id,
        replica.map(known -> protection(jdbc, known)).orElse(null),
        reserved.isPresent(),
        Reservations.protectedByVm(jdbc, vm).orElse(""),
        Exclusions.of(jdbc, vm).orElse(""));
  }

  private static Protection protection(JdbcClient jdbc, Replica replica) {
    return jdbc.sql(
            """
            select r.state, r.network_map, p.* from replica r join policy p on p.name = r.policy
            where r.id = :id
            """)
        .param("id", replica.id())
        .query(
            (row, number) ->
                new Protection(
                    replica,
                    ReplicaState.valueOf(row.getString("state")),
                    Policies.row(row, "name"),
                    Json.networks(row.getString("network_map"))))
        .single();
  }
}
