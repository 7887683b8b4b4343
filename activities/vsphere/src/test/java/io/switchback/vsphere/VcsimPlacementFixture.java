package io.switchback.vsphere;

import com.vmware.vim25.GuestNicInfo;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.InventoryActivities;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlaceholderActivities.PlaceVm;
import io.switchback.port.PlaceholderActivities.Placed;
import io.switchback.port.PlacementFixture;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.rmi.RemoteException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A simulated vCenter without VMs for the inventory's suite. What a guest tells of its addresses
 * comes from the passage, because a simulated VM has no guest; that a VM is a replica is marked by
 * hand, because the adapter that places replicas is another one's to prove.
 */
final class VcsimPlacementFixture implements PlacementFixture {
  private final VcsimEstate estate = new VcsimEstate("-vms", "0");
  private final Passage passage = new Passage(estate.vcsim());
  private final VCenters vcenters = new VCenters(Map.of("berlin", new VCenter(passage.settings())));
  private final Owner owner = new Owner(estate.vcsim());
  private final Map<Integer, String> addresses = new HashMap<>();

  VcsimPlacementFixture() {
    passage.answer("RetrievePropertiesEx", this::withAddresses);
  }

  // A card's key stands last in what the guest says of it, its addresses before.
  private Answer withAddresses(Request asked) {
    Answer answer = passage.pass(asked);
    String body = answer.body();
    for (Map.Entry<Integer, String> one : addresses.entrySet()) {
      String key = "<deviceConfigId>%d</deviceConfigId>".formatted(one.getKey());
      body = body.replace(key, "<ipAddress>%s</ipAddress>%s".formatted(one.getValue(), key));
    }
    return new Answer(answer.status(), answer.headers(), body);
  }

  @Override
  public InventoryActivities inventory() {
    return new VsphereInventoryActivities(vcenters);
  }

  @Override
  public PlaceholderActivities placeholders() {
    return new MarkingByHand();
  }

  private final class MarkingByHand implements PlaceholderActivities {
    @Override
    public Placed placeVm(PlaceVm request) {
      try {
        return place(request);
      } catch (RemoteException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Done removeVm(ChangeVm request) {
      throw notAsked();
    }

    @Override
    public Done leaveVm(ChangeVm request) {
      throw notAsked();
    }

    @Override
    public Reshaped reshapeVm(ReshapeVm request) {
      throw notAsked();
    }
  }

  private Placed place(PlaceVm request) throws RemoteException {
    VmRef made = owner.make(request.name(), request.production().size(), "");
    VirtualMachineConfigSpec mark = new VirtualMachineConfigSpec();
    mark.setExtraConfig(new OptionValue[] {Fences.setting(Replicas.KEY, request.replicaId())});
    owner.reconfigure(made, mark);
    return new Placed(made, List.of(), true, 1);
  }

  @Override
  public String site() {
    return "berlin";
  }

  @Override
  public Placement placement() {
    return Placement.ANYWHERE;
  }

  @Override
  public VmRef vm(String name, int disks, String folder, List<String> tags) {
    return done(
        () -> {
          VmRef made = owner.make(name, disks, folder);
          for (String tag : tags) {
            owner.tag(made, tag);
          }
          return made;
        });
  }

  @Override
  public void change(VmRef vm, Hardware hardware) {
    done(
        () -> {
          owner.change(vm, hardware);
          Properties.Row row = owner.read(vm, "config.hardware.device", "guest.net").row();
          GuestNicInfo[] guest = row.get("guest.net", GuestNicInfo[].class);
          for (int number = 0; number < guest.length; number++) {
            Nic nic = hardware.nics().get(number);
            int key = guest[number].getDeviceConfigId();
            nic.addresses().forEach(address -> addresses.put(key, address));
          }
          return vm;
        });
  }

  @Override
  public void rename(VmRef vm, String name) {
    done(
        () -> {
          owner.rename(vm, name);
          return vm;
        });
  }

  private interface Deed {
    VmRef run() throws RemoteException;
  }

  private static VmRef done(Deed deed) {
    try {
      return deed.run();
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void breakSite() {
    passage.close();
  }

  @Override
  public void close() {
    owner.close();
    vcenters.close();
    passage.close();
    estate.close();
  }

  // What only the placeholders' suite asks for.

  @Override
  public void write(VmRef vm, String disk, long offsetBytes, byte[] bytes) {
    throw notAsked();
  }

  @Override
  public byte[] read(VmRef vm, String disk, long offsetBytes, int length) {
    throw notAsked();
  }

  @Override
  public Optional<VmProfile> look(VmRef vm) {
    throw notAsked();
  }

  @Override
  public String managedBy(VmRef vm) {
    throw notAsked();
  }

  @Override
  public void power(VmRef vm, PowerState power) {
    throw notAsked();
  }

  @Override
  public void snapshot(VmRef vm, Mandate mandate, String name) {
    throw notAsked();
  }

  @Override
  public long takenBytes() {
    throw notAsked();
  }

  @Override
  public int vms() {
    throw notAsked();
  }

  private static UnsupportedOperationException notAsked() {
    return new UnsupportedOperationException("the inventory's suite does not ask for it");
  }
}
