package io.switchback.vsphere;

import io.switchback.model.DiskShape;
import io.switchback.model.Fence;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Nic;
import io.switchback.model.VmRef;
import io.switchback.port.CopyActivities;
import io.switchback.port.CopyActivities.Copied;
import io.switchback.port.CopyActivities.CopyVm;
import io.switchback.port.CopyActivities.RemoveCopy;
import io.switchback.port.DrillNetworkActivities;
import io.switchback.port.DrillNetworkActivities.MakeDrillNetworks;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PortCaller;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** A replica with a snapshot, and a network of a drill. */
final class CopyGround implements AutoCloseable {
  final VcsimCopyFixture fixture;
  final PortCaller<CopyActivities> port;
  final VmRef replica;
  private final String network;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  CopyGround() {
    this(new VcsimCopyFixture());
  }

  /** Where a clone takes its time; of the API alone, which passes it on at once. */
  static CopyGround slow() {
    return new CopyGround(
        new VcsimCopyFixture(
            Front::before, "-task-delay", "CloneVm=2000", "-task-delay", "LockHandoff=0"));
  }

  private CopyGround(VcsimCopyFixture fixture) {
    this.fixture = fixture;
    this.port = another();
    try (PortCaller<PlaceholderActivities> placing =
            new PortCaller<>(PlaceholderActivities.class, fixture.placeholders());
        PortCaller<DrillNetworkActivities> networks =
            new PortCaller<>(DrillNetworkActivities.class, fixture.drillNetworks())) {
      replica =
          placing
              .call()
              .placeVm(
                  new PlaceVm(
                      step(1),
                      fixture.site(),
                      "web-01.7",
                      "web-01_replica",
                      new Hardware(
                          1, 1L << 30, Firmware.EFI, List.of(new Nic("dr-lan", true, List.of()))),
                      List.of(new DiskShape("disk-a", 1 << 20)),
                      fixture.placement(),
                      null))
              .vm();
      fixture.snapshot(replica, step(2), "point-1");
      network =
          networks
              .call()
              .makeDrillNetworks(
                  new MakeDrillNetworks(
                      step(1),
                      fixture.site(),
                      "drill-7",
                      fixture.placement().host(),
                      List.of("dr-lan")))
              .networks()
              .get("dr-lan");
    }
  }

  /** One who asks at the same time. */
  PortCaller<CopyActivities> another() {
    return new PortCaller<>(CopyActivities.class, fixture.copies());
  }

  /** Asks for the copy, and does not wait. */
  Future<Copied> copying() {
    return threads.submit(() -> port.call().copyVm(request(true)));
  }

  /** What becomes of the next clone. */
  void cloning(Function<Request, Answer> answer) {
    fixture.front().next("CloneVM_Task", new Deed.Say(answer));
  }

  /** Comes down when the next clone is under way. */
  CountDownLatch begun() {
    CountDownLatch begun = new CountDownLatch(1);
    cloning(
        request -> {
          Answer answer = fixture.front().pass(request);
          begun.countDown();
          return answer;
        });
    return begun;
  }

  /** Which copies share files with the replica. */
  String holds() {
    return fixture.judge().attribute("web-01_replica", LinkedCopies.ATTRIBUTE);
  }

  CopyVm request(boolean linked) {
    return request("drill-7/web-01.7", "web-01_drill", linked);
  }

  CopyVm other(boolean linked) {
    return request("drill-8/web-01.7", "web-01_other", linked);
  }

  private CopyVm request(String copyId, String name, boolean linked) {
    return new CopyVm(
        step(3),
        replica,
        "point-1",
        copyId,
        name,
        linked,
        fixture.placement(),
        List.of(new Nic(network, true, List.of())));
  }

  RemoveCopy removal() {
    return new RemoveCopy(step(4), "drill-7/web-01.7", replica);
  }

  @Override
  public void close() {
    threads.close();
    port.close();
    fixture.close();
  }

  /** A step of the operation on the replica. */
  static Mandate step(long number) {
    return new Mandate("operation", "step " + number, new Fence(1, 7, number, 0));
  }
}
