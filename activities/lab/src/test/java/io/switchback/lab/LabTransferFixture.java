package io.switchback.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.delta.FenceCheck;
import io.switchback.delta.Geometry;
import io.switchback.delta.RateLimits;
import io.switchback.delta.TransferBook;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.wire.Gate;
import io.switchback.delta.wire.Handshake;
import io.switchback.delta.wire.RefusedException;
import io.switchback.delta.wire.RemoteDisks;
import io.switchback.delta.wire.RemoteSource;
import io.switchback.delta.wire.SourceServer;
import io.switchback.delta.wire.WireFault;
import io.switchback.delta.wire.WireSettings;
import io.switchback.model.DiskPair;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.TransferActivities;
import io.switchback.port.TransferFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Two lab sites for the transfer suite, meddled with through their raw clients. The adapter reads
 * production's disks by path, or it does not know that site and production's worker serves them.
 */
final class LabTransferFixture implements TransferFixture {
  /** Serves no disks. */
  static final RemoteDisks NOBODY =
      (address, disk, grant, holder, capacity) -> {
        throw new ConnectException("nobody serves disks at " + address);
      };

  private static final WireSettings PLAIN = WireSettings.standard().withPlainOnLoopback();
  private static final int BATCHES_AT_ONCE =
      Math.max(2, Runtime.getRuntime().availableProcessors());
  private static final int SUPERS = BATCHES_AT_ONCE + 2;
  private static final long CAPACITY = SUPERS * (long) Geometry.SUPER_BYTES;
  private static final String VM = "web";
  private static final String REPLICA = "web-replica";

  private final Path directory;
  private final LabDaemon production;
  private final LabDaemon recovery;
  private final LabClient berlin;
  private final LabClient munich;
  private final LabSites sites;
  private final Optional<SourceServer> server;
  private final String dataAddress;
  private final Set<LabDaemon> running = new HashSet<>();

  /**
   * @param served whether production's worker serves its disks
   */
  LabTransferFixture(boolean served) throws IOException {
    directory = Files.createTempDirectory("lab-transfer");
    production = LabDaemon.start(new LabSettings("berlin", directory.resolve("berlin"), 0));
    recovery = LabDaemon.start(new LabSettings("munich", directory.resolve("munich"), 0));
    running.addAll(List.of(production, recovery));
    berlin = LabClient.of(directory.resolve("berlin"));
    munich = LabClient.of(directory.resolve("munich"));
    sites = new LabSites(Map.of("berlin", berlin, "munich", munich));
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    dataAddress = "127.0.0.1:" + socket.getLocalPort();
    if (served) {
      server =
          Optional.of(
              SourceServer.start(
                  socket,
                  Handshake.plain(),
                  LabTransferFixture::admit,
                  new LabServedDisks(new LabSites(Map.of("berlin", berlin))),
                  PLAIN));
    } else {
      socket.close();
      server = Optional.empty();
    }
    berlin.createVm(withTwoDisks(VM), null);
    munich.createVm(withTwoDisks(REPLICA), null);
  }

  private static VmDefinition withTwoDisks(String name) {
    VmDefinition one = LabFixture.idle(name, CAPACITY);
    return new VmDefinition(
        one.id(),
        one.name(),
        one.networks(),
        List.of(DiskDefinition.empty("disk-0", CAPACITY), DiskDefinition.empty("disk-1", CAPACITY)),
        one.guest(),
        one.autostart());
  }

  @Override
  public TransferActivities transfers() {
    return server.isEmpty()
        ? new LabTransferActivities(sites, NOBODY, new TransferBook(), RateLimits.none())
        : new Streamed(
            new LabTransferActivities(
                new LabSites(Map.of("munich", munich)),
                LabTransferFixture::dial,
                new TransferBook(),
                RateLimits.none()));
  }

  /** What a workflow does with a data address. */
  private final class Streamed implements TransferActivities {
    private final TransferActivities adapter;

    Streamed(TransferActivities adapter) {
      this.adapter = adapter;
    }

    @Override
    public Done fenceOff(FenceOff request) {
      return adapter.fenceOff(request);
    }

    @Override
    public Transferred transferDisk(TransferDisk request) {
      String grant = Base64.getEncoder().encodeToString("for munich".getBytes(UTF_8));
      return adapter.transferDisk(request.by(new Stream(dataAddress, grant)));
    }
  }

  private static FenceCheck admit(Gate.Opening opening) throws IOException {
    if (!new String(opening.grant(), UTF_8).equals("for munich")) {
      throw new RefusedException(WireFault.GRANT_REFUSED, "That is no grant.");
    }
    return FenceCheck.UNFENCED;
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
    return new Replica(
        "web.1",
        VM,
        new VmRef("berlin", VM, VM),
        new VmRef("munich", REPLICA, REPLICA),
        List.of(
            new DiskPair("disk-0", "disk-0", CAPACITY), new DiskPair("disk-1", "disk-1", CAPACITY)),
        List.of());
  }

  /** One in each of the pieces in which a disk travels. */
  @Override
  public List<Long> places() {
    return LongStream.range(0, SUPERS).mapToObj(i -> i * Geometry.SUPER_BYTES + 12_345).toList();
  }

  @Override
  public void write(VmRef vm, String disk, long offsetBytes, byte[] bytes) {
    LabClient client = client(vm);
    try (DiskConnection connection = client.openDisk(vm.id(), disk)) {
      connection.write(offsetBytes, ByteBuffer.wrap(bytes), null);
    }
    client.flush(vm.id(), disk, null);
  }

  @Override
  public byte[] read(VmRef vm, String disk, long offsetBytes, int length) {
    try (DiskConnection connection = client(vm).openDisk(vm.id(), disk)) {
      return LabFixture.read(connection, null, offsetBytes, length);
    }
  }

  @Override
  public Map<String, String> snapshot(String name) {
    return berlin.createSnapshot(VM, name, false, null).changeIds();
  }

  @Override
  public void snapshotReplica(String name) {
    var _ = munich.createSnapshot(REPLICA, name, false, null);
  }

  @Override
  public boolean storesDigests() {
    return true;
  }

  @Override
  public void resetChangeTracking() {
    berlin.resetTracking(VM, "disk-0", null);
    berlin.resetTracking(VM, "disk-1", null);
  }

  @Override
  public void powerReplica(PowerState power) {
    if (power == PowerState.ON) {
      munich.powerOn(REPLICA, null);
    } else {
      munich.powerOff(REPLICA, null);
    }
  }

  @Override
  public PowerState powerOfReplica() {
    return PowerState.valueOf(munich.look(REPLICA).power().name());
  }

  @Override
  public void growReplicaDisk(String disk) {
    munich.growDisk(REPLICA, disk, CAPACITY + Layer.GRAIN, null);
  }

  @Override
  public void fillDatastore() {
    munich.script(FaultScript.failing("write", REPLICA, "DATASTORE_FULL").times(1000));
  }

  @Override
  public void spoilAfterFlush() {
    VmRef replica = replica().recovery();
    // What has been sent is flushed on the way too, so the last batch is what to wait for.
    String others =
        munich.script(FaultScript.delaying("write", REPLICA, Duration.ZERO).times(SUPERS - 1)).id();
    meanwhile(
        "write",
        1,
        () -> {
          munich.awaitScript(others, SUPERS - 1, Duration.ofSeconds(20));
          write(replica, "disk-0", places().getLast(), new byte[] {66});
        });
  }

  @Override
  public void betweenBatches(Runnable happening) {
    meanwhile("write", BATCHES_AT_ONCE, happening);
  }

  /** Lets something happen while the answers of a call are kept back. */
  private void meanwhile(String call, int times, Runnable happening) {
    String script = munich.script(FaultScript.withholding(call, REPLICA).times(times)).id();
    Thread.ofVirtual()
        .start(
            () -> {
              munich.awaitScript(script, times, Duration.ofSeconds(20));
              try {
                happening.run();
              } finally {
                munich.releaseScript(script);
              }
            });
  }

  @Override
  public void breakProduction() {
    close(production);
  }

  @Override
  public void breakRecovery() {
    close(recovery);
  }

  private LabClient client(VmRef vm) {
    return vm.site().equals("berlin") ? berlin : munich;
  }

  private static void close(SourceServer server) {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void close(LabDaemon daemon) {
    try {
      if (running.remove(daemon)) {
        daemon.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.ifPresent(LabTransferFixture::close);
    close(production);
    close(recovery);
    sites.close();
    try {
      Trees.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
