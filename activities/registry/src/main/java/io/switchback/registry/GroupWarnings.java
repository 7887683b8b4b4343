package io.switchback.registry;

import static java.util.stream.Collectors.joining;

import io.switchback.model.RestorePoint;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.GroupActivities.GroupMember;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tells where VMs of a group would not go to one moment together: allowed, because a disaster may
 * leave nothing better, and seldom meant.
 */
final class GroupWarnings {
  private final JdbcClient jdbc;

  GroupWarnings(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** One for each group of which members are among these. */
  List<String> of(List<Member> members) {
    List<String> warnings = new ArrayList<>();
    for (String group : GroupRows.names(jdbc)) {
      Map<GroupMember, RestorePoint> going = new LinkedHashMap<>();
      List<String> staying = new ArrayList<>();
      for (GroupMember member : GroupRows.members(jdbc, group)) {
        members.stream()
            .filter(one -> one.replica().id().equals(member.replicaId()))
            .findFirst()
            .ifPresentOrElse(
                one -> put(going, member, one.restorePoint()),
                () -> staying.add("'" + member.vm() + "'"));
      }
      if (!going.isEmpty()) {
        add(group, going, staying, warnings);
      }
    }
    return warnings;
  }

  private static void put(
      Map<GroupMember, RestorePoint> going,
      GroupMember member,
      @org.jspecify.annotations.Nullable RestorePoint point) {
    if (point != null) {
      going.put(member, point);
    }
  }

  private void add(
      String group,
      Map<GroupMember, RestorePoint> going,
      List<String> staying,
      List<String> warnings) {
    if (!staying.isEmpty()) {
      warnings.add(
          "group '%s': %s %s left out; its VMs are meant to fail over together"
              .formatted(group, String.join(", ", staying), staying.size() == 1 ? "is" : "are"));
    }
    boolean together =
        GroupRows.points(jdbc, group).stream()
            .anyMatch(
                whole ->
                    going.entrySet().stream()
                        .allMatch(
                            one ->
                                one.getValue()
                                    .equals(whole.parts().get(one.getKey().replicaId()))));
    if (going.size() > 1 && !together) {
      warnings.add(
          "group '%s': its VMs go to different moments: %s; {\"group\":\"%s\"} takes them to one"
              .formatted(
                  group,
                  going.entrySet().stream()
                      .map(
                          one ->
                              "'%s' to %s of %s"
                                  .formatted(
                                      one.getKey().vm(),
                                      one.getValue().id(),
                                      one.getValue().takenAt()))
                      .collect(joining(", ")),
                  group));
    }
  }
}
