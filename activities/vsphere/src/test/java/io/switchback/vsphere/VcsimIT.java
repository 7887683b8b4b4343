package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** That the simulated vCenters and the judge are what the other tests take them for. */
@ApiTier(asksItself = true)
class VcsimIT {
  @Test
  void twoSitesHaveVmsWithEqualUuidsInDifferentVCenters() throws Exception {
    try (Vcsim berlin = Vcsim.start("berlin", "-prefix", "b-", "-disks", "2", "-tools");
        Vcsim paris = Vcsim.start("paris", "-prefix", "p-");
        Judge inBerlin = Judge.of(berlin);
        Judge inParis = Judge.of(paris);
        VCenter vcenter = new VCenter(berlin.settings())) {
      assertThat(vcenter.about().getInstanceUuid())
          .isEqualTo(Vcsim.instanceUuid("berlin"))
          .isNotEqualTo(Vcsim.instanceUuid("paris"));
      assertThat(inBerlin.vms()).containsExactly("b-vm-0", "b-vm-1");
      assertThat(inParis.vms()).containsExactly("p-vm-0", "p-vm-1");
      assertThat(inBerlin.vm("b-vm-1").instanceUuid())
          .isEqualTo(inParis.vm("p-vm-1").instanceUuid())
          .isNotEqualTo(inBerlin.vm("b-vm-0").instanceUuid());
      assertThat(inBerlin.vm("b-vm-0").tools()).isEqualTo("guestToolsRunning");
    }
  }

  @Test
  void withAnotherSeedTheVmsHaveOtherUuids() {
    try (Vcsim berlin = Vcsim.start("berlin");
        Vcsim paris = Vcsim.start("paris", "-uuid-seed", "paris");
        Judge inBerlin = Judge.of(berlin);
        Judge inParis = Judge.of(paris)) {
      assertThat(inBerlin.vm("vm-0").instanceUuid())
          .isNotEqualTo(inParis.vm("vm-0").instanceUuid());
      assertThat(inBerlin.vm("vm-0").uuid()).isNotEqualTo(inParis.vm("vm-0").uuid());
    }
  }

  @Test
  void theJudgeSeesWhatChanged() {
    try (Vcsim berlin = Vcsim.start("berlin", "-disks", "2", "-disk-mib", "8");
        Judge judge = Judge.of(berlin)) {
      assertThat(judge.disks("vm-0"))
          .extracting(Judge.Device::capacityBytes)
          .containsExactly(8L << 20, 8L << 20);
      assertThat(berlin.file("[LocalDS_0] vm-0/disk-0-flat.vmdk")).exists();

      judge.power("vm-0", true);
      judge.unplug("vm-0");
      judge.setExtraConfig("vm-0", "switchback.fence", "1");

      assertThat(judge.vm("vm-0").power()).isEqualTo("poweredOn");
      assertThat(judge.vm("vm-0").extraConfig()).containsEntry("switchback.fence", "1");
      assertThat(judge.devices("vm-0"))
          .filteredOn(device -> device.mac() != null)
          .allSatisfy(card -> assertThat(card.startConnected()).isFalse());
      assertThat(judge.tasks("VirtualMachine.powerOn")).isEqualTo(1);
      assertThat(judge.tasks("VirtualMachine.reconfigVm")).isEqualTo(2);
      judge.unregister("vm-1");
      assertThat(judge.vms()).containsExactly("vm-0");
    }
  }

  @Test
  void theJudgeWaitsForATaskThatTakesItsTime() {
    try (Vcsim berlin = Vcsim.start("berlin", "-task-delay", "PowerOn=300");
        Judge judge = Judge.of(berlin)) {
      judge.power("vm-0", true);

      assertThat(judge.vm("vm-0").power()).isEqualTo("poweredOn");
    }
  }

  @Test
  void theJudgeSeesTheSessionsOfOthersAndEndsThem() throws Exception {
    try (Vcsim berlin = Vcsim.start("berlin");
        Judge judge = Judge.of(berlin)) {
      assertThat(judge.sessions()).isEmpty();
      try (VCenter vcenter = new VCenter(berlin.settings())) {
        vcenter.about();
        List<Judge.Session> open = judge.sessions();
        assertThat(open).extracting(Judge.Session::user).containsExactly(berlin.login().user());

        judge.endSessions();

        assertThat(judge.sessions()).isEmpty();
      }
    }
  }
}
