package io.switchback.bench.delta;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Images whose content is that of a lived-in disk: some packed files, much text, some zeros. */
final class Images {
  static final int REGION_BYTES = 64 * 1024;
  private static final long SPARSE_RUN_BYTES = 4L * 1024 * 1024;

  private final byte[] words = new byte[1 << 20];

  Images() {
    // Text of a few thousand words, some of them numbers: zstd makes about half of it.
    Random random = new Random(7);
    List<String> lexicon = new ArrayList<>();
    for (int word = 0; word < 4000; word++) {
      lexicon.add(Long.toString(random.nextLong(1L << 40), 36));
    }
    StringBuilder text = new StringBuilder();
    while (text.length() < words.length) {
      text.append(lexicon.get((int) (Math.abs(random.nextGaussian()) * 600) % 4000)).append(' ');
    }
    byte[] bytes = text.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, words, 0, words.length);
  }

  /** A full disk: of the regions, 45 in 100 are random, 40 text, 15 zeros. */
  void dense(Path image, long sizeBytes) throws IOException {
    Random random = new Random(42);
    byte[] region = new byte[REGION_BYTES];
    try (FileChannel file = create(image)) {
      for (long at = 0; at < sizeBytes; at += REGION_BYTES) {
        fill(region, random, 100);
        write(file, at, region);
      }
    }
  }

  /** A thin disk: {@code allocatedBytes} in stretches of 4 MiB. */
  void sparse(Path image, long sizeBytes, long allocatedBytes) throws IOException {
    Random random = new Random(43);
    byte[] region = new byte[REGION_BYTES];
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(sizeBytes);
      int[] runs =
          random
              .ints(0, (int) (sizeBytes / SPARSE_RUN_BYTES))
              .distinct()
              .limit(allocatedBytes / SPARSE_RUN_BYTES)
              .toArray();
      for (int run : runs) {
        for (long at = 0; at < SPARSE_RUN_BYTES; at += REGION_BYTES) {
          random.nextBytes(region);
          write(file.getChannel(), run * SPARSE_RUN_BYTES + at, region);
        }
      }
    }
  }

  /**
   * @param kinds how many of the hundred kinds there may be: 45 random, 40 text, 15 zeros
   */
  private void fill(byte[] region, Random random, int kinds) {
    int kind = random.nextInt(kinds);
    if (kind < 45) {
      random.nextBytes(region);
    } else if (kind < 85) {
      int from = random.nextInt(words.length - REGION_BYTES);
      System.arraycopy(words, from, region, 0, REGION_BYTES);
      for (int at = 0; at < REGION_BYTES; at += 16) {
        region[at] = (byte) random.nextInt();
      }
    } else {
      Arrays.fill(region, (byte) 0);
    }
  }

  /**
   * Writes something else over random regions.
   *
   * @return their numbers
   */
  static List<Integer> change(Path image, double percent, long seed) throws IOException {
    return overwrite(
        image, percent, new Random(seed), (region, random) -> random.nextBytes(region));
  }

  /**
   * Writes over random regions what the image has everywhere, but no zeros: each is another one
   * then.
   *
   * @return their numbers
   */
  List<Integer> rewrite(Path image, double percent, long seed) throws IOException {
    return overwrite(
        image, percent, new Random(seed), (region, random) -> fill(region, random, 85));
  }

  private interface Filling {
    void fill(byte[] region, Random random);
  }

  private static List<Integer> overwrite(Path image, double percent, Random random, Filling filling)
      throws IOException {
    int regions = (int) (Files.size(image) / REGION_BYTES);
    int[] chosen =
        random.ints(0, regions).distinct().limit((long) (regions * percent / 100)).toArray();
    byte[] region = new byte[REGION_BYTES];
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      for (int one : chosen) {
        filling.fill(region, random);
        write(file, (long) one * REGION_BYTES, region);
      }
      // Otherwise whoever syncs next would be held to account for it.
      file.force(false);
    }
    return IntStream.of(chosen).boxed().toList();
  }

  private static FileChannel create(Path image) throws IOException {
    return FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private static void write(FileChannel file, long at, byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      int written = file.write(rest, at + rest.position());
      if (written < 0) {
        throw new IOException("The file takes no more bytes.");
      }
    }
  }
}
