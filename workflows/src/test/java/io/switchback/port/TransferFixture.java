package io.switchback.port;

import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import java.util.List;
import java.util.Map;

/**
 * Two sites for {@link TransferContract}: the adapter, and a way past it, by which the suite looks
 * and meddles from outside the product. Each test opens one of its own.
 */
public interface TransferFixture extends AutoCloseable {
  /** The adapter under test. */
  TransferActivities transfers();

  /** A replica and its production VM, both off, with two empty disks of equal capacity each. */
  Replica replica();

  /**
   * At least four places on a disk, in rising order, so far apart that the first and the last never
   * travel in the same batch.
   */
  List<Long> places();

  /** Writes durably to a disk of a VM that is off, past the adapter. */
  void write(VmRef vm, String disk, long offsetBytes, byte[] bytes);

  /** Reads a disk of a VM that is off, past the adapter. */
  byte[] read(VmRef vm, String disk, long offsetBytes, int length);

  /** Snapshots the production VM; answers the change id of each disk at that moment. */
  Map<String, String> snapshot(String name);

  /** Snapshots the replica, which stands on it from then on. */
  void snapshotReplica(String name);

  /** Whether the recovery site stores digests of what a replica's disk holds. */
  default boolean storesDigests() {
    return false;
  }

  /** Whether the recovery site tells where a replica's disk was written. */
  default boolean listsWritesToReplicas() {
    return true;
  }

  /** Production forgets what changed before now. */
  void resetChangeTracking();

  /** Powers the replica on or off as a person with the hypervisor's own client does. */
  void powerReplica(PowerState power);

  /** The replica's power, as the hypervisor's own client shows it. */
  PowerState powerOfReplica();

  /** Makes a disk of the replica larger than production's. */
  void growReplicaDisk(String disk);

  /** The recovery site's datastore takes no more bytes. */
  void fillDatastore();

  /** In the next transfer, the sink loses what it was sent between its flush and the proof. */
  void spoilAfterFlush();

  /** Runs {@code happening} once the next transfer has written and not yet all. */
  void betweenBatches(Runnable happening);

  /** Production's hypervisor answers nobody from now on. */
  void breakProduction();

  /** The recovery site's hypervisor answers nobody from now on. */
  void breakRecovery();

  @Override
  void close();
}
