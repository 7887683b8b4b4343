package io.switchback.vsphere;

import com.vmware.vim25.DatastoreSummary;
import com.vmware.vim25.DuplicateName;
import com.vmware.vim25.HostHardwareSummary;
import com.vmware.vim25.HostListSummaryQuickStats;
import com.vmware.vim25.HostSystemConnectionState;
import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Placement;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a VM is to stand: a host, its resource pool, a datastore that the host mounts and a folder
 * of the host's datacenter. What a placement leaves open is where most room is.
 *
 * @param store the datastore
 */
record Standing(
    ManagedObjectReference host,
    ManagedObjectReference pool,
    DatastoreSummary store,
    ManagedObjectReference folder) {

  /**
   * Finds it; folders that are named and not there are made.
   *
   * @throws FaultException INVALID_INPUT when the site has no such host, cluster, pool or
   *     datastore, or none that fit together; NO_CAPACITY when no host can take a VM now
   */
  static Standing of(String what, VCenter vcenter, Placement wanted) throws RemoteException {
    Search search = new Search(what, vcenter, wanted);
    Properties.Row host = search.host();
    return new Standing(
        host.object(),
        search.pool(host),
        search.datastore(host),
        folderOf(vcenter, host.object(), wanted.folder()));
  }

  /** The datastore's name. */
  String datastore() {
    return SiteNames.decoded(store.getName());
  }

  /** Whether a host is one that the placement means. */
  static boolean isAt(String what, VCenter vcenter, Placement wanted, String host)
      throws RemoteException {
    return new Search(what, vcenter, wanted).isWanted(host);
  }

  /** A folder of the host's datacenter by its path, made where it is not there. */
  static ManagedObjectReference folderOf(VCenter vcenter, ManagedObjectReference host, String path)
      throws RemoteException {
    ManagedObjectReference here = datacenterFolder(vcenter, host);
    for (String name : path.isEmpty() ? new String[0] : path.split("/")) {
      here = child(vcenter, here, name);
    }
    return here;
  }

  /** Of VMs, of the datacenter that the object stands in. */
  private static ManagedObjectReference datacenterFolder(
      VCenter vcenter, ManagedObjectReference object) throws RemoteException {
    ManagedObjectReference here = object;
    while (!here.getType().equals("Datacenter")) {
      ManagedObjectReference below = here;
      here =
          vcenter
              .read(live -> Properties.of(live, below, "parent"))
              .get("parent", ManagedObjectReference.class, new ManagedObjectReference());
      if (here.getType() == null) {
        throw new FaultException(
            Fault.NO_PERMISSION,
            "Could not find the datacenter of %s: the account may not look at what is above it. Give it System.View there, then retry the step."
                .formatted(object.getVal()));
      }
    }
    ManagedObjectReference datacenter = here;
    return vcenter
        .read(live -> Properties.of(live, datacenter, "vmFolder"))
        .get("vmFolder", ManagedObjectReference.class, datacenter);
  }

  private static ManagedObjectReference child(
      VCenter vcenter, ManagedObjectReference parent, String name) throws RemoteException {
    Optional<ManagedObjectReference> there = find(vcenter, parent, name);
    if (there.isPresent()) {
      return there.get();
    }
    try {
      return vcenter.change(live -> live.vim().createFolder(parent, name));
    } catch (DuplicateName faster) {
      return find(vcenter, parent, name).orElseThrow(() -> new IllegalStateException(faster));
    }
  }

  private static Optional<ManagedObjectReference> find(
      VCenter vcenter, ManagedObjectReference parent, String name) throws RemoteException {
    return vcenter.read(live -> Properties.all(live, "Folder", "name", "parent")).stream()
        .filter(row -> name.equals(SiteNames.decoded(row.get("name", String.class, ""))))
        .filter(row -> isSame(parent, row.get("parent", ManagedObjectReference.class)))
        .map(Properties.Row::object)
        .findFirst();
  }

  private static boolean isSame(ManagedObjectReference one, @Nullable ManagedObjectReference two) {
    return two != null && one.getVal().equals(two.getVal());
  }

  /** What the vCenter has, read at one moment. */
  private static final class Search {
    private final String what;
    private final Placement wanted;
    private final List<Properties.Row> hosts;
    private final List<Properties.Row> pools;
    private final List<Properties.Row> clusters;
    private final Map<String, DatastoreSummary> datastores = new HashMap<>();

    Search(String what, VCenter vcenter, Placement wanted) throws RemoteException {
      this.what = what;
      this.wanted = wanted;
      hosts =
          vcenter.read(
              live ->
                  Properties.all(
                      live,
                      "HostSystem",
                      "name",
                      "parent",
                      "datastore",
                      "summary.hardware",
                      "summary.quickStats",
                      "runtime.connectionState",
                      "runtime.inMaintenanceMode"));
      pools = vcenter.read(live -> Properties.all(live, "ResourcePool", "name", "owner"));
      clusters =
          vcenter.read(live -> Properties.all(live, "ComputeResource", "name", "resourcePool"));
      for (Properties.Row row :
          vcenter.read(live -> Properties.all(live, "Datastore", "summary"))) {
        DatastoreSummary summary = row.get("summary", DatastoreSummary.class);
        if (summary != null && summary.isAccessible()) {
          datastores.put(row.object().getVal(), summary);
        }
      }
    }

    Properties.Row host() {
      List<Properties.Row> named = hosts.stream().filter(this::isWanted).toList();
      if (named.isEmpty()) {
        throw input("the site has no host, cluster or resource pool '%s'".formatted(wanted.host()));
      }
      if (!wanted.datastore().isEmpty() && datastores.values().stream().noneMatch(this::isWanted)) {
        throw input(
            "the site has no datastore '%s' that can be reached".formatted(wanted.datastore()));
      }
      List<Properties.Row> mounting =
          named.stream().filter(host -> !datastoresOf(host).isEmpty()).toList();
      if (mounting.isEmpty()) {
        throw input(
            "no datastore%s is mounted by %s"
                .formatted(
                    wanted.datastore().isEmpty() ? "" : " '" + wanted.datastore() + "'",
                    wanted.host().isEmpty() ? "any host" : "'" + wanted.host() + "'"));
      }
      return mounting.stream()
          .filter(Search::canTake)
          .max(Comparator.comparingLong(Search::freeBytes).thenComparing(Search::id))
          .orElseThrow(
              () ->
                  new FaultException(
                      Fault.NO_CAPACITY,
                      "Could not %s: each host that may take it is disconnected or in maintenance. Bring one back, or change the placement, then retry the step."
                          .formatted(what)));
    }

    boolean isWanted(String host) {
      return hosts.stream().anyMatch(one -> id(one).equals(host) && isWanted(one));
    }

    private boolean isWanted(Properties.Row host) {
      if (wanted.host().isEmpty() || isCalled(host, wanted.host())) {
        return true;
      }
      String parent = val(host.get("parent", ManagedObjectReference.class));
      return clusters.stream()
              .anyMatch(one -> one.object().getVal().equals(parent) && isCalled(one, wanted.host()))
          || wantedPool(parent).isPresent();
    }

    /** A pool of that name, of the cluster or host that a host belongs to. */
    private Optional<Properties.Row> wantedPool(String owner) {
      return pools.stream()
          .filter(pool -> isCalled(pool, wanted.host()))
          .filter(pool -> val(pool.get("owner", ManagedObjectReference.class)).equals(owner))
          .findFirst();
    }

    ManagedObjectReference pool(Properties.Row host) {
      String owner = val(host.get("parent", ManagedObjectReference.class));
      return wantedPool(owner)
          .map(Properties.Row::object)
          .or(
              () ->
                  clusters.stream()
                      .filter(one -> one.object().getVal().equals(owner))
                      .map(one -> one.get("resourcePool", ManagedObjectReference.class))
                      .filter(pool -> pool != null)
                      .findFirst())
          .orElseThrow(() -> input("the account may not see the resource pool of " + id(host)));
    }

    DatastoreSummary datastore(Properties.Row host) {
      return datastoresOf(host).stream()
          .max(
              Comparator.comparing(Search::isShared)
                  .thenComparingLong(DatastoreSummary::getFreeSpace)
                  .thenComparing(DatastoreSummary::getName))
          .orElseThrow();
    }

    private List<DatastoreSummary> datastoresOf(Properties.Row host) {
      return Arrays.stream(
              host.get("datastore", ManagedObjectReference[].class, new ManagedObjectReference[0]))
          .map(one -> datastores.get(one.getVal()))
          .filter(summary -> summary != null && isWanted(summary))
          .toList();
    }

    private boolean isWanted(DatastoreSummary datastore) {
      return wanted.datastore().isEmpty()
          || SiteNames.decoded(datastore.getName()).equals(wanted.datastore());
    }

    private static boolean isShared(DatastoreSummary datastore) {
      return Boolean.TRUE.equals(datastore.getMultipleHostAccess());
    }

    private static boolean canTake(Properties.Row host) {
      return host.get("runtime.connectionState", HostSystemConnectionState.class)
              == HostSystemConnectionState.connected
          && !host.get("runtime.inMaintenanceMode", Boolean.class, false);
    }

    private static long freeBytes(Properties.Row host) {
      HostHardwareSummary hardware = host.get("summary.hardware", HostHardwareSummary.class);
      HostListSummaryQuickStats stats =
          host.get("summary.quickStats", HostListSummaryQuickStats.class);
      Integer usedMib = stats == null ? null : stats.getOverallMemoryUsage();
      return hardware == null
          ? 0
          : hardware.getMemorySize() - ((long) (usedMib == null ? 0 : usedMib) << 20);
    }

    private static boolean isCalled(Properties.Row row, String name) {
      return SiteNames.decoded(row.get("name", String.class, "")).equals(name);
    }

    private static String id(Properties.Row row) {
      return row.object().getVal();
    }

    private static String val(@Nullable ManagedObjectReference reference) {
      return reference == null ? "" : reference.getVal();
    }

    private FaultException input(String because) {
      return new FaultException(
          Fault.INVALID_INPUT,
          "Could not %s: %s. Name another placement.".formatted(what, because));
    }
  }
}
