package io.switchback.delta.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeenFencesTest {
  @TempDir Path directory;

  @Test
  void onlyEverGrow() throws IOException {
    for (SeenFences seen : List.of(SeenFences.inMemory(), folder())) {
      assertThat(seen.highest("a")).isEmpty();
      assertThat(seen.raise("a", fence(5))).isEqualTo(fence(5));
      assertThat(seen.raise("a", fence(4))).isEqualTo(fence(5));
      assertThat(seen.raise("a", fence(5))).isEqualTo(fence(5));
      assertThat(seen.raise("b", fence(1))).isEqualTo(fence(1));
      assertThat(seen.raise("a", fence(6))).isEqualTo(fence(6));
      assertThat(seen.highest("a")).contains(fence(6));
      assertThat(seen.highest("b")).contains(fence(1));
    }
  }

  @Test
  void outliveTheProcessAndAreSharedByAllOfAMachine() throws IOException {
    folder().raise("a", fence(5));

    assertThat(folder().raise("a", fence(4))).isEqualTo(fence(5));
  }

  @Test
  void areNotLostWhenManyRaiseAtOnce() throws Exception {
    List<Callable<TransferFence>> raises = new ArrayList<>();
    for (int step = 1; step <= 40; step++) {
      TransferFence fence = fence(step % 20 + 1);
      raises.add(() -> folder().raise("a", fence));
    }
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var raised : threads.invokeAll(raises)) {
        raised.get();
      }
    }

    assertThat(folder().highest("a")).contains(fence(20));
  }

  @Test
  void areReadableByTheirOwnerAlone() throws IOException {
    folder().raise("a", fence(1));

    try (var files = Files.walk(directory.resolve("fences"))) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .endsWith("------");
      }
    }
  }

  @Test
  void refuseAFileThatSomebodyWroteInto() throws IOException {
    folder().raise("a", fence(1));
    try (var files = Files.list(directory.resolve("fences"))) {
      Path file = files.filter(one -> one.toString().endsWith(".fence")).findFirst().orElseThrow();
      Files.writeString(file, "");
    }

    assertThatThrownBy(() -> folder().raise("a", fence(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holds no fence");
  }

  @Test
  void compareGenerationEpochStepAttemptInThatOrder() {
    assertThat(
            List.of("1.2.3.4", "1.2.3.5", "1.2.4.0", "1.3.0.0", "2.0.0.0").stream()
                .map(TransferFence::parse))
        .isSorted()
        .extracting(TransferFence::toString)
        .containsExactly("1.2.3.4", "1.2.3.5", "1.2.4.0", "1.3.0.0", "2.0.0.0");
    assertThat(List.of("", "1.2.3", "0.1.1.1", "1.-2.3.4", "1.2.3.4.5", "1.2.3.9999999999"))
        .allSatisfy(
            text ->
                assertThatThrownBy(() -> TransferFence.parse(text))
                    .isInstanceOf(IllegalArgumentException.class));
  }

  private SeenFences folder() {
    return new SeenFencesFolder(directory.resolve("fences"));
  }

  private static TransferFence fence(long step) {
    return new TransferFence(1, 1, step, 1);
  }
}
