package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.DiskPair;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.SheetActivities;
import io.switchback.port.SheetContract;
import io.switchback.port.SheetFixture;
import java.rmi.RemoteException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The suite against a simulated vCenter, whose notes an independent client reads. */
@ApiTier
class VsphereSheetActivitiesIT extends SheetContract {
  @Override
  protected SheetFixture open() throws Exception {
    return new Site();
  }

  @Test
  void keepsWhatPeopleHaveNoted() {
    String page = SheetPage.into("Ask Mary before you touch it.\n", "the page\n");

    assertThat(page).startsWith("Ask Mary before you touch it.\n\n").endsWith("\nthe page\n");
    assertThat(SheetPage.into(page, "the next page\n"))
        .startsWith("Ask Mary before you touch it.\n\n")
        .doesNotContain("the page")
        .endsWith("the next page\n");
    assertThat(SheetPage.into(page, "")).isEqualTo("Ask Mary before you touch it.");
  }

  private static final class Site implements SheetFixture, Judged {
    private final VcsimEstate estate = new VcsimEstate("-vms", "0");
    private final Owner owner = new Owner(estate.vcsim());
    private final Front front = Front.before(estate.vcsim());
    private final VCenters vcenters = new VCenters(Map.of("berlin", new VCenter(front.settings())));
    private final Replica replica;
    private final Replica other;

    Site() throws RemoteException {
      owner.network("lan");
      replica = replica("web-01");
      other = replica("web-02");
    }

    private Replica replica(String name) throws RemoteException {
      VmRef vm = owner.make(name + "_replica", 2, "");
      owner.plug(
          vm, new Hardware(1, 1 << 30, Firmware.BIOS, List.of(new Nic("lan", true, List.of()))));
      List<DiskPair> disks =
          Disks.capacities(owner.read(vm, "config.hardware.device").row()).entrySet().stream()
              .map(disk -> new DiskPair("p-" + disk.getKey(), disk.getKey(), disk.getValue()))
              .toList();
      return new Replica(
          name + ".1", name, new VmRef("munich", name, name), vm, disks, List.of("lan"));
    }

    @Override
    public VcsimEstate estate() {
      return estate;
    }

    @Override
    public SheetActivities sheets() {
      return new VsphereSheetActivities(vcenters);
    }

    @Override
    public Replica replica() {
      return replica;
    }

    @Override
    public Replica other() {
      return other;
    }

    @Override
    public Optional<String> page(Replica of) {
      String name = of.recovery().name();
      return estate.judge().vms().contains(name)
          ? Optional.of(estate.judge().vm(name).notes()).filter(notes -> !notes.isBlank())
          : Optional.empty();
    }

    @Override
    public void deleteVm(Replica of) {
      estate.judge().unregister(of.recovery().name());
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
  }
}
