package io.switchback.operation;

import java.util.List;

/**
 * What an operation did, member by member.
 *
 * @param outcome DONE when it is so for every member; else the worst of them
 * @param notes about the whole run
 */
public record OperationResult(
    String operation,
    String operationId,
    Outcome outcome,
    List<MemberResult> members,
    List<String> notes) {
  public OperationResult {
    members = List.copyOf(members);
    notes = List.copyOf(notes);
  }

  static OperationResult of(
      String operation, String operationId, List<MemberResult> members, List<String> notes) {
    Outcome worst =
        members.stream().map(MemberResult::outcome).max(Outcome::compareTo).orElse(Outcome.REFUSED);
    return new OperationResult(operation, operationId, worst, members, notes);
  }
}
