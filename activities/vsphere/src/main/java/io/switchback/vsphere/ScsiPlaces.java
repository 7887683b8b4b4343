package io.switchback.vsphere;

import com.vmware.vim25.ParaVirtualSCSIController;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualSCSIController;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where a VM has room for one more disk: paravirtual controllers first, the others after them. */
final class ScsiPlaces {
  private static final int UNITS = 16;

  /** The controller itself. */
  private static final int RESERVED = 7;

  private ScsiPlaces() {}

  /** A unit at a controller, which is named by its key. */
  record Place(int controller, int unit) {}

  static Optional<Place> free(Properties.Row row) {
    return allFree(row).stream().findFirst();
  }

  /** Every place, in the order in which they are taken. */
  static List<Place> allFree(Properties.Row row) {
    List<VirtualDevice> devices =
        Arrays.asList(
            row.get("config.hardware.device", VirtualDevice[].class, new VirtualDevice[0]));
    return devices.stream()
        .filter(VirtualSCSIController.class::isInstance)
        .sorted(
            Comparator.comparing((VirtualDevice one) -> !(one instanceof ParaVirtualSCSIController))
                .thenComparingInt(VirtualDevice::getKey))
        .flatMap(one -> free(one.getKey(), devices))
        .toList();
  }

  private static Stream<Place> free(int controller, List<VirtualDevice> devices) {
    Set<Integer> taken =
        devices.stream()
            .filter(one -> Objects.equals(one.getControllerKey(), controller))
            .map(VirtualDevice::getUnitNumber)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    return IntStream.range(0, UNITS)
        .filter(unit -> unit != RESERVED && !taken.contains(unit))
        .mapToObj(unit -> new Place(controller, unit));
  }
}
