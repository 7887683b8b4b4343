package io.switchback.operation;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The transfers of replication cycles: what changed on the disks of one VM, sent to its replica.
 */
final class CycleTransfers {
  private final Ports ports;
  private final BiFunction<CyclePlan, String, Mandate> mandates;
  private final CycleLog log;
  private final ProductionDisks source;
  private @Nullable Transferring place;

  /**
   * @param mandates make the mandate for what a cycle changes, by its name
   */
  CycleTransfers(Ports ports, BiFunction<CyclePlan, String, Mandate> mandates, CycleLog log) {
    this.ports = ports;
    this.mandates = mandates;
    this.log = log;
    this.source = new ProductionDisks(ports);
  }

  /** Waits for a place among the transfers to the recovery site, unless it has one. */
  void awaitPlace(CyclePlan plan) {
    Transferring own = place;
    if (own == null) {
      own = new Transferring(ports, plan.replica());
      place = own;
    }
    own.begin(log::show);
  }

  void givePlaceBack() {
    Transferring own = place;
    place = null;
    if (own != null) {
      own.end();
    }
  }

  void findSource(CyclePlan plan) {
    source.find(plan.replica().production());
  }

  /**
   * A disk that production has gained or lost since it was described would be a silent gap in the
   * restore point: the cycle ends with the reason instead, and the next one carries the disk over.
   */
  void refuseOthers(List<DiskPair> disks, Set<String> atProduction) {
    Set<String> followed = new TreeSet<>();
    disks.forEach(disk -> followed.add(disk.productionDisk()));
    // A platform that does not track changes names no disks with its snapshot.
    if (!atProduction.isEmpty() && !atProduction.equals(followed)) {
      throw new FaultException(
          Fault.BUSY,
          "Could not replicate '%s': its disks changed while the cycle began, from %s to %s. The next cycle carries it over."
              .formatted(log.vm(), followed, new TreeSet<>(atProduction)));
    }
  }

  List<Transferred> send(CyclePlan plan, List<DiskPair> disks) {
    List<Transferred> sent = new ArrayList<>();
    for (DiskPair disk : disks) {
      log.sends(disk.productionDisk(), plan.replica().recovery(), disk.recoveryDisk());
      sent.add(send(plan, disk));
    }
    return sent;
  }

  private Transferred send(CyclePlan plan, DiskPair disk) {
    Replica replica = plan.replica();
    // What changed since the newest point is all that differs only where that point has this very
    // disk: a new one, also one in another's place, is copied whole.
    boolean isKnown = replica.disks().contains(disk);
    String compare = isKnown ? plan.compare() : "";
    String since =
        isKnown && compare.isEmpty() ? plan.changeIds().get(disk.productionDisk()) : null;
    RestorePoint point = plan.newest();
    return source.send(
        "Send " + log.vm() + ", disk " + disk.productionDisk(),
        () ->
            new TransferDisk(
                mandates.apply(plan, "transfer"),
                replica.production(),
                CycleSnapshots.name(plan),
                replica.recovery(),
                disk,
                since,
                point == null ? null : point.snapshot(),
                compare,
                null));
  }
}
