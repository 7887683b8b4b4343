package io.switchback.vsphere;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.Geometry;
import io.switchback.delta.RateLimits;
import io.switchback.delta.TransferBook;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.wire.Handshake;
import io.switchback.delta.wire.RemoteSource;
import io.switchback.delta.wire.SourceServer;
import io.switchback.delta.wire.WireSettings;
import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.SnapshotActivities.CreateSnapshot;
import io.switchback.port.TransferActivities;
import io.switchback.port.TransferFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.rmi.RemoteException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Two simulated vCenters for the transfer suite, with a transfer appliance at each: one worker that
 * runs on both, or one at each, of which production's serves its disks.
 */
final class VcsimTransferFixture implements TransferFixture {
  private static final WireSettings PLAIN = WireSettings.standard().withPlainOnLoopback();
  private static final int SUPERS = Math.max(2, Runtime.getRuntime().availableProcessors()) + 2;
  private static final long CAPACITY = SUPERS * (long) Geometry.SUPER_BYTES;

  private final TransferSite production;
  private final TransferSite recovery;
  private final VCenters vcenters;
  private final Appliances appliances;
  private final Optional<SourceServer> server;
  private final String dataAddress;
  private boolean isBroken;

  /** What a vCenter for it is started with. */
  static String[] flags() {
    return new String[] {"-vms", "100", "-disks", "2", "-disk-mib", String.valueOf(CAPACITY >> 20)};
  }

  /**
   * @param served whether production's worker serves its disks
   */
  VcsimTransferFixture(VcsimEstate berlin, VcsimEstate munich, boolean served) throws IOException {
    production = new TransferSite(berlin);
    recovery = new TransferSite(munich);
    vcenters = new VCenters(Map.of("berlin", production.vcenter(), "munich", recovery.vcenter()));
    appliances = deadWorker();
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    dataAddress = "127.0.0.1:" + socket.getLocalPort();
    if (served) {
      server =
          Optional.of(
              SourceServer.start(
                  socket,
                  Handshake.plain(),
                  opening -> FenceCheck.UNFENCED,
                  new VsphereServedDisks(vcenters, appliances),
                  PLAIN));
    } else {
      socket.close();
      server = Optional.empty();
    }
    try (Owner owner = new Owner(berlin.vcsim())) {
      VirtualMachineConfigSpec tracked = new VirtualMachineConfigSpec();
      tracked.setChangeTrackingEnabled(true);
      owner.reconfigure(production.vm(), tracked);
    } catch (RemoteException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another one on the same VMs, that knows nothing of this one; it is not heard of again. */
  Appliances deadWorker() {
    return new Appliances(
        vcenters,
        Map.of("berlin", production.worker(), "munich", recovery.worker()),
        one ->
            one.devices().equals(production.folder()) ? production.devices() : recovery.devices());
  }

  /** A worker that runs on none of the appliances. */
  VsphereTransferActivities workerElsewhere() {
    return new VsphereTransferActivities(
        vcenters,
        new Appliances(vcenters, Map.of()),
        VcsimTransferFixture::dial,
        new TransferBook(),
        RateLimits.none());
  }

  /** From now on both appliances have block devices, as real ones. */
  VcsimTransferFixture onBlockDevices() {
    production.showDevices();
    recovery.showDevices();
    return this;
  }

  /** What the appliance of the recovery site shows of its disks. */
  Path shownAtRecovery() {
    return recovery.folder();
  }

  Appliances appliances() {
    return appliances;
  }

  VCenters vcenters() {
    return vcenters;
  }

  Front production() {
    return production.front();
  }

  Front recovery() {
    return recovery.front();
  }

  /** The name of the appliance at the recovery site. */
  String recoveryAppliance() {
    return recovery.appliance();
  }

  VCenter recoveryVcenter() {
    return vcenters.at("munich");
  }

  /** Disks of others that the appliance at the recovery site has, as the judge sees it. */
  List<String> borrowedAtRecovery() {
    return recovery.borrowed();
  }

  List<String> borrowedAtProduction() {
    return production.borrowed();
  }

  @Override
  public TransferActivities transfers() {
    TransferActivities adapter =
        new VsphereTransferActivities(
            vcenters,
            appliances,
            VcsimTransferFixture::dial,
            new TransferBook(),
            RateLimits.none());
    return server.isEmpty() ? adapter : new Streamed(adapter, dataAddress);
  }

  private record Streamed(TransferActivities adapter, String dataAddress)
      implements TransferActivities {
    @Override
    public Done fenceOff(FenceOff request) {
      return adapter.fenceOff(request);
    }

    @Override
    public Transferred transferDisk(TransferDisk request) {
      String grant = Base64.getEncoder().encodeToString("for munich".getBytes(UTF_8));
      return adapter.transferDisk(request.by(new TransferActivities.Stream(dataAddress, grant)));
    }
  }

  private static RemoteSource dial(
      String address, GrantedDisk disk, byte[] grant, String holder, long capacityBytes)
      throws IOException {
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    return RemoteSource.open(socket, disk, grant, capacityBytes, PLAIN);
  }

  @Override
  public Replica replica() {
    List<String> from = production.disks();
    List<String> to = recovery.disks();
    return new Replica(
        "web.1",
        "web",
        production.vm(),
        recovery.vm(),
        List.of(
            new DiskPair(from.get(0), to.get(0), CAPACITY),
            new DiskPair(from.get(1), to.get(1), CAPACITY)),
        List.of());
  }

  /** One in each of the pieces in which a disk travels. */
  @Override
  public List<Long> places() {
    return LongStream.range(0, SUPERS).mapToObj(i -> i * Geometry.SUPER_BYTES + 12_345).toList();
  }

  private TransferSite side(VmRef vm) {
    return vm.site().equals("berlin") ? production : recovery;
  }

  @Override
  public void write(VmRef vm, String disk, long offsetBytes, byte[] bytes) {
    side(vm).write(disk, offsetBytes, bytes);
  }

  @Override
  public byte[] read(VmRef vm, String disk, long offsetBytes, int length) {
    return side(vm).read(disk, offsetBytes, length);
  }

  @Override
  public Map<String, String> snapshot(String name) {
    return snapshot(production, name);
  }

  @Override
  public void snapshotReplica(String name) {
    var _ = snapshot(recovery, name);
  }

  private Map<String, String> snapshot(TransferSite side, String name) {
    Mandate mandate = new Mandate("cycle/1", "snapshot", new Fence(1, 1, 9, 0));
    return new VsphereSnapshotActivities(vcenters)
        .createSnapshot(new CreateSnapshot(mandate, side.vm(), name, false))
        .changeIds();
  }

  @Override
  public boolean listsWritesToReplicas() {
    return false;
  }

  @Override
  public void resetChangeTracking() {
    production.resetChangeTracking();
  }

  @Override
  public void powerReplica(PowerState power) {
    recovery.power(power);
  }

  @Override
  public PowerState powerOfReplica() {
    return recovery.power();
  }

  @Override
  public void growReplicaDisk(String disk) {
    recovery.grow(disk, CAPACITY + FlatFile.BLOCK);
  }

  /** As a device says it; a vCenter would stop the appliance and ask a person. */
  @Override
  public void fillDatastore() {
    recovery.devices().fill();
  }

  @Override
  public void spoilAfterFlush() {
    String disk = recovery.disks().getFirst();
    recovery.devices().afterFlush(() -> recovery.write(disk, places().getLast(), new byte[] {66}));
  }

  @Override
  public void betweenBatches(Runnable happening) {
    recovery.devices().afterNextWrite(happening);
  }

  @Override
  public void breakProduction() {
    isBroken = true;
    production.front().close();
  }

  @Override
  public void breakRecovery() {
    isBroken = true;
    recovery.front().close();
  }

  @Override
  public void close() {
    try {
      if (server.isPresent()) {
        server.get().close();
      }
      if (!isBroken) {
        production.assertNothingAttached();
        recovery.assertNothingAttached();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      appliances.close();
      vcenters.close();
      closeSides();
    }
  }

  private void closeSides() {
    try {
      production.close();
      recovery.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
