package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.worker.local.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class SwitchbackTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path home;

  @Test
  void helpNamesEveryExitCodeWithItsMeaning() {
    assertThat(run("--help")).isEqualTo(ExitCode.OK.number());

    for (ExitCode code : ExitCode.values()) {
      assertThat(out.toString()).containsPattern(code.number() + " +" + code.meaning());
    }
  }

  @Test
  void everyCommandHasHelpAndEveryGroupHasExamples() {
    for (CommandLine command : all(Switchback.commandLine())) {
      String help = command.getUsageMessage();
      assertThat(command.getCommandSpec().usageMessage().description())
          .as(command.getCommandName())
          .isNotEmpty();
      assertThat(help).contains("--help");
      if (!command.getSubcommands().isEmpty()) {
        assertThat(help).contains("Examples:");
      }
    }
  }

  @Test
  void anUnknownCommandIsAnsweredWithWhatWasMeant() {
    assertThat(run("temporal", "strat")).isEqualTo(ExitCode.USAGE.number());

    assertThat(err.toString()).contains("temporal start").contains("--help");
  }

  @Test
  void aMissingCommandIsAnsweredWithWhatToDo() {
    assertThat(run("temporal")).isEqualTo(ExitCode.USAGE.number());

    assertThat(err.toString()).startsWith("Say what to do with Temporal");
  }

  @Test
  void aUsersMistakeIsAnsweredWithOneSentence() {
    assertThat(
            run("temporal", "start", "--home", home.toString(), "--temporal", "a", "--in-process"))
        .isEqualTo(ExitCode.USAGE.number());

    assertThat(err.toString().lines())
        .containsExactly("Give either --temporal or --in-process, not both.");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aMistakeOfOursGoesToTheLogAndSaysSo() {
    CommandLine line = Switchback.commandLine().addSubcommand(new Broken());

    assertThat(run(line, "broken", "--home", home.toString()))
        .isEqualTo(ExitCode.INTERNAL.number());

    assertThat(err.toString()).contains("a mistake in Switchback").doesNotContain("\tat ");
    assertThat(home.resolve("logs/switchback.log"))
        .content()
        .contains("the wheel came off")
        .contains("\tat ");
  }

  private int run(String... arguments) {
    return run(Switchback.commandLine(), arguments);
  }

  private int run(CommandLine line, String... arguments) {
    return line.setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private static List<CommandLine> all(CommandLine command) {
    List<CommandLine> all = new ArrayList<>(List.of(command));
    command.getSubcommands().values().forEach(sub -> all.addAll(all(sub)));
    return all;
  }

  @Command(name = "broken")
  static final class Broken implements Runnable {
    @Mixin final HomeOption homeOption = new HomeOption();

    @Override
    public void run() {
      throw new IllegalStateException("the wheel came off");
    }
  }
}
