package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ManagedObjectNotFound;
import com.vmware.vim25.ManagedObjectReference;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.InventoryActivities;
import io.switchback.port.InventoryActivities.FindVms;
import io.switchback.port.InventoryActivities.Inventory;
import io.switchback.port.PortCaller;
import io.switchback.port.VmActivities;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A vCenter of a thousand VMs, and 64 operations at once on one session. */
@ApiTier(asksItself = true)
class ThousandVmsIT {
  private static final int VMS = 1000;
  private static final int AT_ONCE = 64;

  @Test
  void readsAThousandVmsAndChangesManyAtOnceInOneSession() throws Exception {
    try (VcsimEstate estate = new VcsimEstate("-vms", String.valueOf(VMS), "-hosts", "8");
        Front front = Front.before(estate.vcsim())) {
      VCenter vcenter =
          new VCenter(
              front.settings(
                  new OperationCaps.Limits(
                      AT_ONCE, AT_ONCE, Duration.ofMinutes(1), Duration.ofMinutes(1))));
      try (VCenters vcenters = new VCenters(Map.of("berlin", vcenter))) {
        List<VmProfile> found = readAll(vcenters);
        assertThat(found).extracting(vm -> vm.vm().id()).doesNotHaveDuplicates();

        CountDownLatch together = new CountDownLatch(AT_ONCE);
        front.answer("PowerOnVM_Task", asked -> onlyTogether(together, front, asked));
        powerOnAtOnce(vcenters, found.subList(0, AT_ONCE));

        assertThat(estate.judge().tasks("VirtualMachine.powerOn")).isEqualTo(AT_ONCE);
        assertThat(estate.judge().sessions()).as("sessions of the worker").hasSize(1);
        assertThat(front.passed("Login", "SessionManager")).isEqualTo(1);
        assertThat(front.leftOpen()).as("views and property collectors left").isEmpty();
        assertThat(front.everMade()).hasSizeGreaterThan(AT_ONCE);
        front.everMade().forEach((id, by) -> assertGone(vcenter, id, by));
      }
      assertThat(estate.judge().sessions()).isEmpty();
    }
  }

  /** As the session that made it is told. */
  private static void assertGone(VCenter vcenter, String id, String madeBy) {
    ManagedObjectReference reference = new ManagedObjectReference();
    reference.setType(madeBy.substring("Create".length()));
    reference.setVal(id);
    assertThatThrownBy(() -> vcenter.read(live -> Properties.of(live, reference)))
        .as("%s of %s", id, madeBy)
        .isInstanceOf(ManagedObjectNotFound.class);
  }

  private static List<VmProfile> readAll(VCenters vcenters) {
    try (PortCaller<InventoryActivities> inventory =
        new PortCaller<>(InventoryActivities.class, new VsphereInventoryActivities(vcenters))) {
      Inventory found = inventory.call().findVms(new FindVms("berlin", List.of(), "", ""));
      assertThat(found.cut()).isTrue();
      assertThat(found.vms()).hasSize(InventoryActivities.MOST);
      List<String> every = IntStream.range(0, VMS).mapToObj(number -> "vm-" + number).toList();
      assertThat(inventory.call().findVms(new FindVms("berlin", every, "", "")).missing())
          .isEmpty();
      return found.vms();
    }
  }

  /** Nobody is answered before all have asked. */
  private static Answer onlyTogether(CountDownLatch together, Front front, Request asked) {
    together.countDown();
    try {
      return together.await(30, TimeUnit.SECONDS)
          ? front.pass(asked)
          : Answer.fault("NotSupported", "%d have not asked.".formatted(together.getCount()), "");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void powerOnAtOnce(VCenters vcenters, List<VmProfile> vms) throws Exception {
    Mandate mandate = new Mandate("operation", "step", new Fence(1, 1, 1, 0));
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Done>> started = new ArrayList<>();
      for (VmProfile profile : vms) {
        VmRef vm = profile.vm();
        started.add(
            pool.submit(
                () -> {
                  try (PortCaller<VmActivities> caller =
                      new PortCaller<>(VmActivities.class, new VsphereVmActivities(vcenters))) {
                    return caller.call().powerOnVm(new ChangePower(mandate, vm));
                  }
                }));
      }
      for (Future<Done> one : started) {
        assertThat(one.get().changed()).isTrue();
      }
    }
  }
}
