package io.switchback.model;

/**
 * In whose name a change is made; every mutating request carries one.
 *
 * @param operationId made once by whoever started the operation; names of things created derive
 *     from it
 * @param step name of the operation's step, for journals and people
 * @param fence of the step, by which late attempts are refused
 */
public record Mandate(String operationId, String step, Fence fence) {
  public Mandate {
    new Mistakes()
        .required(operationId, "operationId")
        .required(step, "step")
        .unless(fence != null, "fence is missing")
        .refuse("mandate");
  }

  /** The mandate as the given attempt of its activity carries it. */
  public Mandate atAttempt(int number) {
    return new Mandate(operationId, step, fence.atAttempt(number));
  }
}
