package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualDeviceDeviceBackingInfo;
import com.vmware.vim25.VirtualEthernetCardDistributedVirtualPortBackingInfo;
import com.vmware.vim25.VirtualEthernetCardNetworkBackingInfo;
import com.vmware.vim25.VirtualEthernetCardOpaqueNetworkBackingInfo;
import java.rmi.RemoteException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the hosts, folders and networks of a vCenter are called, read at one moment. */
final class SiteNames {
  private static final String PARENT = "parent";

  private final Map<String, ManagedObjectReference> objects = new HashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, ManagedObjectReference> parents = new HashMap<>();
  private final Map<String, String> opaqueNetworks = new HashMap<>();

  private SiteNames() {}

  static SiteNames read(VCenter vcenter) throws RemoteException {
    SiteNames site = new SiteNames();
    site.add(all(vcenter, "HostSystem", "name"));
    site.add(all(vcenter, "Folder", "name", PARENT));
    // Port groups are networks as well.
    site.add(all(vcenter, "Network", "name"));
    all(vcenter, "OpaqueNetwork", "summary")
        .forEach(
            row -> {
              if (row.values().get("summary")
                  instanceof com.vmware.vim25.OpaqueNetworkSummary summary) {
                site.opaqueNetworks.put(summary.getOpaqueNetworkId(), summary.getName());
              }
            });
    return site;
  }

  private static List<Properties.Row> all(VCenter vcenter, String type, String... paths)
      throws RemoteException {
    return vcenter.read(live -> Properties.all(live, type, paths));
  }

  private void add(List<Properties.Row> rows) {
    for (Properties.Row row : rows) {
      String id = row.object().getVal();
      objects.put(id, row.object());
      names.put(id, decoded(row.get("name", String.class, id)));
      ManagedObjectReference parent = row.get(PARENT, ManagedObjectReference.class);
      if (parent != null) {
        parents.put(id, parent);
      }
    }
  }

  /** An object's name; its id when it has gone since. */
  String of(ManagedObjectReference object) {
    return names.getOrDefault(object.getVal(), object.getVal());
  }

  /** The folder's path below its datacenter; empty for the datacenter's own folder. */
  String path(@Nullable ManagedObjectReference folder) {
    Deque<String> path = new ArrayDeque<>();
    ManagedObjectReference here = folder;
    while (here != null && here.getType().equals("Folder")) {
      ManagedObjectReference above = parents.get(here.getVal());
      if (above == null || above.getType().equals("Datacenter")) {
        break;
      }
      path.addFirst(of(here));
      here = above;
    }
    return String.join("/", path);
  }

  /** Every network's name, port groups among them. */
  List<String> networks() {
    return named("Network", "DistributedVirtualPortgroup", "OpaqueNetwork");
  }

  /** The path of every folder that VMs can be in, as {@link #path} gives it. */
  List<String> folders() {
    return objects.values().stream()
        .filter(object -> object.getType().equals("Folder"))
        .map(this::path)
        .filter(path -> !path.isEmpty())
        .distinct()
        .toList();
  }

  private List<String> named(String... types) {
    return objects.values().stream()
        .filter(object -> List.of(types).contains(object.getType()))
        .map(this::of)
        .distinct()
        .toList();
  }

  /** The network that a card's backing names; what the backing says where the name is unknown. */
  String network(@Nullable VirtualDeviceBackingInfo backing) {
    return switch (backing) {
      case VirtualEthernetCardDistributedVirtualPortBackingInfo port ->
          // A port group's key is its id.
          names.getOrDefault(port.getPort().getPortgroupKey(), port.getPort().getPortgroupKey());
      case VirtualEthernetCardOpaqueNetworkBackingInfo opaque ->
          opaqueNetworks.getOrDefault(opaque.getOpaqueNetworkId(), opaque.getOpaqueNetworkId());
      case VirtualEthernetCardNetworkBackingInfo standard -> ofStandard(standard);
      case VirtualDeviceDeviceBackingInfo device -> device.getDeviceName();
      case null, default -> "unknown";
    };
  }

  @SuppressWarnings("NullAway") // a network that the host no longer has
  private String ofStandard(VirtualEthernetCardNetworkBackingInfo standard) {
    ManagedObjectReference network = standard.getNetwork();
    return network == null || !names.containsKey(network.getVal())
        ? standard.getDeviceName()
        : of(network);
  }

  /** vCenter writes three characters of a name as in a URL. */
  static String decoded(String name) {
    return name.replace("%2f", "/")
        .replace("%2F", "/")
        .replace("%5c", "\\")
        .replace("%5C", "\\")
        .replace("%25", "%");
  }
}
