package io.switchback.operation;

import io.switchback.model.Mistakes;
import io.switchback.model.Pace;
import java.util.Map;

/**
 * The input of a rule's loop.
 *
 * @param words for the rule, for people
 * @param told what people were told already, by VM; carried over when the history is cut
 */
public record NewcomersRequest(String ruleId, String words, Pace pace, Map<String, String> told) {
  public NewcomersRequest {
    pace = pace == null ? Pace.DEFAULT : pace;
    told = told == null ? Map.of() : Map.copyOf(told);
    new Mistakes().required(ruleId, "ruleId").required(words, "words").refuse("newcomers");
  }
}
