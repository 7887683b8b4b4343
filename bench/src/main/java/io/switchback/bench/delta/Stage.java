package io.switchback.bench.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files that all work on, and how often and how long they may. */
final class Stage {
  private final Path folder;
  private final long sizeBytes;
  private final int runs;
  private final long endNanos;
  private final Images images = new Images();
  private long seed = 1;
  private int moment;

  /**
   * @param minutes after which no case is begun and no run is repeated
   */
  Stage(Path folder, long sizeBytes, int runs, long minutes) {
    this.folder = folder;
    this.sizeBytes = sizeBytes;
    this.runs = runs;
    this.endNanos = System.nanoTime() + minutes * 60_000_000_000L;
  }

  Path folder() {
    return folder;
  }

  Path source() {
    return folder.resolve("source");
  }

  Path target() {
    return folder.resolve("target");
  }

  /** The folder of the target's journal and tags, and a moment of the source that never was. */
  List<String> state() {
    return List.of(stateFolder().toString(), "turn-" + moment++);
  }

  /** The next turn reads both images, also where nobody has changed the target. */
  void forgetState() throws IOException {
    delete(stateFolder());
  }

  private Path stateFolder() {
    return folder.resolve("state");
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  long sizeBytes() {
    return sizeBytes;
  }

  int runs() {
    return runs;
  }

  boolean isTimeUp() {
    return System.nanoTime() > endNanos;
  }

  /** Whether a run is made, of which {@code most} are wanted: the first one always. */
  boolean isRun(int run, int most) {
    return run < most && (run == 0 || !isTimeUp());
  }

  /** Writes something else over random regions of the target, and answers their numbers. */
  List<Integer> change(double percent) throws IOException {
    return change(target(), percent);
  }

  List<Integer> change(Path image, double percent) throws IOException {
    return Images.change(image, percent, seed++);
  }

  /**
   * Writes regions of the source anew, as its virtual machine does: the target, which nobody else
   * has written, is behind it.
   *
   * @return their numbers
   */
  List<Integer> changeSource(double percent) throws IOException {
    return images.rewrite(source(), percent, seed++);
  }

  void dense() throws IOException, InterruptedException {
    images.dense(source(), sizeBytes);
    Tools.run("cp", "--sparse=never", source().toString(), target().toString());
    Tools.run("sync");
  }

  void sparse() throws IOException, InterruptedException {
    images.sparse(source(), sizeBytes, sizeBytes * 19 / 80);
    Tools.run("cp", "--sparse=always", source().toString(), target().toString());
    Tools.run("sync");
  }

  void deleteImages() throws IOException {
    Files.deleteIfExists(target());
    Files.deleteIfExists(source());
  }

  void requireEqual() throws IOException, InterruptedException {
    Tools.run("cmp", source().toString(), target().toString());
  }
}
