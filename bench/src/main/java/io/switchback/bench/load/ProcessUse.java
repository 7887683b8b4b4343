package io.switchback.bench.load;

import io.switchback.worker.local.StartedProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a process and its children have used, as Linux counts it.
 *
 * @param cpuSeconds since they were started, children that have ended included
 * @param memoryBytes now; what several share is counted once (PSS)
 */
record ProcessUse(double cpuSeconds, long memoryBytes) {
  /** Of {@code /proc/<pid>/stat}; every Linux that Java runs on has this one. */
  private static final double TICKS_PER_SECOND = 100;

  private static final int USER_TICKS = 11;
  private static final int CHILDREN_SYSTEM_TICKS = 14;

  /** By the name of the process. */
  static Map<String, ProcessUse> of(Map<String, StartedProcess> processes) {
    Map<String, ProcessUse> uses = new TreeMap<>();
    processes.forEach((name, process) -> uses.put(name, ofTree(process.pid())));
    return uses;
  }

  private static ProcessUse ofTree(long pid) {
    double cpuSeconds = 0;
    long memoryBytes = 0;
    for (long one :
        ProcessHandle.of(pid).stream()
            .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
            .mapToLong(ProcessHandle::pid)
            .toArray()) {
      ProcessUse use = ofOne(one);
      cpuSeconds += use.cpuSeconds;
      memoryBytes += use.memoryBytes;
    }
    return new ProcessUse(cpuSeconds, memoryBytes);
  }

  private static ProcessUse ofOne(long pid) {
    Path directory = Path.of("/proc", Long.toString(pid));
    try {
      String stat = Files.readString(directory.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      long ticks = 0;
      for (int field = USER_TICKS; field <= CHILDREN_SYSTEM_TICKS; field++) {
        ticks += Long.parseLong(fields[field]);
      }
      return new ProcessUse(ticks / TICKS_PER_SECOND, memory(directory));
    } catch (IOException ended) {
      return new ProcessUse(0, 0);
    }
  }

  private static long memory(Path directory) throws IOException {
    try (Stream<String> lines = Files.lines(directory.resolve("smaps_rollup"))) {
      return lines
          .filter(line -> line.startsWith("Pss:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    }
  }

  /** Runnable processes of the whole machine over the last minute. */
  static double loadAverage() {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
    } catch (IOException notLinux) {
      return -1;
    }
  }
}
