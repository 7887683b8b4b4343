package io.switchback.bench.delta;

import io.switchback.delta.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** One worker, which has both disks, with journal and tags where it is not said otherwise. */
final class LocalCases {
  private static final String WARM = RemoteCases.WARM;
  private static final String STORED = RemoteCases.STORED;
  private static final String NO_JOURNAL = RemoteCases.NO_JOURNAL;
  private static final String REBASE = "qemu-img rebase";
  private static final String READING = "reading both images";
  private static final String LEAST_BYTES = READING + " and tagging the source";
  private static final String LEAST = RemoteCases.LEAST;
  private static final String LEAST_STORED = RemoteCases.LEAST_STORED;
  private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

  /** As many reads as our comparison has under way with a journal, whatever the processors. */
  private static final int DEPTH = 2;

  /** And without: no crash makes anybody read again what more threads have under way. */
  private static final int DEPTH_WITHOUT_JOURNAL =
      2 * Math.max(2, Runtime.getRuntime().availableProcessors());

  private final Stage stage;
  private final Workers workers;
  private final Report report;

  LocalCases(Stage stage, Workers workers, Report report) {
    this.stage = stage;
    this.workers = workers;
    this.report = report;
  }

  private Taken withoutJournal() throws IOException {
    return workers.turn("local", stage.source().toString(), stage.target().toString()).taken();
  }

  private Taken ours(Rung rung) throws IOException {
    return withJournal(rung, "local");
  }

  private Taken withJournal(Rung rung, String how, String... more) throws IOException {
    List<String> words =
        new ArrayList<>(List.of(how, stage.source().toString(), stage.target().toString()));
    words.addAll(List.of(more));
    words.addAll(stage.state());
    return workers.turn(words).by(rung);
  }

  private Taken reading() throws IOException, InterruptedException {
    return Tools.taken("cat", stage.source().toString(), stage.target().toString());
  }

  void changed() throws IOException, InterruptedException {
    Measured measured = new Measured("local compare and apply, 1 % changed");
    for (int run = -1; run < 0 || stage.isRun(run, stage.runs()); run++) {
      var _ = stage.change(1);
      Taken anew = ours(Rung.FULL_COMPARISON);
      var _ = stage.changeSource(1);
      Taken stored = ours(Rung.STORED_DIGESTS);
      var _ = stage.change(1);
      Taken bare = withoutJournal();
      if (run >= 0) {
        measured.add(WARM, anew);
        measured.add(STORED, stored);
        measured.add(NO_JOURNAL, bare);
        var _ = stage.change(1);
        measured.add(REBASE, rebase());
        measured.add(READING, reading());
        measured.add(LEAST_BYTES, workers.tagging(stage, 0));
        measured.add(LEAST, workers.tagging(stage, 1));
        measured.add(LEAST_STORED, workers.taggingSource(stage));
      }
    }
    var _ = withoutJournal();
    stage.requireEqual();
    List<Aim> aims = new ArrayList<>();
    aims.addAll(aimsOfOne(measured, "both disks compared", WARM, LEAST));
    aims.addAll(aimsOfOne(measured, "stored digests", STORED, LEAST_STORED));
    aims.addAll(
        aimsOfOne(measured, "both disks compared, without journal", NO_JOURNAL, LEAST_BYTES));
    report.add(measured, aims);
  }

  private static List<Aim> aimsOfOne(Measured measured, String how, String our, String least) {
    return List.of(
        Aim.atLeast(
                "local, 1 %%, %s: 3 × faster than qemu-img rebase".formatted(how),
                3,
                "×",
                measured.ratio(REBASE, our))
            .beside(least, measured.ratio(REBASE, least)),
        Aim.atMost(
            "local, 1 %%, %s: at most 1.5 × the time of reading both images once".formatted(how),
            1.5,
            "×",
            measured.ratio(our, READING)));
  }

  private Taken rebase() throws IOException, InterruptedException {
    Path overlay = stage.folder().resolve("overlay.qcow2");
    String[] create = {
      "qemu-img",
      "create",
      "-q",
      "-f",
      "qcow2",
      "-F",
      "raw",
      "-b",
      stage.source().toString(),
      overlay.toString()
    };
    Tools.run(create);
    String[] rebase = {
      "qemu-img",
      "rebase",
      "-f",
      "qcow2",
      "-F",
      "raw",
      "-b",
      stage.target().toString(),
      overlay.toString()
    };
    Taken taken = Tools.taken(rebase);
    Files.delete(overlay);
    return taken;
  }

  void equal() throws IOException, InterruptedException {
    Measured measured = new Measured("local, nothing changed");
    String[] compare = {
      "qemu-img",
      "compare",
      "-q",
      "-f",
      "raw",
      "-F",
      "raw",
      stage.source().toString(),
      stage.target().toString()
    };
    for (int run = 0; stage.isRun(run, stage.runs()); run++) {
      stage.forgetState();
      measured.add(WARM, ours(Rung.FULL_COMPARISON));
      measured.add(STORED, ours(Rung.STORED_DIGESTS));
      measured.add(NO_JOURNAL, withoutJournal());
      measured.add("qemu-img compare", Tools.taken(compare));
    }
    report.add(measured, List.of());
  }

  void listed() throws IOException, InterruptedException {
    Measured measured = new Measured("change list of 1 %, with audit");
    Path list = stage.folder().resolve("list");
    stage.forgetState();
    var _ = ours(Rung.FULL_COMPARISON);
    for (int run = -1; run < 0 || stage.isRun(run, stage.runs()); run++) {
      Files.writeString(
          list,
          stage.changeSource(1).stream().map(String::valueOf).collect(Collectors.joining("\n")));
      Taken taken = withJournal(Rung.CHANGE_LIST, "list", list.toString());
      if (run >= 0) {
        measured.add(WARM, taken);
      }
    }
    stage.requireEqual();
    report.add(
        measured,
        List.of(
            Aim.atMost(
                "change list of 1 %, with audit: under 0.5 s", 0.5, "s", measured.seconds(WARM))));
  }

  void sparse(RemoteCases remote) throws IOException, InterruptedException {
    Measured measured = new Measured("sparse, 1 % changed");
    String local = "switchback, local";
    String far = "switchback, remote";
    String rsync = "rsync -S";
    double allocated = 0;
    for (int run = 0; stage.isRun(run, stage.runs()); run++) {
      var _ = stage.change(1);
      measured.add(local, ours(Rung.FULL_COMPARISON));
      var _ = stage.change(1);
      measured.add(far, workers.remote(stage).by(Rung.FULL_COMPARISON));
      allocated = 100.0 * allocatedBytes(stage.target()) / allocatedBytes(stage.source());
      measured.add(rsync, remote.rsync(1, "-S"));
    }
    stage.requireEqual();
    measured.figure(
        "allocated size of the target",
        String.format(Locale.ROOT, "%.2f %%", allocated),
        "of the source's, after switchback, remote");
    report.add(
        measured,
        List.of(
            Aim.atLeast(
                "sparse, local: 10 × faster than rsync -S", 10, "×", measured.ratio(rsync, local)),
            Aim.atLeast(
                "sparse, remote: 5 × faster than rsync -S", 5, "×", measured.ratio(rsync, far)),
            Aim.atMost(
                "sparse: allocated size of the target within 1 % of the source's",
                1, "% away", Math.abs(allocated - 100))));
  }

  private static long allocatedBytes(Path file) throws IOException, InterruptedException {
    return Long.parseLong(Tools.firstLine("du", "--block-size=1", file.toString()).split("\\s")[0]);
  }

  void cold(RemoteCases remote) throws IOException, InterruptedException {
    String inTime = "cold cache, local: at most 1.3 × our own O_DIRECT reader of the same depth";
    String inTimeWithout = inTime.replace("local", "local, without journal");
    String inCpu = "cold cache, local: at most a third of rsync's CPU seconds";
    if (!Files.isWritable(DROP_CACHES)) {
      report.leaveOut(
          "cold cache, local, 1 % changed",
          "only root may empty the cache", inTime, inTimeWithout, inCpu);
      return;
    }
    Measured measured = new Measured("cold cache, local, 1 % changed");
    for (int run = 0; stage.isRun(run, stage.runs()); run++) {
      var _ = stage.change(1);
      dropCaches();
      measured.add(WARM, ours(Rung.FULL_COMPARISON));
      dropCaches();
      measured.add(reader(DEPTH), direct(DEPTH));
      var _ = stage.change(1);
      dropCaches();
      measured.add(NO_JOURNAL, withoutJournal());
      dropCaches();
      measured.add(reader(DEPTH_WITHOUT_JOURNAL), direct(DEPTH_WITHOUT_JOURNAL));
      dropCaches();
      measured.add("rsync", remote.rsync(1));
    }
    report.add(
        measured,
        List.of(
            Aim.atMost(inTime, 1.3, "×", measured.ratio(WARM, reader(DEPTH))),
            Aim.atMost(
                inTimeWithout, 1.3, "×", measured.ratio(NO_JOURNAL, reader(DEPTH_WITHOUT_JOURNAL))),
            Aim.atMost(
                inCpu, 1 / 3.0, "×", measured.cpuSeconds(WARM) / measured.cpuSeconds("rsync"))));
  }

  private static String reader(int depth) {
    return "O_DIRECT reader of both, %d at once".formatted(depth);
  }

  private Taken direct(int depth) throws IOException {
    return workers
        .turn(
            "direct", Integer.toString(depth), stage.source().toString(), stage.target().toString())
        .taken();
  }

  private static void dropCaches() throws IOException, InterruptedException {
    Tools.run("sync");
    Files.writeString(DROP_CACHES, "3\n");
  }
}
