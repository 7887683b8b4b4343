package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import com.vmware.vim25.GuestNicInfo;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.InventoryActivities;
import io.switchback.port.PlaceholderActivities;
import io.switchback.port.PlacementFixture;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.rmi.RemoteException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A simulated vCenter without VMs. What a guest tells of its addresses comes from the front,
 * because a simulated VM has no guest; bytes are written into the simulator's files, which are
 * empty until then.
 */
class VcsimPlacementFixture implements PlacementFixture, Judged {
  private final VcsimEstate estate;
  private final Front front;
  private final VCenters vcenters;
  private final Owner owner;
  private final Map<Integer, String> addresses = new HashMap<>();
  private final Set<String> uplinks = new HashSet<>();

  VcsimPlacementFixture() {
    this(Front::before);
  }

  /**
   * @param flags of {@code docker/lab/vcsim}
   */
  VcsimPlacementFixture(Function<Vcsim, Front> before, String... flags) {
    estate = VcsimEstate.empty(flags);
    owner = new Owner(estate.vcsim());
    front = before.apply(estate.vcsim());
    vcenters = new VCenters(Map.of("berlin", new VCenter(front.settings())));
    front.answer("RetrievePropertiesEx", this::told);
  }

  @Override
  public final VcsimEstate estate() {
    return estate;
  }

  final VCenters vcenters() {
    return vcenters;
  }

  final Front front() {
    return front;
  }

  final Owner owner() {
    return owner;
  }

  final Judge judge() {
    return estate.judge();
  }

  /** From now on the switch of the network has an uplink, as far as anybody is told. */
  final void uplink(String network) {
    uplinks.add(network);
  }

  private Answer told(Request asked) {
    Answer answer = withAddresses(asked);
    String body = answer.body();
    for (String network : uplinks) {
      String group = "<portgroup>%s</portgroup>".formatted(network);
      body = body.replace(group, group + "<pnic>key-vim.host.PhysicalNic-vmnic1</pnic>");
    }
    return new Answer(answer.status(), answer.headers(), body);
  }

  // A card's key stands last in what the guest says of it, its addresses before.
  private Answer withAddresses(Request asked) {
    Answer answer = front.pass(asked);
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
    owner.network("dr-lan");
    owner.network("dr-dmz");
    return new VspherePlaceholderActivities(vcenters);
  }

  @Override
  public String site() {
    return "berlin";
  }

  @Override
  public Placement placement() {
    return new Placement("DC0_C0_H1", "LocalDS_0", "");
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

  private interface Deed<T> {
    T run() throws RemoteException;
  }

  private static <T> T done(Deed<T> deed) {
    try {
      return deed.run();
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void breakSite() {
    front.close();
  }

  @Override
  public void close() {
    owner.close();
    vcenters.close();
    front.close();
    estate.close();
  }

  @Override
  public void write(VmRef vm, String disk, long offsetBytes, byte[] bytes) {
    try (RandomAccessFile file = new RandomAccessFile(flat(vm, disk).toFile(), "rw")) {
      file.seek(offsetBytes);
      file.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was never written is zeros: the simulator's files are as long as what was written. */
  @Override
  public byte[] read(VmRef vm, String disk, long offsetBytes, int length) {
    try (FileChannel file = FileChannel.open(flat(vm, disk))) {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      file.read(bytes, offsetBytes);
      return bytes.array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path flat(VmRef vm, String disk) {
    return done(
        () ->
            FlatFile.of(
                estate
                    .vcsim()
                    .file(
                        Disks.file(
                            Disks.find(owner.read(vm, "config.hardware.device").row(), disk)
                                .orElseThrow()))));
  }

  @Override
  public Optional<VmProfile> look(VmRef vm) {
    try {
      Machine now = owner.read(vm, VsphereInventoryActivities.PROFILE);
      return Optional.of(
          VsphereInventoryActivities.profile(
              site(), now.row(), SiteNames.read(now.vcenter()), List.of()));
    } catch (FaultException gone) {
      assertThat(gone.fault()).isEqualTo(Fault.VM_NOT_FOUND);
      return Optional.empty();
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String managedBy(VmRef vm) {
    return estate.judge().vm(vm.name()).extraConfig().getOrDefault(Replicas.KEY, "");
  }

  @Override
  public void power(VmRef vm, PowerState power) {
    estate.judge().power(vm.name(), power == PowerState.ON);
  }

  @Override
  public void snapshot(VmRef vm, Mandate mandate, String name) {
    done(
        () -> {
          owner.snapshot(vm, name);
          return vm;
        });
  }

  @Override
  public long takenBytes() {
    return done(owner::takenBytes);
  }

  @Override
  public int vms() {
    return estate.judge().vms().size();
  }
}
