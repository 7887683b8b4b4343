package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What every run over many replicas is: one child for each, watched and answered here. The workflow
 * of an operation adds its type's name.
 */
abstract class RunOverMembers implements MemberWatch {
  private final FanOut members;

  RunOverMembers(Operation operation, String childType, boolean takesRestorePoint) {
    members = new FanOut(operation, childType, takesRestorePoint);
  }

  final OperationResult conduct(@Nullable JsonNode input) {
    return members.conduct(input);
  }

  @Override
  public final OperationStatus status() {
    return members.status();
  }

  @Override
  public final String answer(@Nullable Answer answer) {
    return members.answer(answer);
  }

  @Override
  public final void validateAnswer(@Nullable Answer answer) {
    members.validate(answer);
  }

  @Override
  public final void memberReports(MemberReport report) {
    members.reports(report);
  }
}
