package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualDevice;
import com.vmware.vim25.VirtualDeviceBackingInfo;
import com.vmware.vim25.VirtualDeviceConfigSpecOperation;
import com.vmware.vim25.VirtualEthernetCard;
import com.vmware.vim25.VirtualVmxnet3;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ReplicaHardwareTest {
  @Test
  void tellsWhetherTheGuestSeesItsDisksUuidsWhereSomebodyHasSaidSo() {
    assertThat(ReplicaHardware.details(vm(Map.of("config.extraConfig", uuids("TRUE")))))
        .isEqualTo(Map.of("vsphere.diskUuids", "TRUE"));
    assertThat(ReplicaHardware.details(vm(Map.of()))).isEmpty();
  }

  @Test
  void changesThatWhereItDiffersAlone() {
    ReplicaHardware different = like("TRUE", vm(settled("FALSE")));
    assertThat(different.isChanged()).isTrue();
    assertThat(different.spec(Fences.setting("mine", "1")).getExtraConfig())
        .extracting(OptionValue::getKey, OptionValue::getValue)
        .containsExactly(tuple("disk.EnableUUID", "TRUE"), tuple("mine", "1"));

    assertThat(like("TRUE", vm(settled("TRUE"))).isChanged()).isFalse();
    assertThat(like("", vm(settled("TRUE"))).isChanged()).isFalse();
  }

  private static ReplicaHardware like(String uuids, Properties.Row vm) {
    Map<String, String> details =
        uuids.isEmpty() ? Map.of() : Map.of(ReplicaHardware.DISK_UUIDS, uuids);
    return new ReplicaHardware("reshape x", vm)
        .machine(new Hardware(1, 1L << 30, Firmware.EFI, List.of(), details));
  }

  /** As {@link #like} wants it, but for the uuids. */
  private static Map<String, Object> settled(String uuids) {
    return Map.of(
        "config.hardware.numCPU",
        1,
        "config.hardware.memoryMB",
        1024,
        "config.firmware",
        "efi",
        "config.extraConfig",
        uuids(uuids));
  }

  private static OptionValue[] uuids(String value) {
    return new OptionValue[] {Fences.setting("disk.EnableUUID", value)};
  }

  @Test
  void refusesToChangeOrRemoveACardOfAnUnknownKind() {
    VirtualEthernetCard young = new VirtualEthernetCard();
    young.setDynamicType("VirtualFluxCard");

    assertRefused(young, "(VirtualFluxCard)");
    assertRefused(new VirtualEthernetCard(), "(VirtualEthernetCard)");
  }

  private static void assertRefused(VirtualEthernetCard card, String because) {
    Properties.Row vm = vm(Map.of("config.hardware.device", new VirtualDevice[] {card}));
    for (List<Nic> wanted : List.of(List.of(new Nic("lan", true, List.of())), List.<Nic>of())) {
      assertRefused(() -> new ReplicaHardware("copy x", vm).drillCards(wanted), because);
    }
  }

  @Test
  void refusesToSendANetworkOfAnUnknownKindBack() {
    VirtualVmxnet3 card = new VirtualVmxnet3();
    VirtualDeviceBackingInfo flux = new VirtualDeviceBackingInfo();
    flux.setDynamicType("VirtualFluxNetworkBackingInfo");
    card.setBacking(flux);
    VirtualDeviceConfigSpecOperation edit = VirtualDeviceConfigSpecOperation.edit;

    assertRefused(() -> Cards.change("copy x", edit, card), "(VirtualFluxNetworkBackingInfo)");
    card.setBacking(HostDrillNetworks.backing("lan"));
    assertThat(Cards.change("copy x", edit, card).getDevice()).isSameAs(card);
  }

  private static void assertRefused(ThrowingCallable call, String because) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).isEqualTo(Fault.REFUSED);
              assertThat(thrown.sentence())
                  .startsWith("Could not copy x: ")
                  .contains(because, "Give it a VMXNET3 card");
            });
  }

  private static Properties.Row vm(Map<String, Object> values) {
    ManagedObjectReference reference = new ManagedObjectReference();
    reference.setType("VirtualMachine");
    reference.setVal("vm-1");
    return new Properties.Row(reference, values);
  }
}
