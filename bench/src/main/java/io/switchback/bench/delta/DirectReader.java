package io.switchback.bench.delta;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** What the device gives: reads files past the cache and does nothing with them. */
final class DirectReader {
  private static final int READ_BYTES = 1024 * 1024;
  private static final int ALIGNMENT_BYTES = 4096;

  private DirectReader() {}

  /**
   * @param depth so many reads are under way at once
   * @return bytes read
   */
  static long read(int depth, List<Path> files) throws Exception {
    long all = 0;
    for (Path file : files) {
      all += Files.size(file);
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(depth)) {
      for (Path file : files) {
        AtomicLong next = new AtomicLong();
        List<Future<?>> readers = new ArrayList<>();
        for (int thread = 0; thread < depth; thread++) {
          readers.add(
              threads.submit(
                  () -> {
                    readParts(file, next);
                    return null;
                  }));
        }
        for (Future<?> reader : readers) {
          reader.get();
        }
      }
    }
    return all;
  }

  private static void readParts(Path file, AtomicLong next)
      throws IOException, ReflectiveOperationException {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(READ_BYTES + ALIGNMENT_BYTES).alignedSlice(ALIGNMENT_BYTES);
    buffer.limit(READ_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, direct())) {
      long size = channel.size();
      for (long at = next.getAndAdd(READ_BYTES); at < size; at = next.getAndAdd(READ_BYTES)) {
        buffer.position(0).limit(READ_BYTES);
        if (channel.read(buffer, at) < 0) {
          return;
        }
      }
    }
  }

  /** By its name, because the compiler warns of whoever imports it, and there is no other. */
  private static OpenOption direct() throws ReflectiveOperationException {
    Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
    return (OpenOption) options.getField("DIRECT").get(null);
  }
}
