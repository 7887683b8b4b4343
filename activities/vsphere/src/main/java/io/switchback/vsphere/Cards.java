package io.switchback.vsphere;

import com.vmware.vim25.DynamicData;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDeviceConfigSpec;
import com.vmware.vim25.VirtualDeviceConfigSpecOperation;
import com.vmware.vim25.VirtualDeviceConnectInfo;
import com.vmware.vim25.VirtualEthernetCard;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
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
    return Optional.of(change(vm, plugged, false, String.join(",", keys)));
  }

  /** The change that plugs in what we have unplugged; empty when that is nothing. */
  static Optional<VirtualMachineConfigSpec> reconnection(Machine vm) {
    List<String> keys = unplugged(vm.row());
    List<VirtualEthernetCard> ours =
        of(vm.row()).stream()
            .filter(card -> keys.contains(key(card)) && !isPlugged(card, vm.power()))
            .toList();
    return ours.isEmpty() ? Optional.empty() : Optional.of(change(vm, ours, true, ""));
  }

  private static List<String> unplugged(Properties.Row row) {
    String keys = Machine.setting(row, UNPLUGGED);
    return keys.isEmpty() ? List.of() : List.of(keys.split(","));
  }

  private static String key(VirtualEthernetCard card) {
    return String.valueOf(card.getKey());
  }

  private static VirtualMachineConfigSpec change(
      Machine vm, List<VirtualEthernetCard> cards, boolean isPlugged, String remembered) {
    VirtualMachineConfigSpec spec = new VirtualMachineConfigSpec();
    String what = "%s the cards of %s".formatted(isPlugged ? "plug in" : "unplug", vm.vm());
    spec.setDeviceChange(
        cards.stream()
            .map(card -> plug(what, card, isPlugged))
            .toArray(VirtualDeviceConfigSpec[]::new));
    spec.setExtraConfig(new OptionValue[] {Fences.setting(UNPLUGGED, remembered)});
    return spec;
  }

  private static VirtualDeviceConfigSpec plug(
      String what, VirtualEthernetCard card, boolean isPlugged) {
    VirtualDeviceConnectInfo plug = card.getConnectable();
    plug.setStartConnected(isPlugged);
    plug.setConnected(isPlugged);
    return change(what, VirtualDeviceConfigSpecOperation.edit, card);
  }

  /**
   * The edit or removal of a card as it was read. What an edit does not name stays as it is.
   *
   * @throws FaultException REFUSED when it, or its network, is of a kind that is younger than
   *     vijava's classes: it cannot be sent back
   */
  static VirtualDeviceConfigSpec change(
      String what, VirtualDeviceConfigSpecOperation operation, VirtualEthernetCard card) {
    unknownKind(card)
        .ifPresent(
            kind -> {
              throw new FaultException(
                  Fault.REFUSED,
                  "Could not %s: it has a network card of a kind that Switchback does not know, or on such a network (%s). Give it a VMXNET3 card on a standard or distributed network in place of that one, then retry the step."
                      .formatted(what, kind));
            });
    VirtualDeviceConfigSpec change = new VirtualDeviceConfigSpec();
    change.setOperation(operation);
    change.setDevice(card);
    return change;
  }

  private static Optional<String> unknownKind(VirtualEthernetCard card) {
    return Optional.ofNullable(card.getDynamicType())
        .or(() -> Optional.ofNullable(card.getBacking()).map(DynamicData::getDynamicType))
        // What every card is; vCenter answers it in place of a kind that the old API does not have.
        .or(
            () ->
                Optional.of(card.getClass().getSimpleName())
                    .filter(VirtualEthernetCard.class.getSimpleName()::equals));
  }
}
