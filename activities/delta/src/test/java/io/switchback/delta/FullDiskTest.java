package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FullDiskTest {
  private static final Path DISK = Path.of("/replicas/db-01.img");
  private static final long NEEDED = 1 << 20;
  private static final FullDisk.Room PLENTY = () -> 1L << 40;

  @ParameterizedTest
  @ValueSource(strings = {"No space left on device", "Disk quota exceeded"})
  void whatTheSystemSaysInEnglishIsUnderstood(String words) {
    assertThat(FullDisk.naming(new IOException(words), DISK, NEEDED, PLENTY))
        .isInstanceOf(DiskFullException.class)
        .hasMessageContaining("db-01.img")
        .hasMessageContaining("Make room");
    assertThat(FullDisk.naming(new IOException(words), DISK)).isInstanceOf(DiskFullException.class);
    assertThat(FullDisk.naming(new FileSystemException("tags.tmp", null, words), DISK, 0, PLENTY))
        .isInstanceOf(DiskFullException.class);
  }

  @Test
  void inAnotherLanguageTheSpaceThatIsLeftTells() {
    IOException german = new IOException("Auf dem Gerät ist kein Speicherplatz mehr verfügbar");

    assertThat(FullDisk.naming(german, DISK, NEEDED, () -> NEEDED - 1))
        .isInstanceOf(DiskFullException.class)
        .hasCause(german);
    assertThat(FullDisk.naming(german, DISK, 0, () -> 0)).isInstanceOf(DiskFullException.class);
    assertThat(FullDisk.naming(german, DISK, NEEDED, PLENTY)).isSameAs(german);
    assertThat(
            FullDisk.naming(
                german,
                DISK,
                NEEDED,
                () -> {
                  throw new IOException("nobody knows");
                }))
        .isSameAs(german);
  }

  @Test
  void aClearFailureStaysWhatItIs() {
    IOException ended = new EOFException("the file ended");
    IOException shrank = new DiskShrankException("disk", 4096, 512);

    assertThat(FullDisk.naming(ended, DISK, NEEDED, () -> 0)).isSameAs(ended);
    assertThat(FullDisk.naming(shrank, DISK, NEEDED, () -> 0)).isSameAs(shrank);
  }

  @Test
  void whatLinuxMeansByItsNumbersIsKnown() {
    assertThat(FullDisk.isMeantBy(28)).as("ENOSPC").isTrue();
    assertThat(FullDisk.isMeantBy(122)).as("EDQUOT").isTrue();
    assertThat(FullDisk.isMeantBy(5)).as("EIO").isFalse();
  }
}
