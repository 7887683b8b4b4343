package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.DiskShape;
import io.switchback.model.Nic;
import io.switchback.model.VmProfile;
import io.switchback.vsphere.soap.Endpoint;
import io.switchback.vsphere.soap.Trust;
import java.lang.reflect.Field;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Holds what the adapters say of each VM, after each test, against what an independent client sees:
 * identity, power, size, disks, cards and snapshots.
 */
final class Confirmation implements AfterTestExecutionCallback {
  @Override
  public void afterTestExecution(ExtensionContext context) throws Exception {
    List<VcsimEstate> estates = new ArrayList<>();
    for (Object test : context.getRequiredTestInstances().getAllInstances()) {
      collect(test, estates);
    }
    boolean asksItself =
        context.getRequiredTestInstances().getAllInstances().stream()
            .map(test -> test.getClass().getAnnotation(ApiTier.class))
            .anyMatch(tier -> tier != null && tier.asksItself());
    assertThat(estates.isEmpty()).as("no estate whose judge could be asked").isEqualTo(asksItself);
    if (context.getExecutionException().isEmpty()) {
      for (VcsimEstate estate : estates) {
        assertThat(said(estate)).as("what vCenter holds").isEqualTo(estate.judge().census());
      }
    }
  }

  private static void collect(Object test, List<VcsimEstate> estates)
      throws ReflectiveOperationException {
    for (Class<?> at = test.getClass(); at != Object.class; at = at.getSuperclass()) {
      for (Field field : at.getDeclaredFields()) {
        field.setAccessible(true);
        if (field.get(test) instanceof Judged judged && !estates.contains(judged.estate())) {
          estates.add(judged.estate());
        }
      }
    }
  }

  private static List<Judge.Summary> said(VcsimEstate estate) throws RemoteException {
    String[] paths =
        Stream.concat(
                Arrays.stream(VsphereInventoryActivities.PROFILE), Stream.of(SnapshotTree.PATH))
            .toArray(String[]::new);
    Vcsim vcsim = estate.vcsim();
    Endpoint plain = Endpoint.of(vcsim.address(), new Trust.Known());
    try (VCenter vcenter = new VCenter(VCenterSettings.of(vcsim.site(), plain, vcsim::login))) {
      SiteNames names = SiteNames.read(vcenter);
      return vcenter.read(live -> Properties.all(live, "VirtualMachine", paths)).stream()
          .map(row -> summary(row, names))
          .sorted(Comparator.comparing(Judge.Summary::name))
          .toList();
    }
  }

  private static Judge.Summary summary(Properties.Row row, SiteNames names) {
    VmProfile profile = VsphereInventoryActivities.profile("berlin", row, names, List.of());
    return new Judge.Summary(
        profile.vm().name(),
        profile.vm().id(),
        profile.power(),
        profile.hardware().cpus(),
        profile.hardware().memoryBytes() >> 20,
        SnapshotTree.of(row).names().stream().sorted().toList(),
        profile.disks().stream().map(DiskShape::capacityBytes).sorted().toList(),
        profile.hardware().nics().stream().map(Nic::network).sorted().toList());
  }
}
