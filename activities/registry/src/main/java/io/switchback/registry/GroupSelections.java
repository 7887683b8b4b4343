package io.switchback.registry;

import io.switchback.model.RestorePoint;
import io.switchback.model.VmSelection;
import io.switchback.port.GroupActivities.GroupMember;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Turns groups, and restore points of groups, that an input names into restore points of their VMs:
 * all of them or none, because parts of different moments do not go together.
 */
final class GroupSelections {
  private static final int LISTED = 5;

  private final JdbcClient jdbc;
  private final boolean choosesPoint;
  private final List<String> mistakes;

  /**
   * @param choosesPoint whether the operation goes to a restore point of the caller's choice
   */
  GroupSelections(JdbcClient jdbc, boolean choosesPoint, List<String> mistakes) {
    this.jdbc = jdbc;
    this.choosesPoint = choosesPoint;
    this.mistakes = mistakes;
  }

  /** A group's members by replica id, each with its part of the point that was asked for. */
  Map<String, VmSelection> members(VmSelection selection) {
    String group = selection.group().strip();
    List<GroupMember> members = GroupRows.members(jdbc, group);
    Map<String, VmSelection> found = new LinkedHashMap<>();
    if (members.isEmpty()) {
      mistakes.add(unknown(group));
      return found;
    }
    if (!choosesPoint) {
      members.forEach(
          member ->
              found.put(member.replicaId(), selection.of(member.vm(), selection.restorePoint())));
      return found;
    }
    choose(group, members, selection.restorePoint().strip())
        .ifPresent(
            point ->
                members.forEach(
                    member ->
                        found.put(
                            member.replicaId(), selection.of(member.vm(), part(member, point)))));
    return found;
  }

  private static String part(GroupMember member, GroupRows.Whole point) {
    RestorePoint part = point.parts().get(member.replicaId());
    if (part == null) {
      throw new IllegalStateException(point.point().id() + " lacks " + member.vm());
    }
    return part.id();
  }

  private Optional<GroupRows.Whole> choose(String group, List<GroupMember> members, String asked) {
    List<GroupRows.Whole> all = GroupRows.points(jdbc, group);
    List<GroupRows.Whole> whole =
        all.stream().filter(point -> lacking(point, members).isEmpty()).toList();
    Optional<GroupRows.Whole> found =
        asked.equals(VmSelection.LATEST)
            ? whole.stream().findFirst()
            : whole.stream()
                .filter(point -> point.point().id().equals(asked))
                .findFirst()
                .or(() -> notLaterThan(asked, whole));
    if (found.isEmpty()) {
      mistakes.add(
          all.stream()
              .filter(point -> point.point().id().equals(asked))
              .findFirst()
              .map(point -> partial(group, point, members))
              .orElseGet(() -> none(group, asked, whole)));
    }
    return found;
  }

  private static Optional<GroupRows.Whole> notLaterThan(
      String asked, List<GroupRows.Whole> newestFirst) {
    try {
      Instant time = OffsetDateTime.parse(asked).toInstant();
      return newestFirst.stream()
          .filter(point -> !point.point().takenAt().isAfter(time))
          .findFirst();
    } catch (DateTimeException notATime) {
      return Optional.empty();
    }
  }

  private static List<String> lacking(GroupRows.Whole point, List<GroupMember> members) {
    return members.stream()
        .filter(member -> !point.parts().containsKey(member.replicaId()))
        .map(member -> "'" + member.vm() + "'")
        .toList();
  }

  private static String partial(String group, GroupRows.Whole point, List<GroupMember> members) {
    return "restore point '%s' of group '%s' has no part of %s: choose another one, or name the VMs one by one with points of their own"
        .formatted(point.point().id(), group, String.join(", ", lacking(point, members)));
  }

  private String none(String group, String asked, List<GroupRows.Whole> whole) {
    if (whole.isEmpty()) {
      String why =
          jdbc.sql("select coalesce(last_problem, '') from vm_group where name = :group")
              .param("group", group)
              .query(String.class)
              .single();
      return "group '%s' has no restore point%s; replicate it first, or name its VMs one by one"
          .formatted(group, why.isEmpty() ? "" : " (" + why + ")");
    }
    return "group '%s' has no restore point '%s'; newest: %s; give 'latest', an id, or a time like 2026-01-31T12:00:00Z"
        .formatted(
            group,
            asked,
            whole.stream()
                .limit(LISTED)
                .map(point -> "%s (%s)".formatted(point.point().id(), point.point().takenAt()))
                .collect(Collectors.joining(", ")));
  }

  private String unknown(String group) {
    List<String> known = GroupRows.names(jdbc);
    return known.isEmpty()
        ? "there is no group '%s'; none is defined".formatted(group)
        : "there is no group '%s'; groups are %s".formatted(group, String.join(", ", known));
  }

  /**
   * Where VMs that are named one by one ask for a group's restore point: all of its members must,
   * and get their parts.
   */
  void resolvePointsOfGroups(Map<String, VmSelection> named) {
    Set<String> asked =
        named.values().stream().map(VmSelection::restorePoint).collect(Collectors.toSet());
    for (String group : GroupRows.names(jdbc)) {
      if (asked.stream().anyMatch(point -> point.startsWith(group + "-"))) {
        List<GroupMember> members = GroupRows.members(jdbc, group);
        GroupRows.points(jdbc, group).stream()
            .filter(point -> asked.contains(point.point().id()))
            .forEach(point -> resolve(group, point, members, named));
      }
    }
  }

  private void resolve(
      String group,
      GroupRows.Whole point,
      List<GroupMember> members,
      Map<String, VmSelection> named) {
    String id = point.point().id();
    List<String> asking =
        named.entrySet().stream()
            .filter(entry -> entry.getValue().restorePoint().equals(id))
            .map(Map.Entry::getKey)
            .toList();
    List<String> missing =
        members.stream()
            .filter(member -> !asking.contains(member.replicaId()))
            .map(member -> "'" + member.vm() + "'")
            .toList();
    List<String> strangers =
        asking.stream().filter(replica -> !point.parts().containsKey(replica)).toList();
    if (!missing.isEmpty()) {
      mistakes.add(
          "restore point '%s' is of all of group '%s', but %s not named with it; say {\"group\":\"%s\",\"restorePoint\":\"%s\"}"
              .formatted(
                  id,
                  group,
                  String.join(", ", missing) + (missing.size() == 1 ? " is" : " are"),
                  group,
                  id));
      asking.forEach(named::remove);
    } else if (!strangers.isEmpty()) {
      // Their own points are looked through for this id, which names the mistake.
      asking.stream().filter(point.parts()::containsKey).forEach(named::remove);
    } else {
      members.forEach(
          member ->
              named.computeIfPresent(
                  member.replicaId(),
                  (replica, asked) -> asked.of(member.vm(), part(member, point))));
    }
  }
}
