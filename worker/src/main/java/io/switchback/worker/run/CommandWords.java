package io.switchback.worker.run;

import io.switchback.operation.Answer;
import io.switchback.operation.Parked;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes commands for people to copy.
 *
 * @param program as the person who reads it can call it
 * @param options that lead every command to the same home, as in {@code --home /srv/dr}; empty when
 *     the default leads there
 */
public record CommandWords(String program, List<String> options) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

  public CommandWords {
    options = List.copyOf(options);
  }

  /** For whoever has the program on the path. */
  public CommandWords(List<String> options) {
    this("switchback", options);
  }

  /** The command with its arguments, quoted for a shell. */
  public String command(String name, String... arguments) {
    List<String> words = new ArrayList<>(List.of(program));
    words.addAll(List.of(name.split(" ")));
    words.addAll(options);
    words.addAll(List.of(arguments));
    return String.join(" ", words.stream().map(CommandWords::quoted).toList());
  }

  /** The commands that answer a parked member, one for each answer that is allowed. */
  public List<String> answers(String workflowId, Parked parked) {
    return parked.answers().stream().map(answer -> answer(workflowId, parked, answer)).toList();
  }

  private String answer(String workflowId, Parked parked, String answer) {
    List<String> arguments =
        new ArrayList<>(List.of(workflowId, answer, "--vm", parked.vm(), "--step", parked.step()));
    if (Answer.needsWord(answer)) {
      arguments.addAll(List.of("--reason", "why"));
    }
    return command("answer", arguments.toArray(String[]::new));
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
