package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.VirtualDeviceConfigSpec;
import com.vmware.vim25.VirtualDeviceConfigSpecOperation;
import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import io.switchback.model.SiteKind;
import io.switchback.model.SiteSettings;
import io.switchback.model.VCenterAccess;
import io.switchback.model.VmRef;
import io.switchback.port.SiteActivities.CheckSite;
import io.switchback.port.SiteActivities.Checked;
import java.io.IOException;
import java.rmi.RemoteException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the check of a site tells of disks that its transfer appliance has. */
@ByteTier
class ApplianceSurveyIT {
  @AutoClose private static final TransferEstates ESTATES = new TransferEstates();

  @AutoClose private final VcsimTransferFixture sites = ESTATES.byPath();
  private final BorrowedDisk borrowed = new BorrowedDisk(sites);
  private String file;

  @BeforeEach
  void look() throws IOException {
    file = Disks.file(borrowed.device());
  }

  @Test
  void namesADiskThatADeadTransferHasLeft() throws IOException {
    borrowed.leaveBehind();

    assertThat(left(check()))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.sentence())
                    .contains(
                        "'%s'".formatted(sites.recoveryAppliance()),
                        "'%s' of %s".formatted(file, sites.replica().recovery().name()))
                    .doesNotContain("("));

    sites.appliances().sweep();
    borrowed.forget();
  }

  @Test
  void saysWhyADiskThatWasLeftCouldNotBeDetached() throws IOException {
    borrowed.leaveBehind();
    sites
        .recovery()
        .next(
            "ReconfigVM_Task",
            Deed.noPermission("VirtualMachine.Config.RemoveDisk", "VirtualMachine", "vm-1"));
    sites.appliances().sweep();

    assertThat(left(check()))
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.sentence())
                    .contains(file, "lacks the privilege 'VirtualMachine.Config.RemoveDisk'"));

    sites.appliances().sweep();
    borrowed.forget();
  }

  @Test
  void tellsWhatTheJanitorHasDetached() throws IOException {
    borrowed.leaveBehind();
    sites.appliances().sweep();

    Checked checked = check();

    assertThat(left(checked)).isEmpty();
    assertThat(checked.facts())
        .filteredOn(fact -> fact.what().equals("transfer appliance"))
        .singleElement()
        .satisfies(
            fact ->
                assertThat(fact.value())
                    .startsWith(sites.recoveryAppliance() + ": disk.EnableUUID TRUE, ")
                    .contains("no snapshots")
                    .endsWith("detached: " + file));

    borrowed.forget();
  }

  @Test
  void saysWhyAVmCanMoveNoDisks() throws RemoteException {
    VmRef appliance = sites.appliances().at("look", "munich").vm();
    ESTATES.munich().judge().setExtraConfig(appliance.name(), "disk.EnableUUID", "FALSE");
    try (Owner owner = new Owner(ESTATES.munich().vcsim())) {
      owner.snapshot(appliance, "before-the-update");
    }

    Checked checked = check();

    assertThat(checked.findings())
        .filteredOn(finding -> finding.kind() == Kind.TRANSFER_APPLIANCE_UNFIT)
        .extracting(SiteFinding::sentence)
        .satisfiesExactly(
            uuids -> assertThat(uuids).contains(appliance.name(), "disk.EnableUUID is not TRUE"),
            frozen -> assertThat(frozen).contains(appliance.name(), "before-the-update"));
  }

  @Test
  void leavesOutADiskThatATransferUses() throws IOException {
    try (Attached attached = borrowed.attach(sites.appliances())) {
      assertThat(attached.isThere()).isTrue();

      assertThat(left(check())).isEmpty();
    }
  }

  @Test
  void namesADiskThatSomebodyHasAttachedByHand() throws IOException {
    VirtualDisk own = borrowed.device();
    VmRef appliance = sites.appliances().at("look", "munich").vm();
    try (Owner owner = new Owner(ESTATES.munich().vcsim())) {
      own.setKey(-1);
      own.setUnitNumber(9);
      owner.reconfigure(appliance, disk(own, VirtualDeviceConfigSpecOperation.add));

      assertThat(left(check()))
          .singleElement()
          .satisfies(
              finding ->
                  assertThat(finding.sentence())
                      .contains("that no transfer has attached", "'%s' of ".formatted(file)));

      VirtualDisk attached =
          Disks.of(owner.read(appliance, "config.hardware.device").row()).stream()
              .filter(disk -> Disks.file(disk).equals(file))
              .findFirst()
              .orElseThrow();
      owner.reconfigure(appliance, disk(attached, VirtualDeviceConfigSpecOperation.remove));
    }
  }

  private static VirtualMachineConfigSpec disk(
      VirtualDisk disk, VirtualDeviceConfigSpecOperation what) {
    VirtualDeviceConfigSpec change = new VirtualDeviceConfigSpec();
    change.setOperation(what);
    change.setDevice(disk);
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setDeviceChange(new VirtualDeviceConfigSpec[] {change});
    return spec;
  }

  private Checked check() {
    SiteSettings site =
        SiteSettings.named("munich")
            .kind(SiteKind.VSPHERE)
            .address("https://vc.example")
            .vcenter(VCenterAccess.of("svc", ""))
            .build();
    return new VsphereSiteActivities(
            sites.vcenters(),
            sites.appliances(),
            "worker-1",
            "build-1",
            name -> List.of(),
            name -> Optional.empty(),
            InstantSource.system())
        .checkSite(new CheckSite(site, true, List.of()));
  }

  private static List<SiteFinding> left(Checked checked) {
    return checked.findings().stream()
        .filter(finding -> finding.kind() == Kind.DISKS_LEFT_ATTACHED)
        .toList();
  }
}
