package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What every run over many replicas is: one child for each, watched and answered here. The workflow
 * of an operation adds its type's name.
 */
abstract class RunOverMembers extends WatchedMembers {
  private final FanOut fanOut;

  RunOverMembers(Operation operation, String childType, boolean takesRestorePoint) {
    this(operation, childType, takesRestorePoint, OwnInput.NONE);
  }

  RunOverMembers(Operation operation, String childType, boolean takesRestorePoint, OwnInput own) {
    super(new Members(operation, childType));
    fanOut = new FanOut(operation, members, takesRestorePoint, own);
  }

  final OperationResult conduct(@Nullable JsonNode input) {
    return fanOut.conduct(input);
  }
}
