package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Pace;
import io.switchback.model.SiteKind;
import io.switchback.model.SiteSettings;
import io.switchback.port.GroupActivities;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Groups in PostgreSQL. */
public final class PostgresGroupActivities implements GroupActivities {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresGroupActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresGroupActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public GroupDefined defineGroup(DefineGroup request) {
    return database.inTransaction(
        jdbc -> {
          // One at a time: two groups that want the same VM would each see it free.
          jdbc.sql("lock table vm_group in share row exclusive mode").update();
          Set<String> replicas = new LinkedHashSet<>();
          List<GroupMember> left = new ArrayList<>(GroupRows.members(jdbc, request.group()));
          List<String> mistakes = mistakes(jdbc, request, replicas);
          boolean changed = mistakes.isEmpty() && define(jdbc, request, replicas);
          List<GroupMember> members = GroupRows.members(jdbc, request.group());
          left.removeAll(members);
          List<GroupMember> concerned = new ArrayList<>(members);
          concerned.addAll(left);
          return new GroupDefined(
              members, left, mistakes, changed, pace(jdbc, concerned), attempt.number());
        });
  }

  private static List<String> mistakes(JdbcClient jdbc, DefineGroup request, Set<String> replicas) {
    List<String> mistakes = new ArrayList<>();
    if (!NAME.matcher(request.group()).matches()) {
      mistakes.add(
          "group '%s' is no name; begin with a letter or digit, then letters, digits, '.', '_' and '-'"
              .formatted(request.group()));
    }
    VmNames names = VmNames.read(jdbc);
    Set<String> sites = new TreeSet<>();
    for (String vm : request.vms()) {
      switch (names.of(vm.strip())) {
        case VmNames.Meaning.Mistake mistake -> mistakes.add(mistake.sentence());
        case VmNames.Meaning.Found found -> {
          if (!replicas.add(found.replicaId())) {
            mistakes.add("VM '%s' is named twice".formatted(vm));
          }
          sites.add(site(jdbc, found.replicaId()));
          GroupRows.of(jdbc, found.replicaId())
              .filter(group -> !group.equals(request.group()))
              .ifPresent(
                  group -> mistakes.add("VM '%s' is in group '%s' already".formatted(vm, group)));
        }
      }
    }
    if (sites.size() > 1) {
      mistakes.add(
          "the VMs run at several sites, %s, and no snapshot is of one moment at two sites"
              .formatted(String.join(" and ", sites)));
    }
    for (String site : sites) {
      if (SiteRows.find(jdbc, site).map(SiteSettings::kind).equals(Optional.of(SiteKind.VSPHERE))) {
        mistakes.add(
            "site '%s' is on vSphere, which cannot snapshot several VMs at one moment"
                .formatted(site));
      }
    }
    return mistakes;
  }

  private static String site(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("select production_site from replica where id = :id")
        .param("id", replicaId)
        .query(String.class)
        .single();
  }

  private static boolean define(JdbcClient jdbc, DefineGroup request, Set<String> replicas) {
    if (replicas.isEmpty()) {
      return jdbc.sql("delete from vm_group where name = :group")
              .param("group", request.group())
              .update()
          > 0;
    }
    jdbc.sql("insert into vm_group (name, asked_by) values (:group, :by) on conflict do nothing")
        .param("group", request.group())
        .param("by", request.by())
        .update();
    String[] ids = replicas.toArray(String[]::new);
    int left =
        jdbc.sql(
                "delete from vm_group_member where group_name = :group and replica_id <> all(:ids)")
            .param("group", request.group())
            .param("ids", ids)
            .update();
    int joined =
        jdbc.sql(
                """
                insert into vm_group_member (replica_id, group_name)
                select id, :group from replica where id = any(:ids) on conflict do nothing
                """)
            .param("ids", ids)
            .param("group", request.group())
            .update();
    return left + joined > 0;
  }

  @Override
  public GroupStart beginGroupCycle(BeginGroupCycle request) {
    return database.inTransaction(
        jdbc -> {
          Optional<Long> number =
              jdbc.sql(
                      """
                      update vm_group set cycle = cycle + 1
                      where name = :group
                        and exists (select from vm_group_member where group_name = :group)
                      returning cycle
                      """)
                  .param("group", request.group())
                  .query(Long.class)
                  .optional();
          if (number.isEmpty()) {
            throw new FaultException(
                Fault.REFUSED,
                "There is no group '%s', or nothing is left in it. Define it, then its replication begins."
                    .formatted(request.group()));
          }
          List<GroupMember> members = GroupRows.members(jdbc, request.group());
          return new GroupStart(
              number.get(),
              members,
              interval(jdbc, request.group()),
              pace(jdbc, members),
              attempt.number());
        });
  }

  private static Pace pace(JdbcClient jdbc, List<GroupMember> members) {
    return SiteRows.pace(jdbc, members.stream().map(GroupMember::replicaId).toList());
  }

  private static Duration interval(JdbcClient jdbc, String group) {
    return Duration.ofMillis(
        jdbc.sql(
                """
                select min(p.interval_millis) from vm_group_member m
                join replica r on r.id = m.replica_id
                join policy p on p.name = r.policy
                where m.group_name = :group
                """)
            .param("group", group)
            .query(Long.class)
            .single());
  }

  @Override
  public GroupEnd completeGroupCycle(CompleteGroupCycle request) {
    return database.inTransaction(
        jdbc -> {
          boolean exists =
              jdbc.sql("select name from vm_group where name = :group for update")
                  .param("group", request.group())
                  .query(String.class)
                  .optional()
                  .isPresent();
          if (!exists) {
            return none("there is no group '%s' any more".formatted(request.group()));
          }
          Optional<GroupPoint> recorded = recorded(jdbc, request);
          if (recorded.isPresent()) {
            return new GroupEnd(recorded.get(), "", attempt.number());
          }
          String missing = missing(jdbc, request, lockMembers(jdbc, request.group()));
          remember(jdbc, request.group(), missing);
          return missing.isEmpty()
              ? new GroupEnd(record(jdbc, request), "", attempt.number())
              : none(missing);
        });
  }

  private GroupEnd none(String reason) {
    return new GroupEnd(null, reason, attempt.number());
  }

  private static Optional<GroupPoint> recorded(JdbcClient jdbc, CompleteGroupCycle request) {
    return jdbc.sql(
            "select taken_at from group_point where group_name = :group and number = :number")
        .param("group", request.group())
        .param("number", request.number())
        .query(
            (row, i) ->
                new GroupPoint(
                    GroupRows.pointId(request.group(), request.number()),
                    row.getObject("taken_at", OffsetDateTime.class).toInstant()))
        .optional();
  }

  /** In one order for everybody: whoever claims or completes locks one replica at a time. */
  private static List<GroupMember> lockMembers(JdbcClient jdbc, String group) {
    List<GroupMember> members = GroupRows.members(jdbc, group);
    members.stream().map(GroupMember::replicaId).sorted().forEach(id -> Replicas.lock(jdbc, id));
    return members;
  }

  /** Why the point is not whole, a sentence for each member without a part. */
  private static String missing(
      JdbcClient jdbc, CompleteGroupCycle request, List<GroupMember> members) {
    List<String> missing = new ArrayList<>(request.missing());
    for (GroupMember member : members) {
      boolean hasPart =
          request.parts().stream()
              .filter(part -> part.replicaId().equals(member.replicaId()))
              .anyMatch(part -> isOffered(jdbc, part));
      boolean isSaid =
          request.missing().stream().anyMatch(why -> why.startsWith("'" + member.vm() + "'"));
      if (!hasPart && !isSaid) {
        missing.add("'%s': it has no part in it".formatted(member.vm()));
      }
    }
    return String.join("; ", missing);
  }

  private static boolean isOffered(JdbcClient jdbc, Part part) {
    return jdbc.sql(
            """
            select exists (select from restore_point
                           where replica_id = :replica and id = :point
                             and expired_at is null and gone_at is null)
            """)
        .param("replica", part.replicaId())
        .param("point", part.point().id())
        .query(Boolean.class)
        .single();
  }

  private static void remember(JdbcClient jdbc, String group, String problem) {
    jdbc.sql(
            """
            update vm_group set last_problem = nullif(:problem, ''),
                                last_problem_at = case when :problem = '' then null
                                                       else clock_timestamp() end
            where name = :group
            """)
        .param("problem", problem)
        .param("group", group)
        .update();
  }

  private static GroupPoint record(JdbcClient jdbc, CompleteGroupCycle request) {
    Instant takenAt =
        request.parts().stream()
            .map(part -> part.point().takenAt())
            .max(Instant::compareTo)
            .orElseThrow();
    jdbc.sql(
            """
            insert into group_point (group_name, number, taken_at)
            values (:group, :number, :takenAt)
            """)
        .param("group", request.group())
        .param("number", request.number())
        .param("takenAt", takenAt.atOffset(ZoneOffset.UTC))
        .update();
    for (Part part : request.parts()) {
      jdbc.sql(
              """
              insert into group_point_part (group_name, number, replica_id, point_id)
              select :group, :number, m.replica_id, :point from vm_group_member m
              where m.group_name = :group and m.replica_id = :replica
              """)
          .param("group", request.group())
          .param("number", request.number())
          .param("replica", part.replicaId())
          .param("point", part.point().id())
          .update();
    }
    PointRetention.applyToGroup(jdbc, request.group());
    return new GroupPoint(GroupRows.pointId(request.group(), request.number()), takenAt);
  }
}
