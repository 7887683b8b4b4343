package io.switchback.bench;

import io.switchback.delta.Batch;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabDaemon;
import io.switchback.lab.LabDiskSink;
import io.switchback.lab.LabDiskSource;
import io.switchback.lab.LabFence;
import io.switchback.lab.LabSettings;
import io.switchback.lab.Stamp;
import io.switchback.lab.VmDefinition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/**
 * Two lab sites: production, with one VM whose disk is full and snapshotted, and recovery, which
 * gets a fresh replica for each run.
 */
final class Estate implements AutoCloseable {
  private static final String DISK = "disk-0";
  private static final String SNAPSHOT = "first";
  private static final String PRODUCTION = "source";

  private final long capacityBytes;
  private final Path productionFolder;
  private final LabDaemon production;
  private final LabClient productionClient;
  private final RecoverySiteProcess recovery;
  private int replicas;

  private Estate(Path folder, long capacityBytes) throws IOException {
    this.capacityBytes = capacityBytes;
    this.productionFolder = folder.resolve("production");
    this.production = LabDaemon.start(new LabSettings("production", productionFolder, 0));
    this.productionClient = LabClient.of(productionFolder);
    this.recovery = RecoverySiteProcess.start(folder.resolve("recovery"));
  }

  /** Makes the sites in {@code folder}; the production disk gets the bytes of {@code image}. */
  static Estate with(Path folder, Path image, long capacityBytes) throws IOException {
    Estate estate = new Estate(folder, capacityBytes);
    estate.fillProduction(image);
    return estate;
  }

  private void fillProduction(Path image) throws IOException {
    var _ = productionClient.createVm(vm(PRODUCTION), stamp("prepare", 1));
    try (LabDiskSink sink =
            LabDiskSink.open(productionClient, PRODUCTION, DISK, stamp("prepare", 1));
        FileChannel bytes = FileChannel.open(image)) {
      ByteBuffer batch = ByteBuffer.allocate(Batch.MAX_BYTES);
      for (long at = 0; at < capacityBytes; at += batch.limit()) {
        batch.clear();
        while (batch.hasRemaining() && bytes.read(batch) >= 0) {}
        sink.write(new Batch(List.of(new Batch.Data(at, batch.flip()))));
      }
      sink.flush();
    }
    var _ = productionClient.createSnapshot(PRODUCTION, SNAPSHOT, false, stamp("prepare", 1));
  }

  /** A fresh replica's name; making it is not part of the transfer. */
  String newReplica() {
    String name = "replica-" + ++replicas;
    var _ = recovery.client().createVm(vm(name), stamp("prepare", 1));
    return name;
  }

  void delete(String replica) {
    recovery.client().deleteVm(replica, stamp("remove", 3));
  }

  /** The transfer step of a first replication, from opening the disks on. */
  TransferResult transfer(String replica) throws IOException, InterruptedException {
    try (LabDiskSource source = LabDiskSource.open(productionFolder, PRODUCTION, DISK, SNAPSHOT);
        LabDiskSink sink =
            LabDiskSink.open(recovery.client(), replica, DISK, stamp("transfer", 2))) {
      ChangedAreas everything = new ChangedAreas.Unknown("there is no earlier cycle of this disk");
      return new Transfer(source, sink, everything, TransferObserver.NONE).run();
    }
  }

  private VmDefinition vm(String name) {
    return new VmDefinition(
        name,
        name,
        null,
        List.of(DiskDefinition.empty(DISK, capacityBytes)),
        new GuestDefinition(0.0, null, null, null, null),
        false);
  }

  private static Stamp stamp(String step, long number) {
    return new Stamp("bench", step, new LabFence(1, 1, number, 1));
  }

  @Override
  public void close() throws IOException {
    productionClient.close();
    recovery.close();
    production.close();
  }
}
