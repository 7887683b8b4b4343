package io.switchback.vsphere;

import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDeviceConfigSpec;
import com.vmware.vim25.VirtualDeviceConfigSpecOperation;
import com.vmware.vim25.VirtualDeviceConnectInfo;
import com.vmware.vim25.VirtualEthernetCard;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.model.PowerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A VM's network cards: taken off their networks, and put back. Which ones were unplugged is kept
 * in the VM's own configuration, in the same change that unplugs them.
 */
final class Cards {
  /** Keys of the cards that we have unplugged, parted by commas. */
  static final String UNPLUGGED = "switchback.unplugged";

  private Cards() {}

  static List<VirtualEthernetCard> of(Properties.Row row) {
    return Arrays.stream(
            row.get("config.hardware.device", VirtualDevice[].class, new VirtualDevice[0]))
        .filter(VirtualEthernetCard.class::isInstance)
        .map(VirtualEthernetCard.class::cast)
        .toList();
  }

  /** Whether it is plugged in; of a VM that is off, whether it will be once that runs. */
  static boolean isPlugged(VirtualEthernetCard card, PowerState power) {
    VirtualDeviceConnectInfo plug = card.getConnectable();
    return isSet(plug) && (power == PowerState.OFF ? plug.isStartConnected() : plug.isConnected());
  }

  private static boolean isSet(@Nullable VirtualDeviceConnectInfo plug) {
    return plug != null;
  }

  /** Whether every card is unplugged, and some of them by us. */
  static boolean isIsolated(Properties.Row row) {
    return !unplugged(row).isEmpty()
        && of(row).stream().noneMatch(card -> isPlugged(card, Machine.power(row)));
  }

  /** The change that unplugs every card; empty when none is plugged in. */
  static Optional<VirtualMachineConfigSpec> isolation(Machine vm) {
    List<VirtualEthernetCard> plugged =
        of(vm.row()).stream().filter(card -> isPlugged(card, vm.power())).toList();
    if (plugged.isEmpty()) {
      return Optional.empty();
    }
    List<String> keys = new ArrayList<>(unplugged(vm.row()));
    plugged.stream().map(Cards::key).filter(key -> !keys.contains(key)).forEach(keys::add);
    return Optional.of(change(plugged, false, String.join(",", keys)));
  }

  /** The change that plugs in what we have unplugged; empty when that is nothing. */
  static Optional<VirtualMachineConfigSpec> reconnection(Machine vm) {
    List<String> keys = unplugged(vm.row());
    List<VirtualEthernetCard> ours =
        of(vm.row()).stream()
            .filter(card -> keys.contains(key(card)) && !isPlugged(card, vm.power()))
            .toList();
    return ours.isEmpty() ? Optional.empty() : Optional.of(change(ours, true, ""));
  }

  private static List<String> unplugged(Properties.Row row) {
    String keys = Machine.setting(row, UNPLUGGED);
    return keys.isEmpty() ? List.of() : List.of(keys.split(","));
  }

  private static String key(VirtualEthernetCard card) {
    return String.valueOf(card.getKey());
  }

  private static VirtualMachineConfigSpec change(
      List<VirtualEthernetCard> cards, boolean isPlugged, String remembered) {
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    spec.setDeviceChange(
        cards.stream().map(card -> edit(card, isPlugged)).toArray(VirtualDeviceConfigSpec[]::new));
    spec.setExtraConfig(new OptionValue[] {Fences.setting(UNPLUGGED, remembered)});
    return spec;
  }

  // What an edit does not name stays as it is, and not every card's class is known here: so the
  // card is sent back as it was read, with its plug alone changed.
  private static VirtualDeviceConfigSpec edit(VirtualEthernetCard card, boolean isPlugged) {
    VirtualDeviceConnectInfo plug = card.getConnectable();
    plug.setStartConnected(isPlugged);
    plug.setConnected(isPlugged);
    VirtualDeviceConfigSpec edit = new VirtualDeviceConfigSpec();
    edit.setOperation(VirtualDeviceConfigSpecOperation.edit);
    edit.setDevice(card);
    return edit;
  }
}
