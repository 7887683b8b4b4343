package io.switchback.vsphere;

import java.nio.file.Path;

/**
 * The VM that a worker runs on, to which it attaches disks.
 *
 * @param vm name or instance uuid at its vCenter
 * @param devices where its system shows disks by their uuids
 */
public record TransferAppliance(String vm, Path devices) {
  private static final Path BY_ID = Path.of("/dev/disk/by-id");

  public TransferAppliance {
    if (vm.isBlank()) {
      throw new IllegalArgumentException("appliance: name the VM that this worker runs on");
    }
  }

  /** On Linux. */
  public static TransferAppliance of(String vm) {
    return new TransferAppliance(vm, BY_ID);
  }
}
