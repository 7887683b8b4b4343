package io.switchback.worker.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputTextTest {
  private static final String VMS = "{\"vms\":[\"web-01\"]}";

  @TempDir Path directory;

  @Test
  void takesTheTextAFileOrStandardInput() throws IOException {
    Path file = Files.writeString(directory.resolve("vms.json"), VMS);

    assertThat(InputText.read(VMS, nothing())).hasToString(VMS);
    assertThat(InputText.read("@" + file, nothing())).hasToString(VMS);
    assertThat(InputText.read("-", new ByteArrayInputStream(VMS.getBytes(UTF_8)))).hasToString(VMS);
  }

  @Test
  void saysAtWhichLineAndColumnTextIsNotJson() {
    assertThatThrownBy(() -> InputText.read("{\"vms\":\n  [web-01]}", nothing()))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("line 2, column 4")
        .hasMessageContaining("'{\"vms\":[\"web-01\"]}'");
  }

  @Test
  void refusesAKeyThatIsThereTwice() {
    assertThatThrownBy(() -> InputText.read("{\"vms\":[\"a\"],\"vms\":[\"b\"]}", nothing()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("vms")
        .hasMessageContaining("line 1");
  }

  @Test
  void refusesWhatComesAfterTheObject() {
    assertThatThrownBy(() -> InputText.read(VMS + " and more", nothing()))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void refusesWhatIsNoObject() {
    assertThatThrownBy(() -> InputText.read("[\"web-01\"]", nothing()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("must be an object");
    assertThatThrownBy(() -> InputText.read("  ", nothing()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("is empty");
  }

  @Test
  void namesTheFileThatCannotBeRead() {
    assertThatThrownBy(() -> InputText.read("@" + directory.resolve("none.json"), nothing()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("none.json")
        .hasMessageContaining("there is no such file");
  }

  private static InputStream nothing() {
    return InputStream.nullInputStream();
  }
}
