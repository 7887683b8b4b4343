package io.switchback.delta.file;

import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.DiskInUseException;
import io.switchback.delta.FenceCheck;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Another program has the replica's disk. */
@Tag("process")
@EnabledOnOs(OS.LINUX)
class LockedByProcessIT {
  @TempDir Path folder;

  @Test
  void aDiskThatAnotherProcessHoldsIsRefusedUntilItGoes() throws Exception {
    byte[] held = random(1, 4096);
    Path image = Files.write(folder.resolve("disk.img"), held);
    Process other =
        new ProcessBuilder("flock", "-x", image.toString(), "sh", "-c", "echo held; read end")
            .start();
    try (BufferedReader says = other.inputReader()) {
      assertThat(says.readLine()).isEqualTo("held");
      assertThatExceptionOfType(DiskInUseException.class)
          .isThrownBy(() -> new FileDiskSink(image, FenceCheck.UNFENCED))
          .withMessageContaining(image.toString());
      assertThat(Files.readAllBytes(image)).isEqualTo(held);
    } finally {
      other.getOutputStream().close();
      other.waitFor();
    }
    new FileDiskSink(image, FenceCheck.UNFENCED).close();
  }
}
