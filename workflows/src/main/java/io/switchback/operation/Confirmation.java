package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.model.RestorePoint;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.Points;
import io.switchback.port.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The word that a permanent failover needs for each VM. It says what will be gone, the number of
 * restore points among it, so that nobody gives it without having been told: a person copies it
 * from the refusal, and a script that does not ask first gets the number wrong.
 */
public final class Confirmation {
  private Confirmation() {}

  /** The sentence that confirms it for this VM as it is now. */
  public static String sentence(Member member) {
    int count = member.points().count();
    return "remove %d restore point%s of %s"
        .formatted(count, count == 1 ? "" : "s", member.replica().name());
  }

  /** What will be gone for good, in words. */
  public static String gone(Member member, Instant now) {
    Points points = member.points();
    RestorePoint oldest = points.oldest();
    RestorePoint newest = member.newest();
    String ages =
        oldest == null || newest == null
            ? ""
            : ", the oldest of %s (%s), the newest of %s (%s)"
                .formatted(oldest.takenAt(), age(oldest, now), newest.takenAt(), age(newest, now));
    return "%d restore point%s with %d bytes of changes%s"
        .formatted(points.count(), points.count() == 1 ? "" : "s", points.bytes(), ages);
  }

  /**
   * The refusal that names everything that will be gone, and the input that confirms it; empty when
   * every member is confirmed.
   */
  public static Optional<String> refusal(List<Member> members, Instant now) {
    List<Member> missing =
        members.stream()
            .filter(member -> !sentence(member).equals(member.asked().confirm().strip()))
            .toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        """
        Nothing was changed, because a permanent failover cannot be taken back and was not confirmed. Undo and failback end with it, production is no longer replicated, and these are gone for good:
        %s
        To go on, confirm each VM with its own sentence, as in
        %s\
        """
            .formatted(
                missing.stream()
                    .map(member -> "  - " + member.replica().name() + ": " + gone(member, now))
                    .collect(joining("\n")),
                input(members)));
  }

  private static String input(List<Member> members) {
    List<Map<String, String>> vms = new ArrayList<>();
    for (Member member : members) {
      Map<String, String> vm = new LinkedHashMap<>();
      vm.put("name", member.asked().name());
      vm.put("confirm", sentence(member));
      vms.add(vm);
    }
    return Payloads.mapper().writeValueAsString(Map.of("vms", vms));
  }

  private static String age(RestorePoint point, Instant now) {
    Duration age = Duration.between(point.takenAt(), now);
    if (age.isNegative()) {
      return "just now";
    }
    return age.toHours() >= 48
        ? age.toDays() + " days ago"
        : age.toMinutes() >= 120
            ? age.toHours() + " h ago"
            : age.toSeconds() >= 120 ? age.toMinutes() + " min ago" : age.toSeconds() + " s ago";
  }
}
