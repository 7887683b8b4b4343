package io.switchback.bench.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brings an image up to another one, by the data plane and by the tools that people use for that.
 *
 * <p>All take turns on the same pair of files, whose second one is changed anew before every turn,
 * so that whatever else the machine does falls on all; the medians are compared. Ours is taken with
 * fsync and proof.
 */
public final class DeltaBench {
  private static final String WARM = "switchback, warm";
  private static final String FRESH = "switchback, fresh process";
  private static final long GIB = 1L << 30;

  private final Path folder;
  private final boolean isQuick;
  private final long sizeBytes;
  private final int runs;
  private final List<Measured> cases = new ArrayList<>();
  private long seed = 1;

  private DeltaBench(Path folder, boolean isQuick, long sizeBytes, int runs) {
    this.folder = folder;
    this.isQuick = isQuick;
    this.sizeBytes = sizeBytes;
    this.runs = runs;
  }

  /**
   * @param arguments folder to work in, then any of --quick, --json, --gib N, --runs N
   */
  public static void main(String[] arguments) throws Exception {
    List<String> options = List.of(arguments).subList(1, arguments.length);
    boolean isQuick = options.contains("--quick");
    long sizeBytes = number(options, "--gib", isQuick ? 2 : 8) * GIB;
    int runs = (int) number(options, "--runs", isQuick ? 3 : 5);
    Path folder =
        Files.createTempDirectory(
            Files.createDirectories(Path.of(arguments[0]).toAbsolutePath()), "run-");
    DeltaBench bench = new DeltaBench(folder, isQuick, sizeBytes, runs);
    try {
      bench.run();
    } finally {
      delete(folder);
    }
    System.out.println(options.contains("--json") ? bench.json() : bench.markdown());
  }

  private static long number(List<String> options, String name, long otherwise) {
    int at = options.indexOf(name);
    return at < 0 ? otherwise : Long.parseLong(options.get(at + 1));
  }

  private void run() throws IOException, InterruptedException {
    Path source = folder.resolve("source");
    Path target = folder.resolve("target");
    new Images().dense(source, sizeBytes);
    Tools.run("cp", "--sparse=never", source.toString(), target.toString());
    Tools.run("sync");
    try (WorkerProcess server = WorkerProcess.start("serve", folder.toString());
        WorkerProcess warm = WorkerProcess.start("pull")) {
      String port = server.line();
      warmUp(warm, port, target);
      remote(warm, port, source, target, 1, runs);
      remote(warm, port, source, target, 5, isQuick ? 1 : runs);
      if (!isQuick) {
        local(warm, source, target);
        listed(warm, source, target);
        Files.delete(target);
        Files.delete(source);
        sparse(warm, port);
      }
    }
  }

  /** A worker that has worked before: its code is compiled, and the images are in the cache. */
  private void warmUp(WorkerProcess warm, String port, Path target) throws IOException {
    for (int run = 0; run < 3; run++) {
      Images.change(target, 1, seed++);
      var _ = warm.ask("remote", port, "source", target.toString());
    }
  }

  private void remote(
      WorkerProcess warm, String port, Path source, Path target, double percent, int times)
      throws IOException, InterruptedException {
    Measured measured = new Measured("remote, %.0f %% changed".formatted(percent));
    for (int run = 0; run < times; run++) {
      int changed = Images.change(target, percent, seed++).size();
      WorkerProcess.Answer answer = warm.ask("remote", port, "source", target.toString());
      measured.add(WARM, answer.seconds());
      measured.wire(answer.wireBytes(), answer.tagBytes(), (long) changed * Images.REGION_BYTES);
      Images.change(target, percent, seed++);
      measured.add(FRESH, fresh(port, target));
      if (percent == 1) {
        measured.add("rsync -B 65536", rsync(source, target, percent, "-B", "65536"));
      }
      measured.add("rsync", rsync(source, target, percent));
    }
    requireEqual(source, target);
    cases.add(measured);
  }

  private static double fresh(String port, Path target) throws IOException {
    long startNanos = System.nanoTime();
    try (WorkerProcess fresh = WorkerProcess.start("pull")) {
      var _ = fresh.ask("remote", port, "source", target.toString());
    }
    return (System.nanoTime() - startNanos) / 1e9;
  }

  private double rsync(Path source, Path target, double percent, String... options)
      throws IOException, InterruptedException {
    Images.change(target, percent, seed++);
    List<String> command = new ArrayList<>(List.of("rsync", "-I", "--inplace", "--no-whole-file"));
    command.addAll(List.of(options));
    command.addAll(List.of(source.toString(), target.toString()));
    return Tools.seconds(command.toArray(String[]::new));
  }

  private void local(WorkerProcess warm, Path source, Path target)
      throws IOException, InterruptedException {
    Measured measured = new Measured("local compare and apply, 1 % changed");
    Path overlay = folder.resolve("overlay.qcow2");
    for (int run = 0; run < runs; run++) {
      Images.change(target, 1, seed++);
      measured.add(WARM, warm.ask("local", source.toString(), target.toString()).seconds());
      Images.change(target, 1, seed++);
      Tools.run(
          "qemu-img",
          "create",
          "-q",
          "-f",
          "qcow2",
          "-F",
          "raw",
          "-b",
          source.toString(),
          overlay.toString());
      measured.add(
          "qemu-img rebase",
          Tools.seconds(
              "qemu-img",
              "rebase",
              "-f",
              "qcow2",
              "-F",
              "raw",
              "-b",
              target.toString(),
              overlay.toString()));
      Files.delete(overlay);
      measured.add(
          "reading both images", Tools.seconds("cat", source.toString(), target.toString()));
    }
    cases.add(measured);
    compared(warm, source, target);
  }

  private void compared(WorkerProcess warm, Path source, Path target)
      throws IOException, InterruptedException {
    Measured equal = new Measured("local, nothing changed");
    var _ = warm.ask("local", source.toString(), target.toString());
    for (int run = 0; run < runs; run++) {
      equal.add(WARM, warm.ask("local", source.toString(), target.toString()).seconds());
      equal.add(
          "qemu-img compare",
          Tools.seconds(
              "qemu-img",
              "compare",
              "-q",
              "-f",
              "raw",
              "-F",
              "raw",
              source.toString(),
              target.toString()));
    }
    cases.add(equal);
  }

  private void listed(WorkerProcess warm, Path source, Path target)
      throws IOException, InterruptedException {
    Measured measured = new Measured("change list of 1 %, with audit");
    Path list = folder.resolve("list");
    for (int run = 0; run < runs; run++) {
      Files.writeString(
          list,
          Images.change(target, 1, seed++).stream()
              .map(String::valueOf)
              .collect(Collectors.joining("\n")));
      measured.add(
          WARM, warm.ask("list", source.toString(), target.toString(), list.toString()).seconds());
    }
    requireEqual(source, target);
    cases.add(measured);
  }

  private void sparse(WorkerProcess warm, String port) throws IOException, InterruptedException {
    Path source = folder.resolve("source");
    Path target = folder.resolve("target");
    new Images().sparse(source, sizeBytes, sizeBytes * 19 / 80);
    Tools.run("cp", "--sparse=always", source.toString(), target.toString());
    Measured measured = new Measured("sparse, 1 % changed");
    for (int run = 0; run < runs; run++) {
      Images.change(target, 1, seed++);
      measured.add(
          "switchback, local", warm.ask("local", source.toString(), target.toString()).seconds());
      Images.change(target, 1, seed++);
      measured.add(
          "switchback, remote", warm.ask("remote", port, "source", target.toString()).seconds());
      measured.add("rsync -S", rsync(source, target, 1, "-S"));
    }
    requireEqual(source, target);
    cases.add(measured);
  }

  private static void requireEqual(Path source, Path target)
      throws IOException, InterruptedException {
    Tools.run("cmp", source.toString(), target.toString());
  }

  private String json() {
    return "{\"sizeBytes\":%d,\"runs\":%d,\"cases\":[%s]}"
        .formatted(
            sizeBytes, runs, cases.stream().map(Measured::json).collect(Collectors.joining(",")));
  }

  private String markdown() {
    return "%d GiB, medians of %d\n\n| case | who | seconds | slower than |\n|--|--|--|--|\n%s"
        .formatted(
            sizeBytes / GIB,
            runs,
            cases.stream().map(Measured::markdown).collect(Collectors.joining("\n")));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
