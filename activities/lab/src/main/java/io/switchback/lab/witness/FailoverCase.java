package io.switchback.lab.witness;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Holds a replica's disks against what both journals say should be on them. */
final class FailoverCase {
  private final Path recoverySite;
  private final JournalFile production;
  private final JournalFile replica;
  private final List<String> mistakes = new ArrayList<>();

  private FailoverCase(Path recoverySite, JournalFile production, JournalFile replica) {
    this.recoverySite = recoverySite;
    this.production = production;
    this.replica = replica;
  }

  static FailoverTestimony hear(
      Path productionSite, String vm, Path recoverySite, String replicaName) throws IOException {
    return new FailoverCase(
            recoverySite,
            JournalFile.read(productionSite, vm),
            JournalFile.read(recoverySite, replicaName))
        .hear();
  }

  private FailoverTestimony hear() throws IOException {
    int powerOn = replica.last(Set.of("powerOn"), replica.lines().size());
    // A replica stands on the snapshot that it was reverted to, or that was taken of it, last.
    int point = replica.last(Set.of("revert", "createSnapshot"), powerOn);
    if (powerOn < 0 || point < 0) {
      throw new WitnessException(
          "The replica '%s' was never powered on from a restore point."
              .formatted(replica.vmName()));
    }
    String name = replica.lines().get(point).snapshotName();
    int snapshot = snapshotAtProduction(name);
    JournalFile.Progress before = production.before(snapshot);
    var startedAt = replica.lines().get(powerOn).at();
    long atProduction = production.at(startedAt).written();

    long whole = Long.MAX_VALUE;
    long added = Long.MAX_VALUE;
    List<String> disks = DiskFiles.disksOf(recoverySite, replica.vmId());
    if (disks.isEmpty()) {
      throw new WitnessException(
          "The replica '%s' has no disk to look at.".formatted(replica.vmName()));
    }
    int guests = 0;
    for (String disk : disks) {
      RecordScan scan = scan(disk);
      if (!scan.isGuests()) {
        continue; // Added later, so it holds no records at production either.
      }
      guests++;
      long ofProduction = productionsOwn(scan);
      checkDisk(disk, scan, ofProduction, before);
      if (whole != Long.MAX_VALUE && whole != ofProduction) {
        mistakes.add(
            "The disks are of different moments: %d records of production on one and %d on disk '%s'."
                .formatted(whole, ofProduction, disk));
      }
      whole = Math.min(whole, ofProduction);
      added = Math.min(added, scan.boots().size() - ofProduction);
    }
    int expected = production.guestDisks(snapshot).size();
    if (expected > 0 && guests != expected) {
      mistakes.add(
          "Production's guest wrote to %d disks, but %d of the replica's %d hold its records."
              .formatted(expected, guests, disks.size()));
    }
    if (guests == 0) {
      whole = 0;
      added = 0;
    }
    return new FailoverTestimony(
        production.vmName(),
        replica.vmName(),
        name,
        whole,
        before.flushed(),
        before.written(),
        atProduction,
        atProduction - whole,
        Duration.between(production.lines().get(snapshot).at(), startedAt).toMillis() / 1000.0,
        Math.max(0, before.flushed() - whole),
        added,
        Testimony.verdict(mistakes),
        mistakes);
  }

  private int snapshotAtProduction(String name) {
    int found = -1;
    for (int i = 0; i < production.lines().size(); i++) {
      JournalFile.Line line = production.lines().get(i);
      if (line.kind().equals("createSnapshot") && line.snapshotName().equals(name)) {
        if (found >= 0) {
          mistakes.add("Production was snapshotted twice as '%s'.".formatted(name));
        }
        found = i;
      }
    }
    if (found < 0) {
      throw new WitnessException(
          "Production was never snapshotted as '%s', the point that replica '%s' stands on."
              .formatted(name, replica.vmName()));
    }
    return found;
  }

  private RecordScan scan(String disk) throws IOException {
    try (DiskFiles files = DiskFiles.open(recoverySite, replica.vmId(), disk)) {
      return RecordScan.of(files);
    }
  }

  private long productionsOwn(RecordScan scan) {
    Set<String> boots = production.boots();
    int own = 0;
    while (own < scan.boots().size() && boots.contains(scan.boots().get(own))) {
      own++;
    }
    return own;
  }

  private void checkDisk(String disk, RecordScan scan, long whole, JournalFile.Progress before) {
    if (whole < before.flushed()) {
      mistakes.add(
          "Disk '%s' holds production's records 1 to %d, but record %d was flushed before the restore point."
              .formatted(disk, whole, before.flushed()));
    }
    if (whole > before.written()) {
      mistakes.add(
          "Disk '%s' holds production's records 1 to %d, but only %d were written before the restore point."
              .formatted(disk, whole, before.written()));
    }
    Set<String> own = replica.boots();
    for (int i = (int) whole; i < scan.boots().size(); i++) {
      if (!own.contains(scan.boots().get(i))) {
        mistakes.add(
            "Record %d on disk '%s' was written by boot %s, which is none of the replica's."
                .formatted(i + 1, disk, scan.boots().get(i)));
        break;
      }
    }
    scan.gap(disk).ifPresent(mistakes::add);
  }
}
