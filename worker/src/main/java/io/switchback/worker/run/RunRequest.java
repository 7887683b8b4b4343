package io.switchback.worker.run;

import io.switchback.fault.FaultException;
import io.switchback.operation.OperationRequest;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An operation with an input that a run would accept as it stands.
 *
 * @param input with its operation id and the name of who asks
 * @param read the same as a run over replicas reads it; without VMs where VMs come under
 *     protection, or a rule ends
 */
public record RunRequest(StartableOperation operation, ObjectNode input, OperationRequest read) {
  /** Digits of the operation id that tell runs apart for people. */
  private static final int SHORT = 8;

  /**
   * Checks an input by the same code that the run uses, and gives it the operation id that makes it
   * safe to start twice.
   *
   * @param by who asks, where the input does not say so
   * @throws Refusal with every mistake
   */
  public static RunRequest of(StartableOperation operation, ObjectNode given, String by) {
    ObjectNode input = given.deepCopy();
    if (isAbsent(input.get("operationId"))) {
      input.put("operationId", UUID.randomUUID().toString());
    }
    if (isAbsent(input.get("by"))) {
      input.put("by", by);
    }
    try {
      return new RunRequest(operation, input, operation.read(input));
    } catch (FaultException mistakes) {
      throw new Refusal(ExitCode.USAGE, mistakes.sentence(), mistakes);
    }
  }

  public String operationId() {
    return read.operationId();
  }

  /**
   * The same for every command that is given this operation id, so that a second one finds the
   * first.
   */
  public String workflowId() {
    return operation.word() + "/" + operationId().substring(0, SHORT);
  }

  private static boolean isAbsent(@Nullable JsonNode value) {
    return value == null || value.isNull() || (value.isString() && value.asString().isBlank());
  }
}
