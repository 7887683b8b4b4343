package io.switchback.bench;

import io.switchback.delta.TransferResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * The transfer step of the first replication of a full, incompressible lab disk, beside {@code cp}
 * and an fsync of the same bytes on the same file system.
 *
 * <p>Both take turns, so that whatever else the machine does falls on both; the medians are
 * compared. The step is taken from the activity's start to its answer: flushed and proven.
 */
public final class FirstReplication {
  private static final double LEAST_RATIO = 0.5;

  private final Path folder;
  private final Path image;
  private final long sizeBytes;
  private final List<Double> copies = new ArrayList<>();
  private final List<Double> transfers = new ArrayList<>();
  private final List<Double> proven = new ArrayList<>();

  private FirstReplication(Path folder, long sizeBytes) {
    this.folder = folder;
    this.image = folder.resolve("image");
    this.sizeBytes = sizeBytes;
  }

  /**
   * Exits with 0 when the ratio is reached, else with 1.
   *
   * @param arguments folder to work in, number of runs, size in MiB
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "run-");
    int runs = Integer.parseInt(arguments[1]);
    long sizeBytes = Long.parseLong(arguments[2]) * 1024 * 1024;
    boolean reached;
    try {
      reached = new FirstReplication(folder, sizeBytes).run(runs);
    } finally {
      delete(folder);
    }
    System.exit(reached ? 0 : 1);
  }

  private boolean run(int runs) throws IOException, InterruptedException {
    writeImage();
    try (Estate estate = Estate.with(folder, image, sizeBytes)) {
      System.out.printf(
          Locale.ROOT, "%d MiB, fully allocated, incompressible%n", sizeBytes / 1024 / 1024);
      System.out.println("run   cp + fsync   transfer + fsync   and proof");
      for (int run = 0; run <= runs; run++) {
        double copy = copy();
        TransferResult result = transfer(estate);
        double transfer = seconds(result.copyTime());
        double withProof = transfer + seconds(result.proofTime());
        boolean isWarmUp = run == 0;
        System.out.printf(
            Locale.ROOT,
            "%3s %10.2f s %16.2f s %9.2f s%n",
            isWarmUp ? "-" : String.valueOf(run),
            copy,
            transfer,
            withProof);
        if (!isWarmUp) {
          copies.add(copy);
          transfers.add(transfer);
          proven.add(withProof);
        }
      }
    }
    return report();
  }

  private boolean report() {
    double copy = median(copies);
    double transfer = median(transfers);
    System.out.println("medians:");
    print("cp + fsync", copy);
    print("transfer + fsync", transfer);
    print("transfer + fsync + proof", median(proven));
    double ratio = copy / transfer;
    System.out.printf(
        Locale.ROOT,
        "ratio: %.2f of the speed of cp (%.2f with the proof), wanted %.2f or more: %s%n",
        ratio,
        copy / median(proven),
        LEAST_RATIO,
        ratio >= LEAST_RATIO ? "reached" : "MISSED");
    return ratio >= LEAST_RATIO;
  }

  private void print(String what, double seconds) {
    System.out.printf(
        Locale.ROOT, "  %-25s %6.2f s %6.0f MB/s%n", what, seconds, sizeBytes / 1e6 / seconds);
  }

  private void writeImage() throws IOException {
    Random random = new Random(42);
    byte[] bytes = new byte[1024 * 1024];
    try (FileChannel file =
        FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < sizeBytes; at += bytes.length) {
        random.nextBytes(bytes);
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          var _ = file.write(rest);
        }
      }
    }
  }

  private double copy() throws IOException, InterruptedException {
    Path target = folder.resolve("copy");
    settle();
    long startNanos = System.nanoTime();
    execute("cp", "--reflink=never", "--sparse=never", image.toString(), target.toString());
    // GNU sync with a file's name is an fsync of that file.
    execute("sync", target.toString());
    double seconds = secondsSince(startNanos);
    Files.delete(target);
    return seconds;
  }

  private TransferResult transfer(Estate estate) throws IOException, InterruptedException {
    String replica = estate.newReplica();
    settle();
    TransferResult result = estate.transfer(replica);
    if (result.sentBytes() != sizeBytes) {
      throw new IllegalStateException(
          "The disk is full of data, but only " + result.sentBytes() + " bytes were sent.");
    }
    estate.delete(replica);
    return result;
  }

  /** Nobody starts with another's unwritten pages. */
  private static void settle() throws IOException, InterruptedException {
    execute("sync");
  }

  private static void execute(String... command) throws IOException, InterruptedException {
    int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit);
    }
  }

  private static double secondsSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException failed) {
                  throw new UncheckedIOException(failed);
                }
              });
    }
  }
}
