package io.switchback.port;

import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.util.List;

/**
 * What VMs a site has, and what they are made of. Changes nothing.
 *
 * <p>Every method: SITE_UNREACHABLE (retried). Seconds; heartbeats.
 */
@ActivityInterface
public interface InventoryActivities {
  /** More profiles than this are not answered at once. */
  int MOST = 500;

  /**
   * Answers the VMs that have one of the names and the tag and are in the folder, as far as these
   * are given, by name; with none of them, every VM of the site. A folder means the folders below
   * it as well. A VM that Switchback keeps as a replica is left out, unless it is named.
   */
  Inventory findVms(FindVms request);

  /**
   * Answers what the VM is made of now. The id decides: a VM that was renamed is found and answered
   * under its new name.
   *
   * @throws io.switchback.fault.FaultException VM_NOT_FOUND
   */
  VmProfile describeVm(DescribeVm request);

  /**
   * Asks for VMs; what is empty is not asked for.
   *
   * @param names names or ids
   * @param folder as in {@code prod/erp}
   */
  record FindVms(String site, List<String> names, String tag, String folder) {
    public FindVms {
      names = List.copyOf(names);
    }
  }

  /**
   * The VMs found, by name.
   *
   * @param missing names that no VM of the site has
   * @param cut whether there are more than were answered
   */
  record Inventory(List<VmProfile> vms, List<String> missing, boolean cut) {
    public Inventory {
      vms = List.copyOf(vms);
      missing = List.copyOf(missing);
    }
  }

  /** Asks what {@code vm} is made of. */
  record DescribeVm(VmRef vm) {}
}
