package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What every run over many replicas is: one child for each, watched and answered here. The workflow
 * of an operation adds its type's name.
 */
abstract class RunOverMembers extends WatchedMembers {
  private final FanOut fanOut;

  RunOverMembers(Operation operation, String childType, VmField... takes) {
    this(operation, childType, OwnInput.NONE, takes);
  }

  RunOverMembers(Operation operation, String childType, OwnInput own, VmField... takes) {
    super(new Members(operation, childType));
    fanOut = new FanOut(operation, members, Set.of(takes), own);
  }

  final OperationResult conduct(@Nullable JsonNode input) {
    return fanOut.conduct(input);
  }
}
