package io.switchback.bench;

import io.switchback.delta.Batch;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabDaemon;
import io.switchback.lab.LabDiskSink;
import io.switchback.lab.LabFence;
import io.switchback.lab.LabSettings;
import io.switchback.lab.LabSites;
import io.switchback.lab.LabTransferActivities;
import io.switchback.lab.Stamp;
import io.switchback.lab.VmDefinition;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.Payloads;
import io.switchback.port.TransferActivities;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Two lab sites: production, with one VM whose disk is full and snapshotted, and recovery, which
 * gets a fresh replica for each run.
 */
final class Estate implements AutoCloseable {
  private static final String DISK = "disk-0";
  private static final String SNAPSHOT = "first";
  private static final VmRef PRODUCTION = new VmRef("production", "source", "source");

  private final long capacityBytes;
  private final LabDaemon production;
  private final LabClient productionClient;
  private final RecoverySiteProcess recovery;
  private final LabSites sites;
  private final TestActivityEnvironment environment;
  private int replicas;

  private Estate(Path folder, long capacityBytes) throws IOException {
    this.capacityBytes = capacityBytes;
    this.production =
        LabDaemon.start(new LabSettings("production", folder.resolve("production"), 0));
    this.productionClient = LabClient.at(production.address());
    this.recovery = RecoverySiteProcess.start(folder.resolve("recovery"));
    this.sites =
        new LabSites(Map.of("production", productionClient, "recovery", recovery.client()));
    this.environment =
        TestActivityEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter())
                        .build())
                .build());
    environment.registerActivitiesImplementations(new LabTransferActivities(sites));
  }

  /** Makes the sites in {@code folder}; the production disk gets the bytes of {@code image}. */
  static Estate with(Path folder, Path image, long capacityBytes) throws IOException {
    Estate estate = new Estate(folder, capacityBytes);
    estate.fillProduction(image);
    return estate;
  }

  private void fillProduction(Path image) throws IOException {
    var _ = productionClient.createVm(vm(PRODUCTION.id()), stamp("prepare", 1));
    try (LabDiskSink sink =
            LabDiskSink.open(productionClient, PRODUCTION.id(), DISK, stamp("prepare", 1));
        FileChannel bytes = FileChannel.open(image)) {
      ByteBuffer batch = ByteBuffer.allocate(Batch.MAX_BYTES);
      for (long at = 0; at < capacityBytes; at += batch.limit()) {
        batch.clear();
        while (batch.hasRemaining() && bytes.read(batch) >= 0) {}
        sink.write(new Batch(List.of(new Batch.Data(at, batch.flip()))));
      }
      sink.flush();
    }
    var _ = productionClient.createSnapshot(PRODUCTION.id(), SNAPSHOT, false, stamp("prepare", 1));
  }

  /** A fresh replica's name; making it is not part of the transfer. */
  VmRef newReplica() {
    String name = "replica-" + ++replicas;
    var _ = recovery.client().createVm(vm(name), stamp("prepare", 1));
    return new VmRef("recovery", name, name);
  }

  void delete(VmRef replica) {
    recovery.client().deleteVm(replica.id(), stamp("remove", 3));
  }

  /** The transfer step of a first replication, as a worker runs it. */
  Transferred transfer(VmRef replica) {
    return environment
        .newActivityStub(TransferActivities.class)
        .transferDisk(
            new TransferDisk(
                new Mandate("bench", "transfer", new Fence(1, 1, 2, 1)),
                PRODUCTION,
                SNAPSHOT,
                replica,
                new DiskPair(DISK, DISK, capacityBytes),
                null));
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
    environment.close();
    sites.close();
    recovery.close();
    production.close();
  }
}
