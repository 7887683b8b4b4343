package io.switchback.operation;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.Payloads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member that waits for a person.
 *
 * @param vm name of the member
 * @param message why, in a sentence
 * @param answers that are allowed now
 */
public record Parked(String vm, String step, Fault fault, String message, List<String> answers) {
  public Parked {
    answers = List.copyOf(answers);
  }

  /** The allowed answers as JSON to copy. */
  List<String> copyable() {
    return copyable(vm);
  }

  /** The allowed answers as JSON to copy, to {@code whom}: a member, or every one. */
  List<String> copyable(String whom) {
    return answers.stream()
        .map(
            answer ->
                Answer.needsWord(answer)
                    ? new Answer(whom, step, answer, "your name", "why")
                    : new Answer(whom, step, answer, null, null))
        .map(Payloads.mapper()::writeValueAsString)
        .toList();
  }

  /**
   * Refuses an answer that does not fit.
   *
   * @throws FaultException REFUSED with what is allowed
   */
  void validate(Answer answer) {
    String refusal = refusal(answer);
    if (!refusal.isEmpty()) {
      throw new FaultException(
          Fault.REFUSED, refusal + " Allowed now: " + String.join(" or ", copyable()));
    }
  }

  private String refusal(Answer answer) {
    if (answer.step() != null && !answer.step().equals(step)) {
      return "'" + vm + "' is parked at step '" + step + "', not at '" + answer.step() + "'.";
    }
    if (answer.answer() == null || !answers.contains(answer.answer())) {
      return "'" + answer.answer() + "' is no answer to '" + vm + "' at step '" + step + "'.";
    }
    boolean named = isGiven(answer.by()) && isGiven(answer.reason());
    if (Answer.needsWord(answer.answer()) && !named) {
      return "To %s, give your name in 'by' and why in 'reason'.".formatted(answer.answer());
    }
    return "";
  }

  private static boolean isGiven(@Nullable String value) {
    return value != null && !value.isBlank();
  }
}
