package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.worker.WorkerSettings;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WorkerCommandTest {
  private static final String URL = "jdbc:postgresql://db/dr?user=kim&password=hunter2";

  @TempDir Path directory;

  @Test
  void findsItsSecretsWhereAReferenceLeadsSoThatNobodySeesThemAmongTheProcesses()
      throws IOException {
    Path registry = Files.writeString(directory.resolve("registry"), URL + "\n");
    Path webhook = Files.writeString(directory.resolve("webhook"), "https://chat.example/s3cret");

    WorkerSettings settings =
        settings("--registry", "file:" + registry, "--webhook", "file:" + webhook);

    assertThat(settings.registry()).isEqualTo(URL);
    assertThat(settings.webhook()).isEqualTo("https://chat.example/s3cret");
    assertThat(settings.toString()).doesNotContain("hunter2", "s3cret");
  }

  @Test
  void takesWhatTheOptionsSayThemselves() {
    assertThat(settings("--registry", URL, "--webhook", "").registry()).isEqualTo(URL);
  }

  @Test
  void saysWhichOptionLeadsToNothing() {
    assertThatThrownBy(() -> settings("--registry", "file:" + directory.resolve("none")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--registry cannot be had: there is no file")
        .hasMessageNotContaining("hunter2");
  }

  private WorkerSettings settings(String... options) {
    WorkerCommand command = new WorkerCommand();
    List<String> all = new ArrayList<>(List.of("--temporal", "127.0.0.1:7233"));
    all.addAll(List.of(options));
    new CommandLine(command).parseArgs(all.toArray(String[]::new));
    return command.settings(new Home(directory.resolve("home")).services().read());
  }
}
