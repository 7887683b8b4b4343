package io.switchback.lab.witness;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Holds production's disks against what the replica had written when it was powered off. */
final class FailbackCase {
  private final Path site;
  private final JournalFile production;
  private final JournalFile replica;
  private final List<String> mistakes = new ArrayList<>();

  private FailbackCase(Path site, JournalFile production, JournalFile replica) {
    this.site = site;
    this.production = production;
    this.replica = replica;
  }

  static FailbackTestimony hear(
      Path recoverySite, String replicaName, Path productionSite, String vm) throws IOException {
    return new FailbackCase(
            productionSite,
            JournalFile.read(productionSite, vm),
            JournalFile.read(recoverySite, replicaName))
        .hear();
  }

  private FailbackTestimony hear() throws IOException {
    int powerOff = replica.last(Set.of("powerOff"), replica.lines().size());
    if (powerOff < 0) {
      throw new WitnessException(
          "The replica '%s' was never powered off.".formatted(replica.vmName()));
    }
    JournalFile.Progress before = replica.before(powerOff);
    long whole = Long.MAX_VALUE;
    long ofReplica = Long.MAX_VALUE;
    int guests = 0;
    for (String disk : DiskFiles.disksOf(site, production.vmId())) {
      RecordScan scan = scan(disk);
      if (scan.isGuests()) {
        guests++;
        whole = Math.min(whole, scan.boots().size());
        ofReplica = Math.min(ofReplica, look(disk, scan, before));
      }
    }
    if (guests == 0) {
      throw new WitnessException(
          "'%s' has no disk that a guest has written to.".formatted(production.vmName()));
    }
    int expected = replica.guestDisks(powerOff).size();
    if (guests != expected) {
      mistakes.add(
          "The replica's guest wrote to %d disks, and %d of production hold records."
              .formatted(expected, guests));
    }
    return new FailbackTestimony(
        production.vmName(),
        replica.vmName(),
        whole,
        ofReplica,
        before.flushed(),
        before.written(),
        Math.max(0, before.flushed() - ofReplica),
        Testimony.verdict(mistakes),
        mistakes);
  }

  private RecordScan scan(String disk) throws IOException {
    try (DiskFiles files = DiskFiles.open(site, production.vmId(), disk)) {
      return RecordScan.of(files);
    }
  }

  /** The last record of the replica on the disk; what comes after it must be production's own. */
  private long look(String disk, RecordScan scan, JournalFile.Progress before) throws IOException {
    Set<String> its = replica.boots();
    // Also of the VM that was production before, where the data went to another one.
    Set<String> own = JournalFile.bootsAt(site);
    int last = scan.boots().size();
    while (last > 0 && !its.contains(scan.boots().get(last - 1))) {
      last--;
    }
    if (last < before.flushed()) {
      mistakes.add(
          "Disk '%s' holds the replica's records up to %d, but record %d was flushed before its power-off."
              .formatted(disk, last, before.flushed()));
    }
    if (last > before.written()) {
      mistakes.add(
          "Disk '%s' holds the replica's record %d, but only %d were written before its power-off."
              .formatted(disk, last, before.written()));
    }
    for (int i = 0; i < scan.boots().size(); i++) {
      String boot = scan.boots().get(i);
      if (!own.contains(boot) && !its.contains(boot)) {
        mistakes.add(
            "Record %d on disk '%s' was written by boot %s, which is none of production's site nor of the replica."
                .formatted(i + 1, disk, boot));
        break;
      }
    }
    scan.gap(disk).ifPresent(mistakes::add);
    return last;
  }
}
