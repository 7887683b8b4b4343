package io.switchback.lab;

import io.switchback.model.Firmware;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a VM shows.
 *
 * @param toolsReady whether the guest has booted and can be asked
 * @param boot of the running guest
 * @param bootedAt when it was ready
 * @param service where the guest answers {@code GET /}, once booted
 * @param halted the guest's plain word when it writes no more, such as {@code disk full}
 * @param standsOn id of the snapshot under the present state
 * @param unsavedBytes written since that snapshot, in whole grains: what a revert to it loses
 * @param fence the highest seen for the VM or any of its disks
 * @param host where it runs; while it is off, the only one it may run on, or empty
 * @param allocatedBytes what all its layers take of the datastore
 * @param managedBy who looks after it, so that nobody starts it by hand; empty = nobody
 * @param at the site's clock
 */
public record VmView(
    String id,
    String name,
    PowerState power,
    boolean toolsReady,
    @Nullable String boot,
    @Nullable Instant bootedAt,
    @Nullable URI service,
    @Nullable String halted,
    List<NetworkCard> networks,
    List<DiskDefinition> disks,
    List<SnapshotView> snapshots,
    @Nullable String standsOn,
    long unsavedBytes,
    boolean autostart,
    @Nullable LabFence fence,
    String folder,
    List<String> tags,
    int cpus,
    long memoryBytes,
    Firmware firmware,
    String host,
    String datastore,
    long allocatedBytes,
    String managedBy,
    Instant at) {

  public VmView {
    networks = List.copyOf(networks);
    disks = List.copyOf(disks);
    snapshots = List.copyOf(snapshots);
    tags = List.copyOf(tags);
  }
}
