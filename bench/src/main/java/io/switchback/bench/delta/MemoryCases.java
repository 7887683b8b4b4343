package io.switchback.bench.delta;

import io.switchback.delta.Rung;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Transfers whose time does not matter: what they need, and what they say. */
final class MemoryCases {
  private static final int AT_ONCE = 8;
  private static final long GIB = 1L << 30;
  private static final long TIB = 1L << 40;
  private static final double MIB = 1 << 20;

  /** The heap, and as much beside it. */
  private static final double MOST_MIB = 512;

  private final Stage stage;
  private final Report report;

  MemoryCases(Stage stage, Report report) {
    this.stage = stage;
    this.report = report;
  }

  void eightFull() throws IOException, InterruptedException {
    Path source = stage.folder().resolve("full");
    new Images().dense(source, GIB);
    atOnce("eight transfers at once, 1 GiB each, 1 % changed", source, "never");
  }

  void eightSparse() throws IOException, InterruptedException {
    Path source = stage.folder().resolve("thin");
    new Images().sparse(source, 64 * GIB, GIB / 4);
    atOnce("eight transfers at once, 64 GiB sparse each, 0.1 % changed", source, "always");
  }

  private void atOnce(String name, Path source, String sparse)
      throws IOException, InterruptedException {
    double percent = sparse.equals("never") ? 1 : 0.1;
    for (int at = 0; at < AT_ONCE; at++) {
      Files.createLink(Path.of(source + "-" + at), source);
      Path target = Path.of(source + "-target-" + at);
      Tools.run("cp", "--sparse=" + sparse, source.toString(), target.toString());
    }
    Measured measured = new Measured(name);
    double mostMib;
    try (Workers workers = Workers.start(stage)) {
      for (int run = 0; stage.isRun(run, stage.runs()); run++) {
        for (int at = 0; at < AT_ONCE; at++) {
          var _ = stage.change(Path.of(source + "-target-" + at), percent);
        }
        measured.add(
            "switchback",
            workers
                .turn(
                    "many",
                    workers.port(),
                    source.getFileName().toString(),
                    source + "-target",
                    Integer.toString(AT_ONCE),
                    stage.folder().resolve("states").resolve("run-" + run).toString())
                .taken());
      }
      mostMib = resident(measured, "serves", workers.serving());
      mostMib = Math.max(mostMib, resident(measured, "pulls", workers.pulling()));
    }
    for (int at = 0; at < AT_ONCE; at++) {
      // It passes over the holes, which would be half a terabyte to read.
      Tools.run(
          "qemu-img",
          "compare",
          "-q",
          "-f",
          "raw",
          "-F",
          "raw",
          source.toString(),
          source + "-target-" + at);
      Files.delete(Path.of(source + "-" + at));
      Files.delete(Path.of(source + "-target-" + at));
    }
    Files.delete(source);
    report.add(
        measured,
        List.of(
            Aim.atMost(
                name + ": at most 512 MiB resident, heap included", MOST_MIB, "MiB", mostMib)));
  }

  private static double resident(Measured measured, String what, WorkerProcess worker)
      throws IOException {
    double mib = worker.mostResidentBytes() / MIB;
    measured.figure(
        "most resident memory of the worker that " + what,
        String.format(Locale.ROOT, "%.0f MiB", mib),
        "-Xmx256m");
    return mib;
  }

  /** Equal disks of 1 TiB without any data. */
  void equalTerabyte(Workers workers) throws IOException {
    String name = "remote, 1 TiB of equal holes";
    String remark = "16 bytes for each 16 MiB are 1 MiB";
    Measured measured = new Measured(name);
    double mib = 0;
    double journalMib = 0;
    for (int run = 0; stage.isRun(run, stage.runs()); run++) {
      mib = Math.max(mib, equalHoles(measured, workers, TIB, false) / MIB);
      journalMib = Math.max(journalMib, equalHoles(measured, workers, TIB, true) / MIB);
    }
    measured.figure("on the wire", String.format(Locale.ROOT, "%.3f MiB", mib), remark);
    measured.figure(
        "on the wire, with journal", String.format(Locale.ROOT, "%.3f MiB", journalMib), remark);
    report.add(
        measured,
        List.of(
            Aim.atMost("equal disks: at most 1.1 MiB per TiB", 1.1, "MiB", mib),
            Aim.atMost(
                "equal disks, with journal: at most 1.1 MiB per TiB", 1.1, "MiB", journalMib)));
  }

  /** What of it does not shrink with the disk: a question is asked for each 1/512 of any disk. */
  void equalSmallDisk(Workers workers) throws IOException {
    Measured measured = new Measured("remote, 16 GiB of equal holes");
    double kib = 0;
    for (int run = 0; stage.isRun(run, stage.runs()); run++) {
      kib = Math.max(kib, equalHoles(measured, workers, 16 * GIB, true) / 1024.0);
    }
    measured.figure(
        "on the wire, with journal",
        String.format(Locale.ROOT, "%.1f KiB", kib),
        "16 bytes for each 16 MiB are 16 KiB; the rest are the questions, one for each 1/512 of the disk");
    report.add(measured, List.of());
  }

  /**
   * @return bytes on the wire
   */
  private long equalHoles(Measured measured, Workers workers, long sizeBytes, boolean isTold)
      throws IOException {
    Path source = stage.folder().resolve("holes");
    Path target = stage.folder().resolve("holes-target");
    for (Path file : List.of(source, target)) {
      try (var hole = new java.io.RandomAccessFile(file.toFile(), "rw")) {
        hole.setLength(sizeBytes);
      }
    }
    List<String> words =
        new ArrayList<>(List.of("remote", workers.port(), "holes", target.toString()));
    if (isTold) {
      Path state = Files.createTempDirectory(stage.folder(), "holes-state-");
      words.addAll(List.of(state.toString(), "equal"));
    }
    Workers.Turn turn = workers.turn(words);
    measured.add(
        isTold ? "switchback, with journal" : "switchback, without journal",
        turn.by(Rung.FULL_COMPARISON));
    Files.delete(source);
    Files.delete(target);
    return turn.answer().wireBytes();
  }
}
