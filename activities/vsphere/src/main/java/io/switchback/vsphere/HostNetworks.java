package io.switchback.vsphere;

import com.vmware.vim25.DistributedVirtualSwitchPortConnection;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.OpaqueNetworkSummary;
import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualEthernetCardDistributedVirtualPortBackingInfo;
import com.vmware.vim25.VirtualEthernetCardNetworkBackingInfo;
import com.vmware.vim25.VirtualEthernetCardOpaqueNetworkBackingInfo;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The networks that a host can plug cards into, by their names, read at one moment. */
final class HostNetworks {
  private final Map<String, VirtualDeviceBackingInfo> backings = new HashMap<>();

  private HostNetworks() {}

  static HostNetworks read(VCenter vcenter, ManagedObjectReference host) throws RemoteException {
    HostNetworks found = new HostNetworks();
    List<ManagedObjectReference> seen =
        Arrays.asList(
            vcenter
                .read(live -> Properties.of(live, host, "network"))
                .get("network", ManagedObjectReference[].class, new ManagedObjectReference[0]));
    for (Properties.Row row : rows(vcenter, seen, "Network", "name")) {
      VirtualEthernetCardNetworkBackingInfo standard = new VirtualEthernetCardNetworkBackingInfo();
      standard.setNetwork(row.object());
      standard.setDeviceName(row.get("name", String.class, ""));
      found.put(row, standard);
    }
    for (Properties.Row row : rows(vcenter, seen, "OpaqueNetwork", "name", "summary")) {
      if (row.values().get("summary") instanceof OpaqueNetworkSummary summary) {
        VirtualEthernetCardOpaqueNetworkBackingInfo opaque =
            new VirtualEthernetCardOpaqueNetworkBackingInfo();
        opaque.setOpaqueNetworkId(summary.getOpaqueNetworkId());
        opaque.setOpaqueNetworkType(summary.getOpaqueNetworkType());
        found.put(row, opaque);
      }
    }
    found.addPortGroups(vcenter, seen);
    return found;
  }

  private void addPortGroups(VCenter vcenter, List<ManagedObjectReference> seen)
      throws RemoteException {
    List<Properties.Row> groups =
        rows(
            vcenter,
            seen,
            "DistributedVirtualPortgroup",
            "name",
            "key",
            "config.distributedVirtualSwitch");
    Map<String, String> switches = new HashMap<>();
    for (Properties.Row row : groups) {
      ManagedObjectReference of =
          row.get("config.distributedVirtualSwitch", ManagedObjectReference.class);
      if (of == null) {
        continue;
      }
      if (!switches.containsKey(of.getVal())) {
        switches.put(
            of.getVal(),
            vcenter.read(live -> Properties.of(live, of, "uuid")).get("uuid", String.class, ""));
      }
      DistributedVirtualSwitchPortConnection port = new DistributedVirtualSwitchPortConnection();
      port.setPortgroupKey(row.get("key", String.class, row.object().getVal()));
      port.setSwitchUuid(switches.get(of.getVal()));
      VirtualEthernetCardDistributedVirtualPortBackingInfo backing =
          new VirtualEthernetCardDistributedVirtualPortBackingInfo();
      backing.setPort(port);
      put(row, backing);
    }
  }

  private static List<Properties.Row> rows(
      VCenter vcenter, List<ManagedObjectReference> seen, String type, String... paths)
      throws RemoteException {
    List<ManagedObjectReference> ofType =
        seen.stream().filter(one -> type.equals(one.getType())).toList();
    return vcenter.read(live -> Properties.of(live, ofType, type, paths));
  }

  private void put(Properties.Row row, VirtualDeviceBackingInfo backing) {
    backings.put(SiteNames.decoded(row.get("name", String.class, "")), backing);
  }

  /**
   * How a card is plugged into the network.
   *
   * @throws FaultException INVALID_INPUT when the host has no such network
   */
  VirtualDeviceBackingInfo backing(String what, String network) {
    VirtualDeviceBackingInfo backing = backings.get(network);
    if (backing == null) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Could not %s: its host has no network '%s', only %s. Map production's network to one of those, or give the host that network."
              .formatted(what, network, new TreeSet<>(backings.keySet())));
    }
    return backing;
  }
}
