package io.switchback.operation;

import io.switchback.model.Hardware;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Seed;
import io.switchback.model.VmProfile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a VM is going to be protected.
 *
 * @param replicaId that its replica has, or shall have
 * @param to the recovery site
 * @param replicaName that the VM there shall have
 * @param hardware of the VM there, its network cards by that site's networks
 * @param networks by which they were found
 * @param seed null for a first copy of everything
 * @param isProtected whether it is so already
 */
public record PlannedVm(
    VmProfile production,
    String replicaId,
    String to,
    String replicaName,
    Hardware hardware,
    List<NetworkMapping> networks,
    Placement placement,
    Policy policy,
    @Nullable Seed seed,
    boolean isProtected) {
  public PlannedVm {
    networks = List.copyOf(networks);
  }

  /** Its name, for people. */
  public String name() {
    return production.vm().name();
  }
}
