package io.switchback.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.operation.Parked;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandWordsTest {
  @Test
  void writesACommandForEachAnswerThatIsAllowed() {
    Parked parked =
        new Parked("web-01", "powerOn", Fault.NO_CAPACITY, "no room", List.of("retry", "abort"));

    assertThat(new CommandWords(List.of()).answers("partial-failover/1f", parked))
        .containsExactly(
            "switchback answer partial-failover/1f retry --vm web-01 --step powerOn",
            "switchback answer partial-failover/1f abort --vm web-01 --step powerOn");
  }

  @Test
  void asksForAReasonToAcknowledge() {
    Parked parked =
        new Parked("db 01", "check", Fault.CHECK_FAILED, "runs", List.of("acknowledge"));

    assertThat(new CommandWords(List.of()).answers("r/1", parked))
        .containsExactly(
            "switchback answer r/1 acknowledge --vm 'db 01' --step check --reason why");
  }

  @Test
  void leadsToTheSameHomeAndQuotesForAShell() {
    assertThat(new CommandWords(List.of("--home", "/srv/kim's")).command("lab list", "a$b"))
        .isEqualTo("switchback lab list --home '/srv/kim'\\''s' 'a$b'");
  }

  @Test
  void callsTheProgramAsItsReaderCan() {
    assertThat(new CommandWords("./switchback", List.of()).command("status"))
        .isEqualTo("./switchback status");
  }
}
