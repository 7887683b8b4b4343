package io.switchback.worker.model;

import io.switchback.operation.Answer;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.port.Payloads;
import java.util.List;
import java.util.stream.Stream;

/**
 * A person who answers what is parked.
 *
 * @param wish the answer that is given wherever it is allowed
 */
record Operator(String wish) {
  /** Goes on wherever that is possible. */
  static final Operator PATIENT = new Operator(Answer.RETRY);

  private static final List<String> ELSE =
      List.of(Answer.ACKNOWLEDGE, Answer.RETRY, Answer.ABORT, Answer.RECONCILE);

  /** The answer to what a run waits for. */
  Answer answer(Notice notice) {
    List<Answer> allowed =
        notice.answers().stream()
            .map(text -> Payloads.mapper().readValue(text, Answer.class))
            .toList();
    List<String> check =
        allowed.stream().anyMatch(one -> Answer.ACKNOWLEDGE.equals(one.answer()))
                && wish.equals(Answer.RETRY)
            ? List.of(Answer.ACKNOWLEDGE)
            : List.of(wish);
    return Stream.concat(check.stream(), ELSE.stream())
        .flatMap(word -> allowed.stream().filter(one -> word.equals(one.answer())))
        .findFirst()
        .map(one -> new Answer(one.vm(), one.step(), one.answer(), "kim", "the walk has it so"))
        .orElseThrow(() -> new AssertionError("no answer to " + notice));
  }
}
