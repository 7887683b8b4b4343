package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.DiskShape;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.InventoryActivities.DescribeVm;
import io.switchback.port.InventoryActivities.FindVms;
import io.switchback.port.InventoryActivities.Inventory;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link InventoryActivities} promises. */
public abstract class InventoryContract extends PlacementContract {
  private PortCaller<InventoryActivities> inventory;

  @BeforeEach
  final void openPort() {
    inventory = new PortCaller<>(InventoryActivities.class, site.inventory());
  }

  @AfterEach
  final void closePort() {
    inventory.close();
  }

  @Test
  void findsByNameAndById() {
    site.vm("web-01", 1, "prod", List.of());
    VmRef db = site.vm("db-01", 1, "prod", List.of());
    site.vm("app-01", 1, "prod", List.of());

    assertThat(names(find(List.of("web-01", db.id()), "", ""))).containsExactly("db-01", "web-01");
  }

  @Test
  void namesWhatItDoesNotFind() {
    site.vm("web-01", 1, "prod", List.of());

    Inventory found = find(List.of("web-01", "web-02"), "", "");

    assertThat(found.missing()).containsExactly("web-02");
    assertThat(names(found)).containsExactly("web-01");
  }

  @Test
  void findsByTag() {
    site.vm("web-01", 1, "prod", List.of("gold", "linux"));
    site.vm("web-02", 1, "prod", List.of("silver"));
    site.vm("web-03", 1, "prod", List.of());

    assertThat(names(find(List.of(), "gold", ""))).containsExactly("web-01");
    assertThat(names(find(List.of(), "bronze", ""))).isEmpty();
  }

  @Test
  void findsInAFolderAndBelowIt() {
    site.vm("web-01", 1, "prod", List.of());
    site.vm("db-01", 1, "prod/erp", List.of());
    site.vm("x-01", 1, "production", List.of());
    site.vm("y-01", 1, "", List.of());

    assertThat(names(find(List.of(), "", "prod"))).containsExactly("db-01", "web-01");
    assertThat(names(find(List.of(), "", "prod/erp"))).containsExactly("db-01");
  }

  @Test
  void findsEverythingWhenNothingIsAskedFor() {
    site.vm("web-01", 1, "prod", List.of());
    site.vm("db-01", 1, "", List.of("gold"));

    assertThat(names(find(List.of(), "", ""))).containsExactly("db-01", "web-01");
  }

  @Test
  void leavesReplicasOutUnlessTheyAreNamed() {
    site.vm("web-01", 1, "prod", List.of());
    place("far-01_replica");

    assertThat(names(find(List.of(), "", ""))).containsExactly("web-01");
    assertThat(names(find(List.of("far-01_replica"), "", ""))).containsExactly("far-01_replica");
  }

  @Test
  void saysThatThereAreMoreThanItAnswers() {
    for (int i = 0; i <= InventoryActivities.MOST; i++) {
      site.vm("web-%03d".formatted(i), 1, "prod", List.of());
    }

    Inventory found = inventory.call().findVms(new FindVms(site.site(), List.of(), "", "prod"));

    assertThat(found.cut()).isTrue();
    assertThat(found.vms()).hasSize(InventoryActivities.MOST);
  }

  @Test
  void tellsWhatAVmIsMadeOf() {
    VmRef vm = site.vm("web-01", 2, "prod", List.of("gold"));
    Hardware hardware =
        new Hardware(
            4,
            8L << 30,
            Firmware.EFI,
            List.of(
                new Nic("lan", true, List.of("10.0.0.7")), new Nic("backup", false, List.of())));
    site.change(vm, hardware);

    VmProfile profile = describe(vm);

    assertThat(profile.vm()).isEqualTo(vm);
    assertThat(profile.power()).isEqualTo(PowerState.OFF);
    assertThat(plain(profile.hardware())).isEqualTo(hardware);
    assertThat(profile.disks()).hasSize(2).extracting(DiskShape::capacityBytes).containsOnly(MIB);
    assertThat(profile.disks()).extracting(DiskShape::id).doesNotHaveDuplicates();
    assertThat(profile.placement().folder()).isEqualTo("prod");
    assertThat(profile.placement().datastore()).isNotBlank();
    assertThat(profile.tags()).containsExactly("gold");
    assertThat(find(List.of("web-01"), "", "").vms()).containsExactly(profile);
  }

  @Test
  void findsARenamedVmByItsId() {
    VmRef vm = site.vm("web-01", 1, "prod", List.of());
    site.rename(vm, "shop-01");

    assertThat(describe(vm).vm()).isEqualTo(new VmRef(vm.site(), vm.id(), "shop-01"));
  }

  @Test
  void saysThatAVmIsGone() {
    assertFault(Fault.VM_NOT_FOUND, () -> describe(nobody()));
  }

  @Test
  void saysThatNobodyAnswers() {
    VmRef vm = site.vm("web-01", 1, "prod", List.of());
    site.breakSite();

    assertFault(Fault.SITE_UNREACHABLE, () -> describe(vm));
    assertFault(Fault.SITE_UNREACHABLE, () -> find(List.of(), "", ""));
  }

  private void place(String name) {
    try (PortCaller<PlaceholderActivities> placeholders =
        new PortCaller<>(PlaceholderActivities.class, site.placeholders())) {
      var _ =
          placeholders
              .call()
              .placeVm(
                  new PlaceVm(
                      step(1),
                      site.site(),
                      "far-01.1",
                      name,
                      new Hardware(1, 1L << 30, Firmware.BIOS, List.of()),
                      List.of(new DiskShape("far-disk", MIB)),
                      site.placement(),
                      null));
    }
  }

  private Inventory find(List<String> names, String tag, String folder) {
    return inventory.call().findVms(new FindVms(site.site(), names, tag, folder));
  }

  private VmProfile describe(VmRef vm) {
    return inventory.call().describeVm(new DescribeVm(vm));
  }

  private static List<String> names(Inventory found) {
    assertThat(found.cut()).isFalse();
    return found.vms().stream().map(profile -> profile.vm().name()).toList();
  }
}
