package io.switchback.registry;

import io.switchback.model.DiskPair;
import io.switchback.model.Mistakes;
import io.switchback.model.Policy;
import io.switchback.model.VmRef;
import java.util.List;

/**
 * A VM to enrol with what it fails over to.
 *
 * @param networks of the replica, by the recovery site's names
 * @param policy name of the policy; {@value Policy#DEFAULT_NAME} when absent
 */
public record EnrolledVm(
    VmRef production, VmRef recovery, List<DiskPair> disks, List<String> networks, String policy) {
  public EnrolledVm {
    policy = policy == null ? Policy.DEFAULT_NAME : policy;
    networks = networks == null ? List.of() : List.copyOf(networks);
    new Mistakes()
        .unless(production != null, "production is missing")
        .unless(recovery != null, "recovery is missing")
        .unless(
            production == null || !production.equals(recovery), "a VM cannot be its own replica")
        .unless(disks != null && !disks.isEmpty(), "a VM has at least one disk")
        .refuse("enrolled vm");
    disks = List.copyOf(disks);
  }
}
