package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.FaultException;
import io.switchback.model.Pace;
import io.switchback.port.GroupActivities.GroupDefined;
import io.switchback.port.GroupActivities.GroupMember;
import io.switchback.port.ReplicationActivities.WakeGroup;
import io.switchback.port.ReplicationActivities.WakeReplication;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowVersioningBehavior;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Writes the group and wakes the loops that it concerns. */
public final class DefineGroupWorkflow implements DefineGroup {
  private final Ports ports = new Ports(Pace.DEFAULT);

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public GroupResult define(@Nullable JsonNode input) {
    GroupRequest request = GroupRequest.read(input);
    Workflow.upsertTypedSearchAttributes(Attributes.OPERATION.valueSet("define group"));
    GroupDefined defined = write(request); //                         1
    ports.follow(defined.pace());
    if (!defined.members().isEmpty()) {
      ports //                                                        2
          .replication("Begin to replicate group " + request.group())
          .wakeGroup(new WakeGroup(request.group(), true));
    }
    for (GroupMember left : defined.left()) { //                      3
      ports
          .replication("Replicate " + left.vm() + " by itself again")
          .wakeReplication(new WakeReplication(left.replicaId(), left.vm()));
    }
    return new GroupResult(
        request.group(),
        defined.members().stream().map(GroupMember::vm).toList(),
        defined.changed());
  }

  private GroupDefined write(GroupRequest request) {
    try {
      GroupDefined defined =
          ports
              .groups("Which VMs are group " + request.group() + " from now on?")
              .defineGroup(
                  new io.switchback.port.GroupActivities.DefineGroup(
                      request.group(), request.vms(), request.by()));
      if (!defined.mistakes().isEmpty()) {
        throw OperationRequest.invalid(defined.mistakes());
      }
      return defined;
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      FaultException fault = Failures.toFault(failure);
      throw new FaultException(
          fault.fault(), "Nothing was changed: " + fault.sentence() + " Then start the run again.");
    }
  }
}
