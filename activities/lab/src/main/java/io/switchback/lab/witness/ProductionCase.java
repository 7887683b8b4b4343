package io.switchback.lab.witness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Holds a VM's disks against its own site's journal; works while the VM runs. */
final class ProductionCase {
  private ProductionCase() {}

  static ProductionTestimony hear(Path site, String vm) throws IOException {
    List<String> mistakes = new ArrayList<>();
    JournalFile before = JournalFile.read(site, vm);
    long flushed = before.before(before.lines().size()).flushed();
    long whole = Long.MAX_VALUE;
    List<RecordScan> scans = new ArrayList<>();
    Set<String> guests = before.guestDisks(before.lines().size());
    for (String disk : DiskFiles.disksOf(site, before.vmId())) {
      if (!guests.isEmpty() && !guests.contains(disk)) {
        continue; // Added after the guest's first boot, so it holds no records.
      }
      try (DiskFiles files = DiskFiles.open(site, before.vmId(), disk)) {
        RecordScan scan = RecordScan.of(files);
        scans.add(scan);
        whole = Math.min(whole, scan.boots().size());
        if (scan.boots().size() < flushed) {
          mistakes.add(
              "Disk '%s' holds records 1 to %d, but record %d was flushed."
                  .formatted(disk, scan.boots().size(), flushed));
        }
        scan.gap(disk).ifPresent(mistakes::add);
      }
    }
    // Read again, because the guest went on writing while its disks were read.
    JournalFile after = JournalFile.read(site, vm);
    long written = after.before(after.lines().size()).written();
    if (whole > written) {
      mistakes.add(
          "The disks hold records 1 to %d, but only %d were ever written."
              .formatted(whole, written));
    }
    checkWriters(scans, after.boots(), mistakes);
    return new ProductionTestimony(
        vm, whole, flushed, written, Testimony.verdict(mistakes), mistakes);
  }

  private static void checkWriters(List<RecordScan> scans, Set<String> own, List<String> mistakes) {
    for (RecordScan scan : scans) {
      for (int i = 0; i < scan.boots().size(); i++) {
        if (!own.contains(scan.boots().get(i))) {
          mistakes.add(
              "Record %d was written by boot %s, which is none of this VM's."
                  .formatted(i + 1, scan.boots().get(i)));
          break;
        }
      }
    }
  }
}
