package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.Operation;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmSelection;
import io.switchback.operation.Procedure;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a {@link FakeRegistry} knows of the estate. */
class FakeCatalogueActivities implements CatalogueActivities {
  private static final Set<Operation> CHOOSING =
      Set.of(Operation.PARTIAL_FAILOVER, Operation.FULL_SITE_FAILOVER);

  final FakeRegistry registry;

  FakeCatalogueActivities(FakeRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Resolution resolve(Resolve request) {
    return act("resolve", request.operation().name(), () -> resolution(request));
  }

  private Resolution resolution(Resolve request) {
    List<Member> members = new ArrayList<>();
    List<String> mistakes = new ArrayList<>();
    Set<String> names = new HashSet<>();
    List<String> skipped = new ArrayList<>();
    for (VmSelection vm : members(request, mistakes)) {
      FakeReplica replica = find(vm.name());
      if (replica != null && isSkipped(request, replica)) {
        skipped.add("vm '%s' is skipped: it is %s".formatted(vm.name(), replica.state));
        continue;
      }
      List<String> wrong = new ArrayList<>();
      if (!names.add(vm.name())) {
        wrong.add("vm '" + vm.name() + "' is named twice");
      } else if (replica == null) {
        wrong.add("vm '" + vm.name() + "' is unknown");
      } else {
        wrong.addAll(mistakes(request, vm, replica));
      }
      if (wrong.isEmpty() && replica != null) {
        members.add(
            new Member(
                replica.replica,
                replica.state,
                request.operation() == Operation.PLANNED_FAILOVER
                    ? null
                    : point(replica, vm).orElse(null),
                replica.newest(),
                replica.checks,
                new Points(
                    replica.points.size(),
                    replica.points.size() * FakeReplica.POINT_BYTES,
                    replica.points.isEmpty() ? null : replica.points.getFirst()),
                vm));
      }
      mistakes.addAll(wrong);
    }
    // A VM that is named twice is wrong where it was named first as well.
    members.removeIf(
        member -> mistakes.contains("vm '" + member.replica().name() + "' is named twice"));
    mistakes.addAll(tooManyNetworks(request.operation(), members));
    mistakes.addAll(conflicts(request.operation(), members));
    if (members.isEmpty() && mistakes.isEmpty()) {
      mistakes.add("there is no vm left: " + skipped);
    }
    skipped.addAll(warnings(request, members));
    return new Resolution(members, registry.pace(), mistakes, registry.appliances(), skipped);
  }

  boolean isSkipped(Resolve request, FakeReplica replica) {
    FakeReplica.Claimed claim = replica.claim;
    return request.operation() == Operation.FULL_SITE_FAILOVER
        && (!Lifecycle.allows(replica.state, request.operation())
            || (claim != null && !claim.request.operationId().equals(request.operationId())));
  }

  List<String> conflicts(Operation operation, List<Member> members) {
    if (!Procedure.of(operation).servesNetworks()) {
      return List.of();
    }
    List<String> ids = members.stream().map(member -> member.replica().id()).toList();
    return members.stream()
        .map(Member::replica)
        .flatMap(
            replica ->
                registry
                    .networks
                    .conflicts(
                        Procedure.of(operation)
                            .networks(registry.replicas.get(replica.id()).networkMode),
                        replica,
                        ids)
                    .stream())
        .distinct()
        .toList();
  }

  List<String> tooManyNetworks(Operation operation, List<Member> members) {
    return Procedure.of(operation).servesNetworks()
        ? registry.networks.tooMany(members.stream().map(Member::replica).toList())
        : List.of();
  }

  /** Groups as their members, each with its part. */
  List<VmSelection> members(Resolve request, List<String> mistakes) {
    List<VmSelection> all = new ArrayList<>();
    for (VmSelection vm : request.vms()) {
      if (vm.group().isEmpty()) {
        all.add(vm);
        continue;
      }
      FakeRegistry.FakeGroup group = registry.groups.get(vm.group());
      if (group == null) {
        mistakes.add("there is no group '" + vm.group() + "'");
      } else if (!CHOOSING.contains(request.operation())) {
        grouped(vm.group()).forEach(one -> all.add(vm.of(one.replica.name(), vm.restorePoint())));
      } else {
        String id =
            vm.restorePoint().equals(VmSelection.LATEST) && !group.points.isEmpty()
                ? List.copyOf(group.points.keySet()).getLast()
                : vm.restorePoint();
        Map<String, String> parts = group.points.get(id);
        if (parts == null) {
          mistakes.add("group '" + vm.group() + "' has no restore point '" + id + "'");
        } else {
          grouped(vm.group()).forEach(one -> all.add(vm.of(one.replica.name(), part(one, parts))));
        }
      }
    }
    return all;
  }

  private static String part(FakeReplica replica, Map<String, String> parts) {
    return replica.points.stream()
        .filter(point -> point.snapshot().equals(parts.get(replica.replica.id())))
        .findFirst()
        .orElseThrow()
        .id();
  }

  private List<FakeReplica> grouped(String group) {
    return registry.replicas.values().stream()
        .filter(replica -> replica.group.equals(group))
        .sorted(Comparator.comparing((FakeReplica replica) -> replica.replica.name()))
        .toList();
  }

  List<String> warnings(Resolve request, List<Member> members) {
    List<String> warnings = new ArrayList<>();
    if (!CHOOSING.contains(request.operation())) {
      return warnings;
    }
    registry.groups.forEach(
        (name, group) -> {
          List<FakeReplica> all = grouped(name);
          Map<String, String> going = new HashMap<>();
          for (Member member : members) {
            RestorePoint point = member.restorePoint();
            if (point != null
                && all.stream().anyMatch(one -> one.replica.equals(member.replica()))) {
              going.put(member.replica().id(), point.snapshot());
            }
          }
          if (!going.isEmpty() && going.size() < all.size()) {
            warnings.add("group '" + name + "': not all of it is named");
          }
          if (going.size() > 1
              && group.points.values().stream()
                  .noneMatch(parts -> parts.entrySet().containsAll(going.entrySet()))) {
            warnings.add("group '" + name + "': its VMs go to different moments");
          }
        });
    return warnings;
  }

  List<String> mistakes(Resolve request, VmSelection vm, FakeReplica replica) {
    List<String> wrong = new ArrayList<>();
    Lifecycle.refusal(vm.name(), replica.state, request.operation()).ifPresent(wrong::add);
    FakeReplica.Claimed claim = replica.claim;
    if (claim != null
        && request.operation() != Operation.RECONCILE
        && !claim.request.operationId().equals(request.operationId())) {
      wrong.add(
          "vm '%s' is held by %s (workflow '%s', run '%s')"
              .formatted(
                  vm.name(),
                  claim.operation().words(),
                  claim.request.workflowId(),
                  claim.request.runId()));
    }
    boolean needsPoint = CHOOSING.contains(request.operation());
    boolean namesPoint = !vm.restorePoint().equals(VmSelection.LATEST);
    if ((needsPoint || namesPoint) && point(replica, vm).isEmpty()) {
      wrong.add("vm '" + vm.name() + "' has no restore point '" + vm.restorePoint() + "'");
    }
    return wrong;
  }

  Optional<RestorePoint> point(FakeReplica replica, VmSelection vm) {
    if (vm.restorePoint().equals(VmSelection.LATEST)) {
      return Optional.ofNullable(replica.newest());
    }
    Optional<RestorePoint> named =
        replica.points.stream().filter(point -> point.id().equals(vm.restorePoint())).findFirst();
    return named.isPresent() ? named : notLaterThan(replica, vm.restorePoint());
  }

  private static Optional<RestorePoint> notLaterThan(FakeReplica replica, String time) {
    try {
      Instant limit = Instant.parse(time);
      return replica.points.reversed().stream()
          .filter(point -> !point.takenAt().isAfter(limit))
          .findFirst();
    } catch (DateTimeParseException notATime) {
      return Optional.empty();
    }
  }

  private @Nullable FakeReplica find(String name) {
    return registry.replicas.values().stream()
        .filter(replica -> replica.replica.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  @Override
  public Done recordGreetings(RecordGreetings request) {
    return act(
        "recordGreetings",
        FaultScript.ANY,
        () -> {
          boolean changed = false;
          request.greetings().forEach(this::recognise);
          for (SiteActivities.Greeting greeting : request.greetings()) {
            String who = greeting.queue() + "/" + greeting.worker();
            boolean isNew = !greeting.equals(registry.greetings.put(who, greeting));
            if (isNew) {
              registry.note(Effect.by("", "greeting", greeting.site()));
            }
            changed |= isNew;
          }
          return new Done(changed, Attempts.current());
        });
  }

  private void recognise(SiteActivities.Greeting greeting) {
    String platform = greeting.platform();
    if (platform != null
        && !platform.equals(
            registry.platforms.computeIfAbsent(greeting.site(), site -> platform))) {
      throw new FaultException(
          Fault.CHECK_FAILED, "Another platform answers for " + greeting.site() + ".");
    }
  }

  @Override
  public Done recordAudit(RecordAudit request) {
    return act(
        "recordAudit",
        FaultScript.ANY,
        () -> {
          boolean changed = false;
          for (AuditEntry entry : request.entries()) {
            changed |= append(entry);
          }
          return new Done(changed, Attempts.current());
        });
  }

  boolean append(AuditEntry entry) {
    String key =
        String.join(
            "/",
            entry.operationId(),
            entry.replicaId(),
            Long.toString(entry.stepNumber()),
            Integer.toString(entry.attempt()),
            entry.outcome());
    boolean isNew = registry.audit.putIfAbsent(key, entry) == null;
    if (isNew) {
      registry.note(Effect.by(entry.operationId(), "audit", entry.replicaId()));
    }
    return isNew;
  }

  private <T> T act(String step, String target, Supplier<T> act) {
    return registry
        .script()
        .run(
            step,
            target,
            () -> {
              synchronized (registry) {
                registry.answer();
                return act.get();
              }
            });
  }
}
