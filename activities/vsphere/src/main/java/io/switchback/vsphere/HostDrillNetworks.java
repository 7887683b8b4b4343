package io.switchback.vsphere;

import com.vmware.vim25.AlreadyExists;
import com.vmware.vim25.HostNetworkInfo;
import com.vmware.vim25.HostNetworkPolicy;
import com.vmware.vim25.HostPortGroup;
import com.vmware.vim25.HostPortGroupSpec;
import com.vmware.vim25.HostVirtualNic;
import com.vmware.vim25.HostVirtualSwitch;
import com.vmware.vim25.HostVirtualSwitchSpec;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.NotFound;
import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualEthernetCardNetworkBackingInfo;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The networks of drills at one host, as they were a moment ago: for each a standard switch of its
 * own without an uplink, and one port group on it. Frames leave such a switch through a VM alone
 * that has another card elsewhere, and copies have cards in drills' networks only.
 *
 * <p>Standard rather than distributed: a distributed switch reaches from host to host by an uplink,
 * and what passes through that depends on switches that vCenter does not see.
 */
final class HostDrillNetworks {
  /** What the name of each such switch begins with; a host takes 31 characters. */
  private static final String PREFIX = "drill-";

  private static final Pattern OF_A_DRILL = Pattern.compile(PREFIX + "[0-9a-f]{8}-[0-9a-f]{8}");

  /** Of a network's name; a host takes 80 characters for all of it. */
  private static final int NAME = 60;

  private static final int PORTS = 128;

  private final VCenter vcenter;
  private final String host;
  private final ManagedObjectReference system;
  private final HostNetworkInfo info;

  private HostDrillNetworks(
      VCenter vcenter, String host, ManagedObjectReference system, HostNetworkInfo info) {
    this.vcenter = vcenter;
    this.host = host;
    this.system = system;
    this.info = info;
  }

  /**
   * Looks at a host.
   *
   * @throws FaultException INVALID_INPUT when the site has no host of that name
   */
  static HostDrillNetworks read(String what, VCenter vcenter, String host) throws RemoteException {
    List<Properties.Row> hosts =
        vcenter.read(live -> Properties.all(live, "HostSystem", "name")).stream()
            .filter(row -> SiteNames.decoded(row.get("name", String.class, "")).equals(host))
            .toList();
    if (hosts.size() != 1) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Could not %s: the site has %s host '%s'. A drill's networks are one host's: name one."
              .formatted(what, hosts.isEmpty() ? "no" : "more than one", host));
    }
    return read(vcenter, hosts.getFirst().object());
  }

  static HostDrillNetworks read(VCenter vcenter, ManagedObjectReference host)
      throws RemoteException {
    ManagedObjectReference system =
        vcenter
            .read(live -> Properties.of(live, host, "configManager.networkSystem"))
            .get("configManager.networkSystem", ManagedObjectReference.class);
    if (system == null) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE,
          "Could not read the networks of host %s: it is not connected. Look at it in the vSphere Client."
              .formatted(host.getVal()));
    }
    HostNetworkInfo info =
        vcenter
            .read(live -> Properties.of(live, system, "networkInfo"))
            .get("networkInfo", HostNetworkInfo.class, new HostNetworkInfo());
    return new HostDrillNetworks(vcenter, host.getVal(), system, info);
  }

  /** The name of the network that stands for another one in a drill. */
  static String name(String drill, String network) {
    String end = " " + Mark.of(network);
    String shown =
        network.length() > NAME ? network.substring(0, NAME - end.length()) + end : network;
    return "%s, drill %s".formatted(shown, Mark.of(drill));
  }

  private static String ofDrill(String drill) {
    return PREFIX + Mark.of(drill) + "-";
  }

  private static String switchOf(String drill, String network) {
    return ofDrill(drill) + Mark.of(network);
  }

  /**
   * Makes the network that stands for another one, as far as it is not there; whether it made any.
   */
  boolean make(String what, String drill, String network) throws RemoteException {
    String onSwitch = switchOf(drill, network);
    String named = name(drill, network);
    boolean hasSwitch = switches().anyMatch(one -> onSwitch.equals(one.getName()));
    boolean hasGroup = groups().anyMatch(one -> onSwitch.equals(one.getVswitchName()));
    if (!hasSwitch) {
      HostVirtualSwitchSpec spec = new HostVirtualSwitchSpec();
      spec.setNumPorts(PORTS);
      once(what, live -> live.vim().addVirtualSwitch(system, onSwitch, spec));
    }
    if (!hasGroup) {
      HostPortGroupSpec spec = new HostPortGroupSpec();
      spec.setName(named);
      spec.setVswitchName(onSwitch);
      spec.setVlanId(0);
      spec.setPolicy(new HostNetworkPolicy());
      once(what, live -> live.vim().addPortGroup(system, spec));
    }
    return !hasSwitch || !hasGroup;
  }

  /** A call that makes or removes something by its name. */
  private interface ByName {
    void on(Session live) throws RemoteException;
  }

  // Whether it is so afterwards is looked at by whoever called: another attempt, or this one whose
  // answer was lost, may have been faster.
  private void once(String what, ByName call) throws RemoteException {
    try {
      vcenter
          .caps()
          .admit(
              what,
              host,
              () ->
                  vcenter.change(
                      live -> {
                        call.on(live);
                        return true;
                      }));
    } catch (AlreadyExists | NotFound | LostAnswerException faster) {
      // looked at afterwards
    }
  }

  /**
   * Proves that the network that stands for another one is there and reaches nothing.
   *
   * @throws FaultException BUSY when it is not there; REFUSED when it reaches something
   */
  void prove(String what, String drill, String network) {
    String named = name(drill, network);
    String onSwitch = switchOf(drill, network);
    if (groups().noneMatch(one -> isCalled(one, named) && onSwitch.equals(one.getVswitchName()))) {
      throw new FaultException(
          Fault.BUSY,
          "Could not %s yet: the host does not show the network '%s' on switch '%s', although it was made. It is tried again."
              .formatted(what, named, onSwitch));
    }
    refuseUnlessIsolated(what, named);
  }

  /**
   * Refuses a network that is not a drill's, or reaches something by now.
   *
   * @throws FaultException REFUSED
   */
  void refuseUnlessIsolated(String what, String network) {
    HostVirtualSwitch on =
        groups()
            .filter(one -> isCalled(one, network))
            .flatMap(one -> switches().filter(any -> one.getVswitchName().equals(any.getName())))
            .findFirst()
            .filter(one -> OF_A_DRILL.matcher(one.getName()).matches())
            .orElseThrow(
                () ->
                    refused(
                        what,
                        "the network '%s' is not one that was made for a drill at its host"
                            .formatted(network)));
    outside(on)
        .ifPresent(
            outside -> {
              throw refused(
                  what,
                  "the network '%s' reaches %s by now, by its switch '%s'"
                      .formatted(network, outside, on.getName()));
            });
  }

  private static FaultException refused(String what, String because) {
    return new FaultException(
        Fault.REFUSED,
        "Could not %s: %s. Nothing of a drill is plugged into it: end the drill, see who changed that, and begin anew."
            .formatted(what, because));
  }

  /** What a switch reaches beside the VMs on it. */
  private Optional<String> outside(HostVirtualSwitch on) {
    List<String> uplinks = list(on.getPnic());
    if (!uplinks.isEmpty()) {
      return Optional.of("the uplink " + String.join(", ", uplinks));
    }
    if (hasBridge(on)) {
      return Optional.of("an uplink that is not connected now");
    }
    List<String> groups =
        groups()
            .filter(one -> on.getName().equals(one.getVswitchName()))
            .map(HostPortGroupSpec::getName)
            .toList();
    return Stream.of(info.getVnic(), info.getConsoleVnic())
        .flatMap(HostDrillNetworks::stream)
        .filter(one -> groups.contains(one.getPortgroup()))
        .map(HostVirtualNic::getDevice)
        .findFirst()
        .map("the host itself, by "::concat);
  }

  @SuppressWarnings("NullAway") // a switch without uplinks has none
  private static boolean hasBridge(HostVirtualSwitch on) {
    return on.getSpec() != null && on.getSpec().getBridge() != null;
  }

  /** How a card is plugged into a network of a drill. */
  static VirtualDeviceBackingInfo backing(String network) {
    VirtualEthernetCardNetworkBackingInfo backing = new VirtualEthernetCardNetworkBackingInfo();
    backing.setDeviceName(network);
    return backing;
  }

  /**
   * Removes every network of the drill; whether there was any.
   *
   * @throws FaultException REFUSED while a VM is plugged into one
   */
  boolean remove(String what, String drill) throws RemoteException {
    List<HostPortGroupSpec> groups =
        groups().filter(one -> one.getVswitchName().startsWith(ofDrill(drill))).toList();
    List<String> switches =
        switches()
            .map(HostVirtualSwitch::getName)
            .filter(one -> one.startsWith(ofDrill(drill)))
            .toList();
    refuseIfPluggedIn(what, groups);
    for (HostPortGroupSpec group : groups) {
      once(what, live -> live.vim().removePortGroup(system, group.getName()));
    }
    for (String one : switches) {
      once(what, live -> live.vim().removeVirtualSwitch(system, one));
    }
    return !groups.isEmpty() || !switches.isEmpty();
  }

  // Standard networks of one name are one to vCenter, whichever hosts they are at.
  private void refuseIfPluggedIn(String what, List<HostPortGroupSpec> groups)
      throws RemoteException {
    List<String> named = groups.stream().map(one -> SiteNames.decoded(one.getName())).toList();
    List<String> networks =
        vcenter.read(live -> Properties.all(live, "Network", "name")).stream()
            .filter(row -> named.contains(SiteNames.decoded(row.get("name", String.class, ""))))
            .map(row -> row.object().getVal())
            .toList();
    if (networks.isEmpty()) {
      return;
    }
    List<String> vms =
        vcenter.read(live -> Properties.all(live, "VirtualMachine", "name", "network")).stream()
            .filter(row -> isPluggedInto(row, networks))
            .map(row -> SiteNames.decoded(row.get("name", String.class, row.object().getVal())))
            .toList();
    if (!vms.isEmpty()) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not %s: %s still plugged into it. Remove the copies first; unplug what is none."
              .formatted(what, String.join(", ", vms) + (vms.size() == 1 ? " is" : " are")));
    }
  }

  private static boolean isPluggedInto(Properties.Row vm, List<String> networks) {
    return Arrays.stream(
            vm.get("network", ManagedObjectReference[].class, new ManagedObjectReference[0]))
        .anyMatch(one -> networks.contains(one.getVal()));
  }

  private Stream<HostVirtualSwitch> switches() {
    return stream(info.getVswitch());
  }

  private Stream<HostPortGroupSpec> groups() {
    return stream(info.getPortgroup()).map(HostPortGroup::getSpec);
  }

  private static boolean isCalled(HostPortGroupSpec group, String name) {
    return SiteNames.decoded(group.getName()).equals(name);
  }

  private static List<String> list(String @Nullable [] texts) {
    return stream(texts).toList();
  }

  private static <T> Stream<T> stream(T @Nullable [] some) {
    return some == null ? Stream.empty() : Arrays.stream(some);
  }
}
