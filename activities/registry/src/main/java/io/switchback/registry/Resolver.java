package io.switchback.registry;

import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Check;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmSelection;
import io.switchback.operation.Procedure;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.Resolution;
import io.switchback.port.CatalogueActivities.Resolve;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds what an input names, and every mistake in it. Works on one input. */
final class Resolver {
  /** Operations that begin by reverting to, or copying, a restore point of the caller's choice. */
  private static final Set<Operation> CHOOSING =
      EnumSet.of(Operation.PARTIAL_FAILOVER, Operation.FULL_SITE_FAILOVER, Operation.DRILL);

  private final JdbcClient jdbc;
  private final Resolve request;
  private final List<String> mistakes = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();

  Resolver(JdbcClient jdbc, Resolve request) {
    this.jdbc = jdbc;
    this.request = request;
  }

  Resolution resolve() {
    if (request.vms().isEmpty()) {
      mistakes.add("no VM is named; name at least one in 'vms'");
    }
    Map<String, VmSelection> named = replicas();
    List<Member> members = new ArrayList<>();
    named.forEach(
        (replicaId, selection) -> {
          int before = mistakes.size();
          if (!isSkipped(replicaId)) {
            Member member = member(replicaId, selection);
            if (mistakes.size() == before) {
              members.add(member);
            }
          }
        });
    if (Procedure.of(request.operation()).servesNetworks()) {
      List<String> ids = members.stream().map(member -> member.replica().id()).toList();
      mistakes.addAll(SiteNetworkRows.tooMany(jdbc, ids));
      mistakes.addAll(FullSites.conflicts(jdbc, request.operation(), ids));
    }
    List<String> warnings = new ArrayList<>(skipped);
    if (CHOOSING.contains(request.operation())) {
      warnings.addAll(new GroupWarnings(jdbc).of(members));
    }
    if (members.isEmpty() && mistakes.isEmpty()) {
      mistakes.add("there is no VM left to fail over: " + String.join("; ", skipped));
    }
    return new Resolution(members, pace(members), mistakes, appliances(members), warnings);
  }

  /** What was asked for, by replica id; without those that are named in more than one way. */
  private Map<String, VmSelection> replicas() {
    VmNames names = VmNames.read(jdbc);
    Map<String, VmSelection> found = new LinkedHashMap<>();
    Set<String> twice = new LinkedHashSet<>();
    Set<String> unknown = new LinkedHashSet<>();
    GroupSelections groups =
        new GroupSelections(jdbc, CHOOSING.contains(request.operation()), mistakes);
    for (VmSelection selection : request.vms()) {
      if (!selection.group().isEmpty()) {
        groups
            .members(selection)
            .forEach(
                (replicaId, member) -> {
                  if (found.putIfAbsent(replicaId, member) != null) {
                    twice.add(replicaId);
                  }
                });
        continue;
      }
      switch (names.of(selection.name().strip())) {
        case VmNames.Meaning.Mistake mistake -> unknown.add(mistake.sentence());
        case VmNames.Meaning.Found replica -> {
          if (found.putIfAbsent(replica.replicaId(), selection) != null) {
            twice.add(replica.replicaId());
          }
        }
      }
    }
    mistakes.addAll(unknown);
    for (String replicaId : twice) {
      mistakes.add("VM '%s' is named twice".formatted(Replicas.name(jdbc, replicaId)));
      found.remove(replicaId);
    }
    if (CHOOSING.contains(request.operation())) {
      groups.resolvePointsOfGroups(found);
    }
    return found;
  }

  private Member member(String replicaId, VmSelection selection) {
    Replica replica = Replicas.read(jdbc, replicaId);
    ReplicaState state = state(replicaId);
    lookForHolder(replica);
    Lifecycle.refusal(replica.name(), state, request.operation()).ifPresent(mistakes::add);
    List<RestorePoint> offered = RestorePoints.offered(jdbc, replicaId);
    return new Member(
        replica,
        state,
        restorePoint(selection, state, offered),
        offered.isEmpty() ? null : offered.getFirst(),
        checks(replicaId),
        RestorePoints.together(jdbc, replicaId),
        selection);
  }

  /** Where a whole site fails over, nobody waits for the one VM that cannot. */
  private boolean isSkipped(String replicaId) {
    if (request.operation() != Operation.FULL_SITE_FAILOVER) {
      return false;
    }
    String vm = Replicas.name(jdbc, replicaId);
    Optional<String> why =
        Lifecycle.allows(state(replicaId), request.operation())
            ? holder(replicaId)
            : Optional.of("it is " + state(replicaId));
    why.ifPresent(reason -> skipped.add("VM '%s' is skipped: %s".formatted(vm, reason)));
    return why.isPresent();
  }

  private Optional<String> holder(String replicaId) {
    return Claims.holder(jdbc, replicaId)
        .filter(holder -> !holder.operationId().equals(request.operationId()))
        .map(Claims.Row::holder);
  }

  private void lookForHolder(Replica replica) {
    if (request.operation() == Operation.RECONCILE) {
      // A replica that is held is what it is for.
      return;
    }
    holder(replica.id())
        .ifPresent(
            holder ->
                mistakes.add("replica of '%s' is not free: %s".formatted(replica.name(), holder)));
  }

  private @Nullable RestorePoint restorePoint(
      VmSelection selection, ReplicaState state, List<RestorePoint> offered) {
    if (!CHOOSING.contains(request.operation())) {
      if (!selection.restorePoint().strip().equals(VmSelection.LATEST)) {
        mistakes.add(
            "no restore point can be chosen for %s, but '%s' names '%s'"
                .formatted(
                    request.operation().words(), selection.name(), selection.restorePoint()));
      }
      return null;
    }
    RestorePointChoice choice = RestorePointChoice.of(selection, offered);
    // That a replica which is not yet READY has no point is said by its state already.
    if (!choice.mistake().isEmpty()
        && !(offered.isEmpty() && !Lifecycle.allows(state, request.operation()))) {
      mistakes.add(choice.mistake());
    }
    return choice.point();
  }

  private ReplicaState state(String replicaId) {
    return jdbc.sql("select state from replica where id = :id")
        .param("id", replicaId)
        .query((row, number) -> ReplicaState.valueOf(row.getString("state")))
        .single();
  }

  private List<Check> checks(String replicaId) {
    return jdbc.sql(
            "select p.checks from replica r join policy p on p.name = r.policy where r.id = :id")
        .param("id", replicaId)
        .query((row, number) -> Json.checks(row.getString("checks")))
        .single();
  }

  /** As patient as the most patient recovery site needs. */
  private Pace pace(List<Member> members) {
    return SiteRows.pace(jdbc, members.stream().map(member -> member.replica().id()).toList());
  }

  /** Of those recovery sites that need one. */
  private Map<String, String> appliances(List<Member> members) {
    Map<String, String> found = new LinkedHashMap<>();
    for (Member member : members) {
      String site = member.replica().recovery().site();
      jdbc.sql(
              """
              select appliance from site
              where name = :site and appliance <> '' and connectivity = 'APPLIANCE'
              """)
          .param("site", site)
          .query(String.class)
          .optional()
          .ifPresent(appliance -> found.put(site, appliance));
    }
    return found;
  }
}
