package io.switchback.worker.model;

import io.switchback.operation.Answer;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.Payloads;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A person who answers what is parked.
 *
 * @param wish the answer that is given wherever it is allowed
 */
record Operator(String wish) {
  /** Goes on wherever that is possible. */
  static final Operator PATIENT = new Operator(Answer.RETRY);

  /** A check that found something finds it again, so that to try again is no answer to it. */
  private static final List<String> ELSE =
      List.of(Answer.ACKNOWLEDGE, Answer.RETRY, Answer.ABORT, Answer.RECONCILE);

  /** Steps that leave nothing else than the law has it where they are left out. */
  private static final Set<String> NO_LOSS =
      Set.of(
          "awaitGuest",
          "openExtensionRECOVERY",
          "openExtensionPRODUCTION",
          "verify",
          "measureDelta",
          "leaveExtension",
          "measureTarget");

  /** The answer to what a run waits for. */
  Answer answer(Notice notice) {
    List<Answer> allowed =
        notice.answers().stream()
            .map(text -> Payloads.mapper().readValue(text, Answer.class))
            .toList();
    return Stream.concat(Stream.of(wish).filter(word -> !word.equals(Answer.RETRY)), ELSE.stream())
        .flatMap(word -> allowed.stream().filter(one -> word.equals(one.answer())))
        .filter(one -> !Answer.SKIP.equals(one.answer()) || NO_LOSS.contains(one.step()))
        .findFirst()
        .map(one -> new Answer(one.vm(), one.step(), one.answer(), "kim", "the walk has it so"))
        .orElseThrow(() -> new AssertionError("no answer to " + notice));
  }
}
