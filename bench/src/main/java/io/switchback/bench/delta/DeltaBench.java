package io.switchback.bench.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Brings an image up to another one, by the data plane and by the tools that people use for that.
 *
 * <p>All take turns on the same pair of files, whose second one is changed anew before every turn,
 * so that whatever else the machine does falls on all; the medians are compared. Ours is taken with
 * fsync and proof.
 */
public final class DeltaBench {
  private static final long GIB = 1L << 30;

  /** In the order in which they are run. */
  private static final List<String> CASES =
      List.of(
          "remote",
          "TLS",
          "killed",
          "local",
          "equal",
          "list",
          "terabyte",
          "memory",
          "borg",
          "restic",
          "cold",
          "full",
          "sparse");

  private static final String HELP =
      """
      bench/delta [--gib 8] [--runs 5] [--minutes 45]
          All cases, as the text of docs/benchmarks.md: each line as soon as it is known, the aims in the end. No case is
          begun and no run repeated after so many minutes. On a quiet machine with two processors it takes some 35. Needs 4
          times the size of an image in bench/target, memory that holds two images, and root for the cold cache.
      bench/delta --only <case>,<case>
          Those cases alone: %s.
      bench/delta --quick [--json]
          The first two cases on 2 GiB, in less than two minutes; --json prints one JSON object.
      """
          .formatted(String.join(", ", CASES));

  private final Stage stage;
  private final Report report;
  private final boolean isQuick;
  private final List<String> only;

  private DeltaBench(Stage stage, Report report, boolean isQuick, List<String> only) {
    this.stage = stage;
    this.report = report;
    this.isQuick = isQuick;
    this.only = only;
  }

  /**
   * @param arguments folder to work in, then any of the options
   */
  public static void main(String[] arguments) throws Exception {
    List<String> options = List.of(arguments).subList(1, arguments.length);
    if (options.contains("--help")) {
      System.out.print(HELP);
      return;
    }
    int only = options.indexOf("--only");
    List<String> cases =
        only < 0 || only + 1 == options.size()
            ? List.of()
            : List.of(options.get(only + 1).split(",", -1));
    List<String> unknown = cases.stream().filter(one -> !CASES.contains(one)).toList();
    if (!unknown.isEmpty() || (only >= 0 && cases.isEmpty())) {
      System.err.printf(
          "There is no case '%s'. There are: %s.%n",
          String.join("', '", unknown), String.join(", ", CASES));
      System.exit(2);
    }
    boolean isQuick = options.contains("--quick");
    long sizeBytes = number(options, "--gib", isQuick ? 2 : 8) * GIB;
    int runs = (int) number(options, "--runs", isQuick ? 3 : 5);
    Path folder =
        Files.createTempDirectory(
            Files.createDirectories(Path.of(arguments[0]).toAbsolutePath()), "run-");
    Stage stage = new Stage(folder, sizeBytes, runs, number(options, "--minutes", 45));
    Report report = new Report(System.out, options.contains("--json"));
    long startNanos = System.nanoTime();
    try {
      report.begin(Introduction.of(stage));
      new DeltaBench(stage, report, isQuick, cases).run();
    } finally {
      Stage.delete(folder);
    }
    report.end(sizeBytes, runs, (System.nanoTime() - startNanos) / 1e9);
  }

  private static long number(List<String> options, String name, long otherwise) {
    int at = options.indexOf(name);
    return at < 0 ? otherwise : Long.parseLong(options.get(at + 1));
  }

  private void run() throws IOException, InterruptedException {
    stage.dense();
    try (Workers workers = Workers.start(stage)) {
      RemoteCases remote = new RemoteCases(stage, workers, report);
      LocalCases local = new LocalCases(stage, workers, report);
      try (LockedPages _ = locked()) {
        remote.warmUp();
        if (isAsked("remote")) {
          // What nothing can be said without ends the program where it fails.
          remote.compared(1, stage.runs());
          remote.compared(5, isQuick ? 1 : stage.runs());
        }
        if (isQuick) {
          return;
        }
        warm(workers, remote, local);
      }
      attempt("cold", () -> local.cold(remote));
      stage.deleteImages();
      attempt("full", new MemoryCases(stage, report)::eightFull);
      stage.sparse();
      try (LockedPages _ = locked()) {
        attempt("sparse", () -> local.sparse(remote));
      }
    }
  }

  private void warm(Workers workers, RemoteCases remote, LocalCases local)
      throws InterruptedException {
    attempt("TLS", () -> overTls(remote));
    attempt("killed", remote::killed);
    attempt("local", local::changed);
    attempt("equal", local::equal);
    attempt("list", local::listed);
    MemoryCases memory = new MemoryCases(stage, report);
    attempt(
        "terabyte",
        () -> {
          memory.equalTerabyte(workers);
          memory.equalSmallDisk(workers);
        });
    attempt("memory", memory::eightSparse);
    BackupCases backups = new BackupCases(stage, report);
    attempt("borg", backups::borg);
    attempt("restic", backups::restic);
  }

  /** Both images are in the cache and stay there, or the page says that they may not. */
  private LockedPages locked() {
    try {
      return LockedPages.of(stage.source(), stage.target());
    } catch (IOException refused) {
      report.leaveOut("keeping both images in the cache", String.valueOf(refused.getMessage()));
      return LockedPages.none();
    }
  }

  private void overTls(RemoteCases remote) throws IOException, InterruptedException {
    try (Workers overTls = Workers.startWithTls(stage)) {
      remote.withTls(overTls);
    }
  }

  private boolean isAsked(String name) {
    return only.isEmpty() || only.contains(name);
  }

  /** One of several cases, none of which needs another. */
  private interface Case {
    void run() throws IOException, InterruptedException;
  }

  /** What fails is said in its place, and the others go on. */
  private void attempt(String name, Case one) throws InterruptedException {
    if (!isAsked(name)) {
      return;
    }
    if (stage.isTimeUp()) {
      report.leaveOut(name, "the time was up");
      return;
    }
    try {
      one.run();
    } catch (IOException failed) {
      report.leaveOut(name, "it failed: " + failed.getMessage());
    }
  }
}
