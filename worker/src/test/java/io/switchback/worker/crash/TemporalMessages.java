package io.switchback.worker.crash;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.temporal.api.workflowservice.v1.RespondActivityTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.SignalWithStartWorkflowExecutionRequest;
import java.util.function.Predicate;

/** What a worker says to Temporal, by which a trap knows it. */
final class TemporalMessages {
  private TemporalMessages() {}

  /**
   * That an activity has completed. The token of its task, which Temporal gave with it and which
   * comes back, names the type.
   */
  static Predicate<byte[]> completionOf(String activity) {
    ByteString type = ByteString.copyFromUtf8(activity);
    return message -> {
      try {
        var completed = RespondActivityTaskCompletedRequest.parseFrom(message);
        // A heartbeat is of the same form, and tells no result.
        return completed.hasResult() && contains(completed.getTaskToken(), type);
      } catch (InvalidProtocolBufferException another) {
        return false;
      }
    };
  }

  /** That a workflow of the type shall be woken, or started when it does not run. */
  static Predicate<byte[]> wakeOf(String workflow) {
    return message -> {
      try {
        var wake = SignalWithStartWorkflowExecutionRequest.parseFrom(message);
        return wake.getWorkflowType().getName().equals(workflow) && !wake.getSignalName().isEmpty();
      } catch (InvalidProtocolBufferException another) {
        return false;
      }
    };
  }

  private static boolean contains(ByteString whole, ByteString part) {
    for (int i = 0; i + part.size() <= whole.size(); i++) {
      if (whole.substring(i, i + part.size()).equals(part)) {
        return true;
      }
    }
    return false;
  }
}
