package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.FakeRegistry.FakeGroup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Groups of a {@link FakeRegistry}. */
class FakeGroupActivities implements GroupActivities {
  final FakeRegistry registry;

  FakeGroupActivities(FakeRegistry registry) {
    this.registry = registry;
  }

  @Override
  public GroupDefined defineGroup(DefineGroup request) {
    return act(
        "defineGroup",
        request.group(),
        () -> {
          List<GroupMember> before = members(request.group());
          List<String> mistakes = mistakes(request);
          if (!mistakes.isEmpty()) {
            return new GroupDefined(
                before, List.of(), mistakes, false, registry.protection().pace, Attempts.current());
          }
          boolean changed =
              !members(request.group()).stream()
                  .map(GroupMember::vm)
                  .toList()
                  .equals(request.vms().stream().sorted().toList());
          if (changed) {
            define(request);
          }
          List<GroupMember> left = new ArrayList<>(before);
          left.removeAll(members(request.group()));
          return new GroupDefined(
              members(request.group()),
              left,
              List.of(),
              changed,
              registry.protection().pace,
              Attempts.current());
        });
  }

  List<String> mistakes(DefineGroup request) {
    List<String> mistakes = new ArrayList<>();
    List<String> sites = new ArrayList<>();
    for (String vm : request.vms()) {
      Optional<FakeReplica> found = find(vm);
      found.ifPresent(replica -> sites.add(replica.replica.production().site()));
      if (found.isEmpty()) {
        mistakes.add("VM '" + vm + "' is not protected");
      } else if (!List.of("", request.group()).contains(found.get().group)) {
        mistakes.add("VM '" + vm + "' is in group '" + found.get().group + "' already");
      }
    }
    if (sites.stream().distinct().count() > 1) {
      mistakes.add("the VMs are at several sites, and no snapshot spans two sites: " + sites);
    }
    return mistakes;
  }

  void define(DefineGroup request) {
    registry
        .replicas
        .values()
        .forEach(
            replica -> {
              if (request.vms().contains(replica.replica.name())) {
                replica.group = request.group();
              } else if (replica.group.equals(request.group())) {
                replica.group = "";
              }
            });
    if (request.vms().isEmpty()) {
      registry.groups.remove(request.group());
    } else {
      registry.groups.computeIfAbsent(request.group(), name -> new FakeGroup());
    }
    registry.note(Effect.by("", "defineGroup", request.group()));
  }

  @Override
  public GroupStart beginGroupCycle(BeginGroupCycle request) {
    return act(
        "beginGroupCycle",
        request.group(),
        () -> {
          FakeGroup group = registry.groups.get(request.group());
          List<GroupMember> members = members(request.group());
          if (group == null || members.isEmpty()) {
            throw new FaultException(
                Fault.REFUSED, "There is no group '" + request.group() + "'. Define it first.");
          }
          group.number++;
          registry.note(Effect.by("", "beginGroupCycle", request.group()));
          return new GroupStart(
              group.number,
              members,
              interval(members),
              registry.protection().pace,
              Attempts.current());
        });
  }

  Duration interval(List<GroupMember> members) {
    return members.stream()
        .map(member -> registry.replicas.get(member.replicaId()).interval)
        .min(Duration::compareTo)
        .orElseThrow();
  }

  @Override
  public GroupEnd completeGroupCycle(CompleteGroupCycle request) {
    return act(
        "completeGroupCycle",
        request.group(),
        () -> {
          FakeGroup group = registry.groups.get(request.group());
          if (group == null) {
            return new GroupEnd(null, "there is no group any more", Attempts.current());
          }
          String id = "%s-%04d".formatted(request.group(), request.number());
          if (group.answers.containsKey(id)) {
            return new GroupEnd(group.answers.get(id), "", Attempts.current());
          }
          group.problem = whyNot(request);
          return group.problem.isEmpty()
              ? new GroupEnd(complete(group, id, request), "", Attempts.current())
              : new GroupEnd(null, group.problem, Attempts.current());
        });
  }

  String whyNot(CompleteGroupCycle request) {
    List<String> missing = new ArrayList<>(request.missing());
    for (GroupMember member : members(request.group())) {
      boolean isRecorded =
          request.parts().stream()
              .filter(part -> part.replicaId().equals(member.replicaId()))
              .anyMatch(
                  part -> registry.replicas.get(part.replicaId()).points.contains(part.point()));
      if (!isRecorded && missing.stream().noneMatch(why -> why.contains(member.vm()))) {
        missing.add("'" + member.vm() + "' has no part in it");
      }
    }
    return String.join("; ", missing);
  }

  GroupPoint complete(FakeGroup group, String id, CompleteGroupCycle request) {
    Map<String, String> parts = new LinkedHashMap<>();
    request.parts().forEach(part -> parts.put(part.replicaId(), part.point().snapshot()));
    GroupPoint point =
        new GroupPoint(
            id,
            request.parts().stream()
                .map(part -> part.point().takenAt())
                .max(Instant::compareTo)
                .orElseThrow());
    group.points.put(id, parts);
    group.answers.put(id, point);
    letGo(request.group(), group);
    registry.note(Effect.by("", "completeGroupCycle", request.group()));
    return point;
  }

  /** Beyond what the most generous member keeps. */
  void letGo(String name, FakeGroup group) {
    int kept =
        members(name).stream()
            .mapToInt(member -> registry.replicas.get(member.replicaId()).retention.points())
            .max()
            .orElse(1);
    List<String> ids = List.copyOf(group.points.keySet());
    ids.subList(0, Math.max(0, ids.size() - kept)).forEach(group.points::remove);
  }

  private List<GroupMember> members(String group) {
    return registry.replicas.values().stream()
        .filter(replica -> replica.group.equals(group))
        .map(replica -> new GroupMember(replica.replica.id(), replica.replica.name()))
        .sorted(java.util.Comparator.comparing(GroupMember::vm))
        .toList();
  }

  private Optional<FakeReplica> find(String vm) {
    return registry.replicas.values().stream()
        .filter(replica -> replica.replica.name().equals(vm))
        .findFirst();
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
