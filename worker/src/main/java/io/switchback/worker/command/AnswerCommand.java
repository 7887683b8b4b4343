package io.switchback.worker.command;

import io.switchback.operation.Answer;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.Answering;
import io.switchback.worker.run.NearestWord;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback answer}: answers a run that waits for a person. */
@Command(
    name = "answer",
    mixinStandardHelpOptions = true,
    description = {
      "Answer a run that is parked: a step failed for good, or a check needs a person's word.",
      "",
      "`switchback status` lists what waits, with the commands to copy. What is allowed depends on"
          + " the step:",
      "  retry        try the step again, after you have put right what it says",
      "  acknowledge  go on against a failed check, on your word; needs --reason",
      "  skip         leave the step out and go on, on your word; needs --reason",
      "  abort        undo what was done; the VM ends in the state it came from",
      "  reconcile    end the run with everything as it is, to settle it with the operation"
          + " reconcile"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback answer partial-failover/1f0c7a2e retry",
      "  switchback answer partial-failover/1f0c7a2e abort --vm web-01",
      "  switchback answer partial-failover/1f0c7a2e acknowledge --reason 'it is isolated'",
      "",
      "Exit codes: 0 taken, 2 refused, nothing changed, 3 Temporal or workers are away."
    })
public final class AnswerCommand implements Runnable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final ConnectionOptions connectionOptions = new ConnectionOptions();

  @Parameters(
      index = "0",
      paramLabel = "<run>",
      description = "Workflow id of the run over all VMs, or of the one over a replica.")
  String workflowId = "";

  @Parameters(
      index = "1",
      paramLabel = "<answer>",
      description = "retry, acknowledge, skip, abort or reconcile.")
  String answer = "";

  @Option(
      names = "--vm",
      paramLabel = "<name>",
      defaultValue = Answer.EVERY,
      description = "The VM that is meant; else every parked one.")
  String vm = Answer.EVERY;

  @Option(
      names = "--step",
      paramLabel = "<name>",
      description = "Only if it is parked at this step, so that a late answer meets nothing else.")
  @Nullable String step;

  @Option(names = "--by", paramLabel = "<name>", description = "Who answers; else your login.")
  @Nullable String by;

  @Option(names = "--reason", paramLabel = "<text>", description = "Why, for the audit.")
  @Nullable String reason;

  @Override
  public void run() {
    Answer given = new Answer(vm, step, word(), who(), reason);
    if (Answer.needsWord(given.answer()) && (reason == null || reason.isBlank())) {
      throw Refusal.usage("To %s, say why: --reason 'isolated by hand'.".formatted(given.answer()));
    }
    try (Connections connections = connectionOptions.to(homeOption.home().services().read())) {
      String told = new Answering(connections.temporal().client(), LIMIT).send(workflowId, given);
      Objects.requireNonNull(spec).commandLine().getOut().println(told);
    }
  }

  private String word() {
    String asked = answer.toLowerCase(Locale.ROOT);
    if (Answer.ALL.contains(asked)) {
      return asked;
    }
    throw Refusal.usage(
        "'%s' is no answer.%s Answers are %s."
            .formatted(
                answer,
                NearestWord.to(asked, Answer.ALL)
                    .map(near -> " Did you mean " + near + "?")
                    .orElse(""),
                String.join(", ", Answer.ALL)));
  }

  private String who() {
    return by == null || by.isBlank() ? System.getProperty("user.name", "not named") : by;
  }
}
