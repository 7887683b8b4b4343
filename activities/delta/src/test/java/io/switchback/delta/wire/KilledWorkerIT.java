package io.switchback.delta.wire;

import static io.switchback.delta.Geometry.SUPER_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that are killed in the middle of a transfer: the one that reads, the one that writes.
 */
@Tag("process")
@Timeout(60)
class KilledWorkerIT {
  private static final int SUPERS = 8;
  private static final long CAPACITY = SUPERS * (long) SUPER_BYTES;
  private static final int KILLS = 2;

  /** Two threads have one super under way each, whatever the processors. */
  private static final long UNDER_WAY_BYTES = 2L * SUPER_BYTES;

  @TempDir Path folder;
  private final Random random = new Random(7);
  private final List<Process> processes = new ArrayList<>();
  private Path source;
  private Path sink;

  @BeforeEach
  void makeImages() throws IOException {
    source = folder.resolve("source");
    sink = folder.resolve("sink");
    try (OutputStream out = Files.newOutputStream(source)) {
      byte[] one = new byte[SUPER_BYTES];
      for (int i = 0; i < SUPERS; i++) {
        random.nextBytes(one);
        out.write(one);
      }
    }
    try (var file = new java.io.RandomAccessFile(sink.toFile(), "rw")) {
      file.setLength(CAPACITY);
    }
  }

  @AfterEach
  void endAll() throws InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }

  private Process start(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                KilledProcess.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    processes.add(process);
    return process;
  }

  /** Some place on the way: far enough that to begin anew would cost more than is allowed. */
  private long somewhere() {
    return random.nextLong(5L * SUPER_BYTES / 2, 3L * SUPER_BYTES);
  }

  @Test
  void theOneThatServes() throws Exception {
    long readBytes = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      Process serving = start("serve", source.toString());
      try (Told told = new Told(serving.inputReader(StandardCharsets.US_ASCII))) {
        long enough = somewhere();
        int port = (int) told.next("port");
        Thread killer =
            Thread.ofPlatform()
                .start(
                    () -> {
                      told.await(enough);
                      serving.destroyForcibly();
                      told.drain();
                    });
        assertThatIOException().isThrownBy(() -> copy(port));
        killer.join();
        readBytes += told.last;
      }
    }
    Process serving = start("serve", source.toString());
    try (Told told = new Told(serving.inputReader(StandardCharsets.US_ASCII))) {
      int port = (int) told.next("port");
      Thread reading = Thread.ofPlatform().start(told::drain);
      copy(port);
      serving.destroyForcibly();
      reading.join();
      readBytes += told.last;
    }
    assertEqual(readBytes);
  }

  @Test
  void theOneThatCopies() throws Exception {
    AtomicLong readBytes = new AtomicLong();
    try (Loopback serving =
        KilledProcess.serve(source, read -> readBytes.accumulateAndGet(read, Math::max))) {
      for (int kill = 0; kill < KILLS; kill++) {
        long enough = readBytes.get() + somewhere();
        Process copying = startCopy(serving.port());
        while (readBytes.get() < enough && copying.isAlive()) {
          LockSupport.parkNanos(1_000_000);
        }
        assertThat(copying.isAlive()).as("it is killed on the way").isTrue();
        copying.destroyForcibly().waitFor();
      }
      Process copying = startCopy(serving.port());
      assertThat(copying.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(copying.exitValue()).isZero();
    }
    assertEqual(readBytes.get());
  }

  private Process startCopy(int port) throws IOException {
    return start("copy", Integer.toString(port), Long.toString(CAPACITY), sink.toString(), state());
  }

  private void copy(int port) throws Exception {
    KilledProcess.copy(port, CAPACITY, sink, Path.of(state()));
  }

  private String state() {
    return folder.resolve("state").toString();
  }

  private void assertEqual(long readBytes) throws IOException {
    assertThat(Files.mismatch(source, sink)).isEqualTo(-1);
    assertThat(readBytes).isBetween(CAPACITY, CAPACITY + KILLS * UNDER_WAY_BYTES);
  }

  /** What a serving process tells of itself. */
  private static final class Told implements AutoCloseable {
    private final BufferedReader lines;
    private volatile long last;

    Told(BufferedReader lines) {
      this.lines = lines;
    }

    long next(String word) {
      String line = line();
      if (!line.startsWith(word + " ")) {
        throw new AssertionError("It told '" + line + "', not its " + word + ".");
      }
      return Long.parseLong(line.substring(word.length() + 1));
    }

    private String line() {
      try {
        String line = lines.readLine();
        return line == null ? "" : line;
      } catch (IOException gone) {
        return "";
      }
    }

    void await(long bytes) {
      while (last < bytes) {
        last = Math.max(last, next("read"));
      }
    }

    void drain() {
      for (String line = line(); line.startsWith("read "); line = line()) {
        last = Math.max(last, Long.parseLong(line.substring(5)));
      }
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
