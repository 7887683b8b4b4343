package io.switchback.port;

import io.switchback.model.DiskShape;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.Seed;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites of {@link PlaceholderActivities} have in common. */
public abstract class PlacedVmContract extends PlacementContract {
  static final String REPLICA = "web-01.7";

  static final Hardware HARDWARE =
      new Hardware(2, 2L << 30, Firmware.EFI, List.of(new Nic("dr-lan", true, List.of())));

  static final List<DiskShape> DISKS =
      List.of(new DiskShape("disk-a", MIB), new DiskShape("disk-b", 2 * MIB));

  PortCaller<PlaceholderActivities> port;

  @BeforeEach
  final void openPort() {
    port = new PortCaller<>(PlaceholderActivities.class, site.placeholders());
  }

  @AfterEach
  final void closePort() {
    port.close();
  }

  final PlaceVm place(long number) {
    return request(number, DISKS, null);
  }

  final PlaceVm request(long number, List<DiskShape> disks, @Nullable Seed seed) {
    return request(number, disks, seed, site.placement());
  }

  final PlaceVm request(
      long number, List<DiskShape> disks, @Nullable Seed seed, Placement placement) {
    return new PlaceVm(
        step(number), site.site(), REPLICA, "web-01_replica", HARDWARE, disks, placement, seed);
  }

  final VmProfile look(VmRef vm) {
    return site.look(vm).orElseThrow();
  }

  final String text(VmRef vm, String disk, int length) {
    return new String(site.read(vm, disk, 4096, length), StandardCharsets.US_ASCII);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
