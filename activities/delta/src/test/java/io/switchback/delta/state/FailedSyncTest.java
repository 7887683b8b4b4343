package io.switchback.delta.state;

import static org.assertj.core.api.Assertions.assertThatIOException;

import io.switchback.delta.FailingChannel;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedSyncTest {
  @TempDir Path folder;

  @Test
  void aFileWhoseSyncFailedIsNotSyncedBeforeItIsOpenedAgain() throws Exception {
    Path path = folder.resolve("tags");
    FailingChannel channel =
        new FailingChannel(
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    try (Folder.Log log = DirectoryFolder.log(path, channel)) {
      log.write(0, ByteBuffer.allocate(100));
      channel.failOneFlush();
      assertThatIOException().isThrownBy(log::sync).withMessage("Input/output error");

      assertThatIOException().isThrownBy(log::sync).withMessageContaining("may be lost");
    }
    try (Folder.Log again = new DirectoryFolder(folder).open("tags")) {
      again.sync();
    }
  }
}
