package io.switchback.bench.delta;

import io.switchback.delta.DiskSource;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** Reads and tags files as fast as this machine can: no exchange of digests is faster. */
final class TagReader {
  /** As ours reads what is cached. */
  private static final int READ_BYTES = 256 * 1024;

  private static final int LEAF_BYTES = TagLevel.LEAF.unitBytes();

  private TagReader() {}

  /**
   * One file after the other, each by a thread for each processor.
   *
   * @param keys so often each leaf is tagged
   * @return bytes of the file
   */
  static long read(Path file, int keys) throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    try (ExecutorService threads = Executors.newFixedThreadPool(processors);
        DiskSource disk = new FileDiskSource(file)) {
      AtomicLong next = new AtomicLong();
      List<Future<?>> readers = new ArrayList<>();
      for (int thread = 0; thread < processors; thread++) {
        readers.add(
            threads.submit(
                () -> {
                  tagParts(disk, keys, next);
                  return null;
                }));
      }
      for (Future<?> reader : readers) {
        reader.get();
      }
      return disk.capacityBytes();
    }
  }

  private static void tagParts(DiskSource disk, int keys, AtomicLong next) throws IOException {
    List<Tagger> taggers =
        Stream.generate(() -> new Tagger(TagKey.random(TagAlgorithm.fastest())))
            .limit(keys)
            .toList();
    byte[] part = new byte[READ_BYTES];
    ByteBuffer tag = ByteBuffer.allocate(Tagger.TAG_BYTES);
    for (long at = next.getAndAdd(READ_BYTES);
        at < disk.capacityBytes();
        at = next.getAndAdd(READ_BYTES)) {
      int length = (int) Math.min(READ_BYTES, disk.capacityBytes() - at);
      disk.read(at, ByteBuffer.wrap(part, 0, length));
      for (int from = 0; from < length; from += LEAF_BYTES) {
        for (Tagger tagger : taggers) {
          tagger.leaf(
              (at + from) / LEAF_BYTES,
              part,
              from,
              Math.min(LEAF_BYTES, length - from),
              tag.clear());
        }
      }
    }
  }
}
