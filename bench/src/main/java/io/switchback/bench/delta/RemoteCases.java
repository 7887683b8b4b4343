package io.switchback.bench.delta;

import io.switchback.delta.Rung;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Two workers, each with its disk, the target's with a journal and its tags beside it.
 *
 * <p>Before some turns the target is changed, which makes its tags useless: both disks are read,
 * and digests exchanged. Before others the source is, as when a replica is followed: it is compared
 * with the tags that the turn before has stored.
 */
final class RemoteCases {
  static final String WARM = "switchback, warm";
  static final String STORED = WARM + ", stored digests";
  static final String FRESH = "switchback, fresh process";
  static final String FRESH_STORED = FRESH + ", stored digests";
  static final String NO_JOURNAL = WARM + ", without journal";
  private static final String FRESH_NO_JOURNAL = FRESH + ", without journal";
  static final String LEAST = "reading and tagging both images";
  private static final String LEAST_TWICE = LEAST + ", the target with two keys";
  private static final String LEAST_FRESH = LEAST + ", in a fresh process";
  private static final String LEAST_TWICE_FRESH = LEAST_TWICE + ", in a fresh process";
  static final String LEAST_STORED = "reading and tagging the source";
  private static final String RSYNC = "rsync";
  private static final String RSYNC_64K = "rsync -B 65536";
  private static final long SUPER_BYTES = 16L << 20;
  private static final long TIB = 1L << 40;

  /** So much was compared before a worker counts as warm. */
  static final long WARM_BYTES = 128L << 30;

  private final Stage stage;
  private final Workers workers;
  private final Report report;

  RemoteCases(Stage stage, Workers workers, Report report) {
    this.stage = stage;
    this.workers = workers;
    this.report = report;
  }

  /** Its code is compiled afterwards, for both ways of comparing, and the images are cached. */
  void warmUp() throws IOException {
    for (long done = 0; done < WARM_BYTES; done += 2 * stage.sizeBytes()) {
      var _ = stage.change(1);
      var _ = workers.remote(stage);
      var _ = stage.changeSource(1);
      var _ = workers.remote(stage);
    }
  }

  void compared(double percent, int times) throws IOException, InterruptedException {
    Measured measured = new Measured("remote, %.0f %% changed".formatted(percent));
    for (int run = 0; stage.isRun(run, times); run++) {
      long changedBytes = (long) stage.change(percent).size() * Images.REGION_BYTES;
      Workers.Turn warm = workers.remote(stage);
      measured.add(WARM, warm.by(Rung.FULL_COMPARISON));
      if (run == 0) {
        WorkerProcess.Answer answer = warm.answer();
        measured.wire(answer.wireBytes(), answer.tagBytes(), changedBytes);
        digests(measured, percent, answer.tagBytes());
      }
      var _ = stage.changeSource(percent);
      measured.add(STORED, workers.remote(stage).by(Rung.STORED_DIGESTS));
      var _ = stage.change(percent);
      measured.add(FRESH, fresh(Rung.FULL_COMPARISON, journalled()));
      var _ = stage.changeSource(percent);
      measured.add(FRESH_STORED, fresh(Rung.STORED_DIGESTS, journalled()));
      var _ = stage.change(percent);
      measured.add(NO_JOURNAL, workers.withoutJournal(stage).by(Rung.FULL_COMPARISON));
      if (percent == 1) {
        var _ = stage.change(percent);
        measured.add(FRESH_NO_JOURNAL, fresh(Rung.FULL_COMPARISON, workers.bareComparison(stage)));
        measured.add(RSYNC_64K, rsync(percent, "-B", "65536"));
      }
      measured.add(RSYNC, rsync(percent));
      measured.add(LEAST, workers.tagging(stage, 1));
      measured.add(LEAST_TWICE, workers.tagging(stage, 2));
      measured.add(LEAST_FRESH, freshTagging(1));
      measured.add(LEAST_TWICE_FRESH, freshTagging(2));
      measured.add(LEAST_STORED, workers.taggingSource(stage));
    }
    stage.requireEqual();
    report.add(measured, percent == 1 ? aimsOfOne(measured) : aimsOfFive(measured));
  }

  private static List<Aim> aimsOfOne(Measured measured) {
    List<Aim> aims = new ArrayList<>();
    aims.addAll(besideRsync(measured, "warm, digest exchange", WARM, LEAST_TWICE, 4.5, 8));
    aims.addAll(
        besideRsync(measured, "warm, digest exchange, without journal", NO_JOURNAL, LEAST, 4.5, 8));
    aims.addAll(besideRsync(measured, "warm, stored digests", STORED, LEAST_STORED, 4.5, 8));
    aims.addAll(
        besideRsync(
            measured, "fresh process, digest exchange", FRESH, LEAST_TWICE_FRESH, 2.5, 4.5));
    aims.addAll(
        besideRsync(
            measured,
            "fresh process, digest exchange, without journal",
            FRESH_NO_JOURNAL,
            LEAST_FRESH,
            2.5,
            4.5));
    aims.addAll(
        besideRsync(
            measured, "fresh process, stored digests", FRESH_STORED, LEAST_STORED, 2.5, 4.5));
    aims.add(
        Aim.atMost(
            "bytes on the wire, 1 %, digest exchange: at most 0.75 × the changed bytes",
            0.75, "×", measured.wireRatio()));
    return aims;
  }

  private static List<Aim> besideRsync(
      Measured measured, String how, String our, String least, double of64K, double ofDefault) {
    return List.of(
        Aim.atLeast(
                "remote, 1 %%, %s: %s faster than rsync with 64 KiB blocks"
                    .formatted(how, times(of64K)),
                of64K,
                "×",
                measured.ratio(RSYNC_64K, our))
            .beside(least, measured.ratio(RSYNC_64K, least)),
        Aim.atLeast(
                "remote, 1 %%, %s: %s faster than rsync's default".formatted(how, times(ofDefault)),
                ofDefault,
                "×",
                measured.ratio(RSYNC, our))
            .beside(least, measured.ratio(RSYNC, least)));
  }

  private static String times(double aim) {
    return String.format(Locale.ROOT, aim % 1 == 0 ? "%.0f ×" : "%.1f ×", aim);
  }

  private static List<Aim> aimsOfFive(Measured measured) {
    return List.of(
        ofFive(measured, "digest exchange", WARM, LEAST_TWICE),
        ofFive(measured, "digest exchange, without journal", NO_JOURNAL, LEAST),
        ofFive(measured, "stored digests", STORED, LEAST_STORED));
  }

  private static Aim ofFive(Measured measured, String how, String our, String least) {
    return Aim.atLeast(
            "remote, 5 %%, warm, %s: 10 × faster than rsync's default".formatted(how),
            10,
            "×",
            measured.ratio(RSYNC, our))
        .beside(least, measured.ratio(RSYNC, least));
  }

  /**
   * Tags of the supers, of the segments of those that differ, of the leaves of those; where much
   * differs, of all leaves.
   */
  private void digests(Measured measured, double percent, long tagBytes) {
    double equal = 1 - percent / 100;
    double supers = (double) stage.sizeBytes() / SUPER_BYTES;
    double segments = supers * 16;
    double predicted =
        percent >= 100.0 / 32
            ? 16 * 16 * segments
            : 16
                * (supers
                    + 16 * supers * (1 - Math.pow(equal, 256))
                    + 16 * segments * (1 - Math.pow(equal, 16)));
    double scale = (double) TIB / stage.sizeBytes();
    measured.figure(
        "tags per TiB",
        String.format(Locale.ROOT, "%.1f MB", tagBytes * scale / 1e6),
        String.format(
            Locale.ROOT,
            "%.2f × the %.1f MB that the geometry predicts, questions included",
            tagBytes / predicted,
            predicted * scale / 1e6));
  }

  private List<String> journalled() {
    return workers.comparison(stage, "remote");
  }

  private Taken fresh(Rung rung, List<String> comparison) throws IOException {
    String[] words = comparison.toArray(String[]::new);
    double before = workers.serving().cpuSeconds();
    long startNanos = System.nanoTime();
    try (WorkerProcess fresh = WorkerProcess.start("pull")) {
      var _ = fresh.ask(words).require(rung);
      return new Taken(
          (System.nanoTime() - startNanos) / 1e9,
          fresh.cpuSeconds() + workers.serving().cpuSeconds() - before);
    }
  }

  /**
   * As {@link #fresh} begins: one end is warm, the other one starts with it.
   *
   * @param keys so often the target is tagged
   */
  private Taken freshTagging(int keys) throws IOException {
    WorkerProcess warm = workers.pulling();
    double before = warm.cpuSeconds();
    long startNanos = System.nanoTime();
    warm.tell("tag", "1", stage.source().toString());
    try (WorkerProcess fresh = WorkerProcess.start("pull")) {
      var _ = fresh.ask("tag", Integer.toString(keys), stage.target().toString());
      var _ = warm.line();
      return new Taken(
          (System.nanoTime() - startNanos) / 1e9, fresh.cpuSeconds() + warm.cpuSeconds() - before);
    }
  }

  Taken rsync(double percent, String... options) throws IOException, InterruptedException {
    var _ = stage.change(percent);
    List<String> command = new ArrayList<>(List.of("rsync", "-I", "--inplace", "--no-whole-file"));
    command.addAll(List.of(options));
    command.addAll(List.of(stage.source().toString(), stage.target().toString()));
    return Tools.taken(command.toArray(String[]::new));
  }

  void withTls(Workers overTls) throws IOException {
    String withTls = "switchback, TLS";
    String identity = stage.folder().resolve("ca").resolve("potsdam").toString();
    Measured measured = new Measured("remote, 1 % changed, TLS");
    for (long done = 0; done < WARM_BYTES; done += stage.sizeBytes()) {
      var _ = stage.change(1);
      var _ = overTls.overTls(stage, identity);
    }
    for (int run = 0; stage.isRun(run, stage.runs()); run++) {
      var _ = stage.change(1);
      measured.add(WARM, workers.remote(stage).by(Rung.FULL_COMPARISON));
      var _ = stage.change(1);
      measured.add(withTls, overTls.overTls(stage, identity).by(Rung.FULL_COMPARISON));
    }
    report.add(
        measured,
        List.of(
            Aim.atMost(
                "TLS: at most 1.5 × the time without", 1.5, "×", measured.ratio(withTls, WARM))));
  }

  /** A worker is killed on the way, and a new one goes on from the journal. */
  void killed() throws IOException, InterruptedException {
    Measured measured = new Measured("remote, 1 % changed, killed and started again");
    Random random = new Random(stage.sizeBytes());
    double worst = 0;
    for (int run = 0; stage.isRun(run, stage.runs()); run++) {
      long onceBytes = stage.sizeBytes() + (long) stage.change(1).size() * Images.REGION_BYTES;
      String[] words = workers.comparison(stage, "remote").toArray(String[]::new);
      long before = served();
      WorkerProcess first = WorkerProcess.start("pull");
      first.tell(words);
      // Anywhere on the way, as told by what it has read and not by the clock.
      long until = before + (long) (onceBytes * (0.05 + 0.948 * random.nextDouble()));
      while (served() < until) {
        Thread.onSpinWait();
      }
      first.kill();
      long startNanos = System.nanoTime();
      try (WorkerProcess second = WorkerProcess.start("pull")) {
        var _ = second.ask(words);
      }
      measured.add(
          "switchback, second process", new Taken((System.nanoTime() - startNanos) / 1e9, 0));
      worst = Math.max(worst, (double) (served() - before - onceBytes) / SUPER_BYTES);
    }
    stage.requireEqual();
    measured.figure(
        "most read again at the source",
        String.format(Locale.ROOT, "%.1f MiB", worst * 16),
        String.format(Locale.ROOT, "%.2f units of 16 MiB", worst));
    report.add(
        measured,
        List.of(
            Aim.atMost(
                "worker killed at a random point: at most two 16 MiB units read again",
                2,
                "units",
                worst)));
  }

  private long served() throws IOException {
    workers.serving().tell("read");
    return Long.parseLong(workers.serving().line());
  }
}
