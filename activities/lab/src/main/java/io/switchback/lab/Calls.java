package io.switchback.lab;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The daemon's calls by name: what each reads, does and answers. */
final class Calls {

  /** Acts and answers. */
  interface Act<T> {
    Object on(T request) throws IOException;
  }

  /** One call. */
  record Call<T>(Class<T> request, boolean mutates, Act<T> act) {
    Object answer(byte[] body) throws IOException {
      return act.on(Json.readRequest(body, request));
    }
  }

  static final Requests.Done DONE = new Requests.Done(true);

  private final Map<String, Call<?>> calls = new LinkedHashMap<>();
  private final LabSite site;
  private final ScriptedFaults faults;

  Calls(
      LabSite site,
      ScriptedFaults faults,
      SiteTokens tokens,
      String siteName,
      Path directory,
      int dataPort) {
    this.site = site;
    this.faults = faults;
    addLook(
        "site",
        Requests.OfSite.class,
        request ->
            new SiteView(
                siteName,
                directory,
                dataPort,
                site.fences().highest().orElse(null),
                site.list().stream().map(LabVm::look).toList(),
                Instant.now()));
    addLook("resources", Requests.OfSite.class, request -> site.room().look());
    add(
        "changeResources",
        SiteResources.class,
        request -> {
          site.changeResources(request);
          return site.room().look();
        });
    addTokens(tokens);
    addPower();
    DrillNetworkCalls.addTo(this, site);
    addSnapshots();
    addDisks();
    addScripts();
    GuestCalls.addTo(this, site);
  }

  <T> void add(String name, Class<T> request, Act<T> act) {
    calls.put(name, new Call<>(request, true, act));
  }

  /** A call that changes nothing. */
  <T> void addLook(String name, Class<T> request, Act<T> act) {
    calls.put(name, new Call<>(request, false, act));
  }

  @Nullable Call<?> find(String name) {
    return calls.get(name);
  }

  Iterable<String> names() {
    return calls.keySet();
  }

  private void addTokens(SiteTokens tokens) {
    add(
        "makeToken",
        Requests.MakeToken.class,
        request -> tokens.make(request.kind(), request.lifetime()));
    // Only a full token may see which others there are.
    add("listTokens", Requests.OfSite.class, request -> new Requests.Tokens(tokens.list()));
    add(
        "revokeToken",
        Requests.OfToken.class,
        request -> {
          tokens.revoke(request.id());
          return DONE;
        });
  }

  private void addPower() {
    addLook("look", Requests.OfVm.class, request -> site.find(request.vm()).look());
    add(
        "createVm",
        Requests.CreateVm.class,
        request -> site.create(request.definition(), request.stamp()).look());
    add(
        "copyVm",
        Requests.CopyVm.class,
        request -> site.copy(request, () -> meetSlice(request.copy())).look());
    add(
        "deleteVm",
        Requests.OfVm.class,
        request -> {
          site.delete(request.vm(), request.stamp());
          return DONE;
        });
    add(
        "powerOn",
        Requests.PowerOn.class,
        request -> {
          LabVm vm = site.find(request.vm());
          vm.powerOn(request.force(), request.stamp());
          return vm.look();
        });
    add(
        "powerOff",
        Requests.OfVm.class,
        request -> {
          LabVm vm = site.find(request.vm());
          vm.powerOff(request.stamp());
          return vm.look();
        });
    add(
        "shutDown",
        Requests.OfVm.class,
        request -> {
          LabVm vm = site.find(request.vm());
          vm.shutDown(request.stamp());
          return vm.look();
        });
    add(
        "reconfigureVm",
        Requests.Reconfigure.class,
        request -> site.reconfigure(request.vm(), request.change(), request.stamp()).look());
    add(
        "replaceGuest",
        Requests.ReplaceGuest.class,
        request -> {
          LabVm vm = site.find(request.vm());
          vm.replaceGuest(request.guest(), request.stamp());
          return vm.look();
        });
    add(
        "fence",
        Requests.OfVm.class,
        request -> {
          if (request.stamp() == null) {
            throw new LabException(LabFault.BAD_REQUEST, "A fence call needs a stamp.");
          }
          site.find(request.vm()).fence(request.stamp());
          return DONE;
        });
    add(
        "fenceId",
        Requests.FenceId.class,
        request -> {
          site.fenceId(request.id(), request.stamp());
          return DONE;
        });
  }

  /** A copy that takes long can be held up or broken in its midst. */
  private void meetSlice(VmCopy copy) {
    ScriptedFaults.Hit hit = faults.meet("copySlice", copy.id(), copy.name());
    if (hit != null) {
      hit.before();
    }
  }

  private void addSnapshots() {
    add(
        "createSnapshot",
        Requests.CreateSnapshot.class,
        request ->
            site.find(request.vm())
                .createSnapshot(request.name(), request.quiesce(), request.stamp()));
    add(
        "snapshotGroup",
        Requests.SnapshotTogether.class,
        request ->
            new Requests.Snapshots(
                new SnapshotGroup(site, request.members()).take(request.quiesce())));
    addLook(
        "listSnapshots",
        Requests.OfVm.class,
        request -> new Requests.Snapshots(site.find(request.vm()).look().snapshots()));
    add(
        "revert",
        Requests.OfSnapshot.class,
        request -> {
          LabVm vm = site.find(request.vm());
          vm.revert(request.snapshot(), request.stamp());
          return vm.look();
        });
    add(
        "removeSnapshot",
        Requests.OfSnapshot.class,
        request -> {
          site.find(request.vm()).removeSnapshot(request.snapshot(), request.stamp());
          return DONE;
        });
  }

  private void addDisks() {
    addLook(
        "changedAreas",
        Requests.ChangedAreas.class,
        request ->
            new Requests.Areas(
                site.find(request.vm())
                    .transfers()
                    .changedAreas(request.disk(), request.since(), request.snapshot())));
    add(
        "resetTracking",
        Requests.OfDisk.class,
        request -> {
          site.find(request.vm()).transfers().resetTracking(request.disk(), request.stamp());
          return DONE;
        });
    add(
        "growDisk",
        Requests.GrowDisk.class,
        request -> {
          LabVm vm = site.find(request.vm());
          vm.disks().grow(request.disk(), request.capacityBytes(), request.stamp());
          return vm.look();
        });
    add(
        "addDisk",
        Requests.AddDisk.class,
        request -> {
          LabVm vm = site.find(request.vm());
          vm.disks().add(request.disk(), request.stamp());
          return vm.look();
        });
    add(
        "removeDisk",
        Requests.OfDisk.class,
        request -> {
          LabVm vm = site.find(request.vm());
          vm.disks().remove(request.disk(), request.stamp());
          return vm.look();
        });
    add(
        "writeInGuest",
        Requests.WriteInGuest.class,
        request -> {
          site.find(request.vm()).guest().write(request.offsetBytes(), request.bytes());
          return DONE;
        });
    add(
        "flush",
        Requests.OfDisk.class,
        request -> {
          site.find(request.vm()).transfers().flush(request.disk(), request.stamp());
          return DONE;
        });
  }

  private void addScripts() {
    add("addFault", FaultScript.class, faults::add);
    addLook(
        "awaitFault",
        Requests.AwaitScript.class,
        request ->
            faults.await(request.id(), request.calls(), Duration.ofMillis(request.limitMillis())));
    add("releaseFault", Requests.OfScript.class, request -> faults.release(request.id()));
    add(
        "clearFaults",
        Requests.OfSite.class,
        request -> {
          faults.clear();
          return DONE;
        });
  }
}
