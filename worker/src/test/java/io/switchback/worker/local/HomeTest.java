package io.switchback.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {
  @Test
  void optionIsStrongerThanTheVariableAndTheVariableThanTheDefault() {
    Map<String, String> environment = Map.of(Home.VARIABLE, "/from/variable");

    assertThat(Home.resolve(Path.of("/from/option"), environment).directory())
        .isEqualTo(Path.of("/from/option"));
    assertThat(Home.resolve(null, environment).directory()).isEqualTo(Path.of("/from/variable"));
    assertThat(Home.resolve(null, Map.of(Home.VARIABLE, " ")).directory())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".switchback"));
  }

  @Test
  void saysWhatToDoWhenTheDirectoryCannotBeMade(@TempDir Path directory) throws Exception {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> new Home(file).prepare())
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("--home");
  }
}
