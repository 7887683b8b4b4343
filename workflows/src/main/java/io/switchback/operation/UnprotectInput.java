package io.switchback.operation;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Mistakes;
import io.switchback.port.CatalogueActivities.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What an unprotection reads beside what every operation takes. */
public final class UnprotectInput implements OwnInput {
  private static final Set<ReplicaState> SERVING =
      Set.of(ReplicaState.FAILOVER, ReplicaState.PERMANENT);

  @Override
  public Set<String> fields() {
    return Set.of("replica", "confirm");
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    String replica = Input.text(input, "", "replica", "", mistakes);
    mistakes.unless(
        Set.of(Unprotection.KEEP, Unprotection.REMOVE).contains(replica),
        "replica must be \"keep\" or \"remove\": what becomes of the replica's VM and its restore points");
    List<String> confirm = new ArrayList<>();
    for (JsonNode name : input.path("confirm")) {
      confirm.add(name.asString(""));
    }
    mistakes.unless(
        input.path("confirm").isMissingNode() || input.path("confirm").isArray(),
        "confirm must be a list of VM names");
    Unprotection asked = new Unprotection(replica.isEmpty() ? Unprotection.KEEP : replica, confirm);
    return new Read() {
      @Override
      public Object inputOf(ReplicaRequest request) {
        return new UnprotectReplicaRequest(request, asked);
      }

      @Override
      public List<String> mistakes(List<Member> members) {
        return Stream.concat(halfWay(members), unconfirmed(members)).toList();
      }

      private Stream<String> unconfirmed(List<Member> members) {
        return members.stream()
            .filter(member -> asked.removes() && SERVING.contains(member.state()))
            .map(member -> member.replica().name())
            .filter(name -> !asked.confirm().contains(name))
            .map(
                name ->
                    "the replica of '%s' runs in production's place and would be gone with all that it holds; say \"confirm\":[\"%s\"], or \"replica\":\"keep\""
                        .formatted(name, name));
      }
    };
  }

  /** What waits for its switch has left a copy at production that is neither old nor new. */
  private static Stream<String> halfWay(List<Member> members) {
    return members.stream()
        .filter(member -> member.state() == ReplicaState.READY_TO_SWITCH)
        .map(
            member ->
                "the data of '%s' are on their way home, and production is a half-way copy; cancel the failback first, which puts production back"
                    .formatted(member.replica().name()));
  }
}
