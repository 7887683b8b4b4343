package io.switchback.lab;

import io.switchback.delta.ByteRange;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Talks to a site's daemon. Every refusal is a {@link LabException} with the fault's name; {@link
 * LabFault#UNREACHABLE} means that nobody knows whether the daemon acted. Nothing is retried here.
 * Safe for use by several threads.
 */
public final class LabClient implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Supplier<URI> address;
  private final Supplier<String> token;
  private final @Nullable Duration answerLimit;

  private LabClient(Supplier<URI> address, Supplier<String> token, @Nullable Duration answerLimit) {
    this.address = address;
    this.token = token;
    this.answerLimit = answerLimit;
  }

  /**
   * The daemon at a fixed address.
   *
   * @param token asked for at each call; what it throws, the call throws
   */
  public static LabClient at(URI daemon, Supplier<String> token) {
    return new LabClient(() -> daemon, token, null);
  }

  /**
   * The daemon of a site's directory, wherever it was started last, with the site's own token,
   * which may do everything.
   */
  public static LabClient of(Path siteDirectory) {
    return of(siteDirectory, () -> read(siteDirectory, SiteTokens.OWN_FILE));
  }

  /** The same with another token than the site's own. */
  public static LabClient of(Path siteDirectory, Supplier<String> token) {
    return new LabClient(() -> URI.create(read(siteDirectory, "address")), token, null);
  }

  /**
   * The same daemon, but calls that have no answer in time fail as {@link LabFault#UNREACHABLE}.
   */
  public LabClient withAnswerLimit(Duration limit) {
    return new LabClient(address, token, limit);
  }

  private static String read(Path siteDirectory, String file) {
    try {
      return Files.readString(siteDirectory.resolve(file)).strip();
    } catch (AccessDeniedException e) {
      throw new LabException(
          LabFault.WRONG_TOKEN,
          "The file '%s' is for its owner alone. Have a token made for you instead."
              .formatted(siteDirectory.resolve(file)),
          e);
    } catch (IOException e) {
      throw new LabException(
          LabFault.UNREACHABLE,
          "No lab site serves '%s': it has no file '%s'. Start the site's daemon."
              .formatted(siteDirectory, file),
          e);
    }
  }

  /** Whose token this client has; no secret is in the answer. */
  public TokenView login() {
    return call(LabApi.LOGIN, new Requests.OfSite(), TokenView.class);
  }

  public SiteView site() {
    return call("site", new Requests.OfSite(), SiteView.class);
  }

  public VmView look(String vm) {
    return call("look", new Requests.OfVm(vm, null), VmView.class);
  }

  public VmView createVm(VmDefinition definition, @Nullable Stamp stamp) {
    return call("createVm", new Requests.CreateVm(definition, stamp), VmView.class);
  }

  /**
   * Makes a VM, powered off, whose disks hold what those of {@code vm} held at the snapshot. Takes
   * as long as its disks take to copy; the VM goes on meanwhile.
   */
  public VmView copyVm(String vm, String snapshot, VmCopy copy, @Nullable Stamp stamp) {
    return call("copyVm", new Requests.CopyVm(vm, snapshot, copy, stamp), VmView.class);
  }

  /**
   * Makes networks at a host that reach nothing, one for each name that the drill has none for.
   *
   * @throws LabException NOT_ISOLATED when one reaches something by now
   */
  Requests.MadeNetworks makeDrillNetworks(
      String drill, String host, List<String> networks, @Nullable Stamp stamp) {
    return call(
        "makeDrillNetworks",
        new Requests.MakeNetworks(drill, host, networks, stamp),
        Requests.MadeNetworks.class);
  }

  /** Removes the drill's networks at a host; answers whether there was one. */
  boolean removeDrillNetworks(String drill, String host, @Nullable Stamp stamp) {
    return call(
            "removeDrillNetworks",
            new Requests.RemoveNetworks(drill, host, stamp),
            Requests.Done.class)
        .done();
  }

  /** The networks that were made for drills. */
  public List<IsolatedNetwork> isolatedNetworks() {
    return call("isolatedNetworks", new Requests.OfSite(), Requests.Networks.class).networks();
  }

  /** Connects a drill's network with something, past every operation; empty = disconnects it. */
  public void connectNetwork(String network, String reaches) {
    var _ =
        call("connectNetwork", new Requests.ConnectNetwork(network, reaches), Requests.Done.class);
  }

  public void deleteVm(String vm, @Nullable Stamp stamp) {
    var _ = call("deleteVm", new Requests.OfVm(vm, stamp), Requests.Done.class);
  }

  public VmView powerOn(String vm, @Nullable Stamp stamp) {
    return call("powerOn", new Requests.PowerOn(vm, false, stamp), VmView.class);
  }

  /** Powers on by hand also a VM that somebody looks after. */
  public VmView forcePowerOn(String vm) {
    return call("powerOn", new Requests.PowerOn(vm, true, null), VmView.class);
  }

  /** Cuts the power: what the guest has not written is lost. */
  public VmView powerOff(String vm, @Nullable Stamp stamp) {
    return call("powerOff", new Requests.OfVm(vm, stamp), VmView.class);
  }

  /** Lets the guest flush and end, then powers the VM off. */
  public VmView shutDown(String vm, @Nullable Stamp stamp) {
    return call("shutDown", new Requests.OfVm(vm, stamp), VmView.class);
  }

  /** Changes the VM's shape; CPUs, memory and firmware only while it is off. */
  public VmView reconfigureVm(String vm, VmChange change, @Nullable Stamp stamp) {
    return call("reconfigureVm", new Requests.Reconfigure(vm, change, stamp), VmView.class);
  }

  /** Adds a disk, also while the VM runs or has snapshots. */
  public VmView addDisk(String vm, DiskDefinition disk, @Nullable Stamp stamp) {
    return call("addDisk", new Requests.AddDisk(vm, disk, stamp), VmView.class);
  }

  /** Takes a disk away; snapshots keep what they hold of it, and a revert brings it back. */
  public VmView removeDisk(String vm, String disk, @Nullable Stamp stamp) {
    return call("removeDisk", new Requests.OfDisk(vm, disk, stamp), VmView.class);
  }

  public ResourcesView resources() {
    return call("resources", new Requests.OfSite(), ResourcesView.class);
  }

  /** Gives the site other hosts and datastores; none that is in use may go. */
  public ResourcesView changeResources(SiteResources resources) {
    return call("changeResources", resources, ResourcesView.class);
  }

  /** Gives a VM that is off another guest. */
  public VmView replaceGuest(String vm, GuestDefinition guest, @Nullable Stamp stamp) {
    return call("replaceGuest", new Requests.ReplaceGuest(vm, guest, stamp), VmView.class);
  }

  /** Raises the VM's fence without any other effect. */
  public void fence(String vm, Stamp stamp) {
    var _ = call("fence", new Requests.OfVm(vm, stamp), Requests.Done.class);
  }

  /** Raises the fence of an id, whether or not a VM has it yet. */
  public void fenceId(String id, Stamp stamp) {
    var _ = call("fenceId", new Requests.FenceId(id, stamp), Requests.Done.class);
  }

  /** Makes one more snapshot, also when one of that name is there. */
  public SnapshotView createSnapshot(
      String vm, String name, boolean quiesce, @Nullable Stamp stamp) {
    return call(
        "createSnapshot",
        new Requests.CreateSnapshot(vm, name, quiesce, stamp),
        SnapshotView.class);
  }

  /**
   * Snapshots several VMs at one moment, all or none: no write to any of them falls in between.
   *
   * @return in the order of the members
   */
  public List<SnapshotView> snapshotGroup(List<GroupMember> members, boolean quiesce) {
    return call(
            "snapshotGroup",
            new Requests.SnapshotTogether(members, quiesce),
            Requests.Snapshots.class)
        .snapshots();
  }

  public List<SnapshotView> snapshots(String vm) {
    return call("listSnapshots", new Requests.OfVm(vm, null), Requests.Snapshots.class).snapshots();
  }

  /** Throws the present state away; the VM stands on the snapshot, powered off. */
  public VmView revert(String vm, String snapshot, @Nullable Stamp stamp) {
    return call("revert", new Requests.OfSnapshot(vm, snapshot, stamp), VmView.class);
  }

  public void removeSnapshot(String vm, String snapshot, @Nullable Stamp stamp) {
    var _ =
        call("removeSnapshot", new Requests.OfSnapshot(vm, snapshot, stamp), Requests.Done.class);
  }

  /**
   * What may differ between the moment of {@code since} and the snapshot.
   *
   * @param since a change id, or {@code *} for everything the snapshot holds bytes for
   */
  public List<ByteRange> changedAreas(String vm, String disk, String since, String snapshot) {
    return call(
            "changedAreas",
            new Requests.ChangedAreas(vm, disk, since, snapshot),
            Requests.Areas.class)
        .areas();
  }

  public void resetTracking(String vm, String disk, @Nullable Stamp stamp) {
    var _ = call("resetTracking", new Requests.OfDisk(vm, disk, stamp), Requests.Done.class);
  }

  /**
   * Makes a disk larger, which resets its change tracking; snapshots keep the capacity they were
   * made with.
   */
  public VmView growDisk(String vm, String disk, long capacityBytes, @Nullable Stamp stamp) {
    return call("growDisk", new Requests.GrowDisk(vm, disk, capacityBytes, stamp), VmView.class);
  }

  /** Lets a program inside the running guest write to a disk and flush. */
  public void writeInGuest(String vm, String disk, long offsetBytes, byte[] bytes) {
    var _ =
        call(
            "writeInGuest",
            new Requests.WriteInGuest(vm, offsetBytes, Map.of(disk, bytes)),
            Requests.Done.class);
  }

  /** Makes everything written to the disk durable. */
  public void flush(String vm, String disk, @Nullable Stamp stamp) {
    var _ = call("flush", new Requests.OfDisk(vm, disk, stamp), Requests.Done.class);
  }

  /** Opens the data path to one disk. */
  public DiskConnection openDisk(String vm, String disk) {
    return DiskConnection.open(site().dataPort(), token, vm, disk);
  }

  /**
   * Makes a token, whose secret is shown this once.
   *
   * @param lifetime absent = it never expires
   */
  public TokenView makeToken(TokenKind kind, @Nullable Duration lifetime) {
    return call("makeToken", new Requests.MakeToken(kind, lifetime), TokenView.class);
  }

  /** The tokens that were made, without the site's own. */
  public List<TokenView> tokens() {
    return call("listTokens", new Requests.OfSite(), Requests.Tokens.class).tokens();
  }

  /** Takes a token back. */
  public void revokeToken(String id) {
    var _ = call("revokeToken", new Requests.OfToken(id), Requests.Done.class);
  }

  public ScriptedFaults.Progress script(FaultScript script) {
    return call("addFault", script, ScriptedFaults.Progress.class);
  }

  /** Waits until so many calls have met the script; answers how far it is when the limit ends. */
  public ScriptedFaults.Progress awaitScript(String id, int calls, Duration limit) {
    return call(
        "awaitFault",
        new Requests.AwaitScript(id, calls, limit.toMillis()),
        ScriptedFaults.Progress.class);
  }

  public ScriptedFaults.Progress releaseScript(String id) {
    return call("releaseFault", new Requests.OfScript(id), ScriptedFaults.Progress.class);
  }

  public void clearScripts() {
    var _ = call("clearFaults", new Requests.OfSite(), Requests.Done.class);
  }

  <T> T call(String name, Object request, Class<T> answer) {
    URI daemon = address.get();
    String bearer = token.get();
    if (bearer.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new LabException(
          LabFault.WRONG_TOKEN,
          "The token for the lab site at %s holds characters that no token has.".formatted(daemon));
    }
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(daemon.resolve("/" + name))
            .header("Authorization", LabApi.BEARER + bearer)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(request)));
    if (answerLimit != null) {
      builder.timeout(answerLimit);
    }
    try {
      HttpResponse<byte[]> response =
          http.send(builder.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() == 200) {
        return Json.read(response.body(), answer);
      }
      Requests.Refusal refusal = Json.read(response.body(), Requests.Refusal.class);
      throw new LabException(refusal.fault(), refusal.message());
    } catch (IOException e) {
      throw unreachable(name, daemon, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(name, daemon, e);
    }
  }

  private static LabException unreachable(String name, URI daemon, Exception cause) {
    return new LabException(
        LabFault.UNREACHABLE,
        "Call '%s' got no answer from the lab site at %s: %s. It may or may not have acted: look, then try again."
            .formatted(name, daemon, cause),
        cause);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
