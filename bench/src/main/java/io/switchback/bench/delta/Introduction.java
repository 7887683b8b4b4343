package io.switchback.bench.delta;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** What was measured, on which machine, with what, and how to do it again. */
final class Introduction {
  private Introduction() {}

  static String of(Stage stage) throws IOException, InterruptedException {
    return """
    # Benchmarks of the data plane

    `bench/delta > docs/benchmarks.md` wrote this page, in one run. It makes a pair of images and changes 64 KiB regions at random
    places before every turn; Switchback and the tools that people use for the same take turns to bring the second image up to
    the first one, and the medians are compared, of as many runs as the row says. Switchback runs as two worker processes of
    `-Xmx256m` over loopback, with fsync of the target, proof of the whole disk, and, where it is not named otherwise, with a
    journal and the tags of the disk stored beside it, and without TLS. *Warm* is a worker that has compared %d GiB before,
    *fresh process* begins with the start of its JVM. The images are locked in the cache (`mlock`) where it is not called cold.
    CPU seconds are those of all processes that take part, at both ends.

    The machine has neighbours, and is slower at some times than at others. Rows of one case take turns, so their ratio is steadier than
    their seconds; a ratio between rows of different cases says nothing below two.

    The regions are changed in the second image, which makes its stored tags useless: both images are read, and digests exchanged,
    as rsync does it. Where a row says *stored digests*, they are changed in the first one, which is how a replica is followed:
    nobody but the data plane has written the second one, so it is not read to be compared. A machine image changes as much
    either way. rsync keeps no journal and no tags, and syncs nothing: the rows *without journal* are its likes, but for the fsync and the proof.

        bench/delta [--gib 8] [--runs 5] [--minutes 45]
        bench/delta --quick --json            2 GiB, the first two cases, one JSON object

    %s: %s; Linux %s; JDK %s; %s; %s; %s; %s. Images of %d GiB.
    """
        .formatted(
            RemoteCases.WARM_BYTES >> 30,
            LocalDate.now(ZoneOffset.UTC),
            machine(),
            System.getProperty("os.version"),
            System.getProperty("java.version"),
            tool("rsync", "--version"),
            tool("qemu-img", "--version"),
            tool("restic", "version"),
            tool("borg", "--version"),
            stage.sizeBytes() >> 30);
  }

  private static String tool(String... version) throws IOException, InterruptedException {
    return Tools.has(version[0])
        ? Tools.firstLine(version)
            .replaceAll("\\s+", " ")
            .replaceAll("(Copyright|protocol|compiled).*", "")
            .trim()
        : "no " + version[0];
  }

  private static String machine() throws IOException {
    return "%d processors %s, %s GiB"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            field(Path.of("/proc/cpuinfo"), "model name"),
            kibToGib(field(Path.of("/proc/meminfo"), "MemTotal")));
  }

  private static String kibToGib(String kib) {
    String digits = kib.replaceAll("\\D", "");
    return digits.isEmpty() ? "?" : Long.toString(Math.round(Long.parseLong(digits) / 1048576.0));
  }

  private static String field(Path file, String name) throws IOException {
    if (!Files.exists(file)) {
      return "unknown";
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .orElse("unknown");
    }
  }
}
