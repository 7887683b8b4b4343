package io.switchback.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void writesDurationsInTheUnitsThatFit() {
    assertThat(Words.of(Duration.ofMillis(420))).isEqualTo("420 ms");
    assertThat(Words.of(Duration.ofMillis(4210))).isEqualTo("4.2 s");
    assertThat(Words.of(Duration.ofSeconds(200))).isEqualTo("3 min 20 s");
    assertThat(Words.of(Duration.ofSeconds(5))).isEqualTo("5 s");
    assertThat(Words.of(Duration.ofHours(1))).isEqualTo("1 h");
    assertThat(Words.of(Duration.ofMinutes(310))).isEqualTo("5 h 10 min");
    assertThat(Words.of(Duration.ofHours(51))).isEqualTo("2 d 3 h");
  }

  @Test
  void takesClocksThatDifferALittleForNoTimeAtAll() {
    assertThat(Words.of(Duration.ofMillis(-30))).isEqualTo("0 s");
  }

  @Test
  void writesSizesInBinaryUnits() {
    assertThat(Words.ofBytes(17)).isEqualTo("17 B");
    assertThat(Words.ofBytes(4_404_019)).isEqualTo("4.2 MiB");
  }

  @Test
  void alignsColumnsWithoutBlanksAtTheirEnds() {
    assertThat(new TextTable("VM", "STATE", "").row("web-01", "READY", "").lines())
        .containsExactly("VM      STATE", "web-01  READY");
  }
}
