package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.port.CopyFixture;
import io.switchback.port.DrillNetworkActivities;
import io.switchback.port.DrillNetworkActivities.DrillNetworks;
import io.switchback.port.DrillNetworkActivities.MakeDrillNetworks;
import io.switchback.port.DrillNetworkContract;
import io.switchback.port.PortCaller;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The suite against a simulated vCenter, whose networks the judge sees; each test has one of its
 * own.
 */
@ApiTier
class VsphereDrillNetworkActivitiesIT extends DrillNetworkContract {
  @Override
  protected CopyFixture open() {
    return new VcsimCopyFixture();
  }

  /** What only a vCenter does. */
  @Nested
  class OfVCenterAlone {
    @ParameterizedTest
    @ValueSource(strings = {"AddVirtualSwitch", "AddPortGroup"})
    void makesOneNetworkWhenAnAnswerIsLost(String call) {
      try (VcsimCopyFixture fixture = new VcsimCopyFixture();
          PortCaller<DrillNetworkActivities> port =
              new PortCaller<>(DrillNetworkActivities.class, fixture.drillNetworks())) {
        fixture.front().next(call, new Deed.CutAfter());

        DrillNetworks made = port.call().makeDrillNetworks(request(fixture, "dr-lan"));

        assertThat(fixture.judge().networks())
            .filteredOn(one -> one.name().equals(made.networks().get("dr-lan")))
            .hasSize(1);
        assertThat(fixture.front().calls(call)).isEqualTo(1);
      }
    }

    @Test
    void isAStandardNetworkOnASwitchWithoutUplinks() {
      try (VcsimCopyFixture fixture = new VcsimCopyFixture();
          PortCaller<DrillNetworkActivities> port =
              new PortCaller<>(DrillNetworkActivities.class, fixture.drillNetworks())) {
        String named =
            port.call().makeDrillNetworks(request(fixture, "dr-lan")).networks().get("dr-lan");

        assertThat(fixture.judge().networks())
            .filteredOn(one -> one.name().equals(named))
            .extracting(Judge.Network::kind)
            .containsExactly("Network");
        Judge.Switch on = fixture.judge().switchOf(fixture.placement().host(), named);
        assertThat(on.name()).startsWith("drill-").hasSizeLessThan(32);
        assertThat(on.uplinks()).isEmpty();
      }
    }

    @Test
    void changesAHostWhenItsTurnComes() throws Exception {
      try (VcsimCopyFixture fixture = new VcsimCopyFixture();
          VCenter vcenter =
              new VCenter(
                  fixture
                      .front()
                      .settings(
                          new OperationCaps.Limits(8, 1, Duration.ZERO, Duration.ofMinutes(1))))) {
        HostDrillNetworks host =
            HostDrillNetworks.read("look", vcenter, fixture.placement().host());
        String reference = hostOf(vcenter, fixture);

        vcenter
            .caps()
            .admit(
                "something else",
                reference,
                () -> {
                  assertThatThrownBy(() -> host.make("make it", "drill-7", "dr-lan"))
                      .isInstanceOfSatisfying(
                          FaultException.class,
                          busy -> assertThat(busy.fault()).isEqualTo(Fault.BUSY));
                  return reference;
                });
        assertThat(fixture.front().calls("AddVirtualSwitch")).isZero();
        assertThat(host.make("make it", "drill-7", "dr-lan")).isTrue();
      }
    }

    private static String hostOf(VCenter vcenter, VcsimCopyFixture fixture) throws RemoteException {
      return vcenter.read(live -> Properties.all(live, "HostSystem", "name")).stream()
          .filter(row -> fixture.placement().host().equals(row.get("name", String.class)))
          .map(row -> row.object().getVal())
          .findFirst()
          .orElseThrow();
    }

    @Test
    void keepsNetworksApartWhoseNamesBeginAlike() {
      String begin = "erp-lan of the hall in the north, which has a name of some length, ";
      try (VcsimCopyFixture fixture = new VcsimCopyFixture();
          PortCaller<DrillNetworkActivities> port =
              new PortCaller<>(DrillNetworkActivities.class, fixture.drillNetworks())) {
        DrillNetworks made =
            port.call().makeDrillNetworks(request(fixture, begin + "a", begin + "b"));

        assertThat(made.networks().values())
            .doesNotHaveDuplicates()
            .allSatisfy(
                name -> {
                  assertThat(name).startsWith("erp-lan of the hall").hasSizeLessThan(81);
                  assertThat(fixture.judge().networks())
                      .extracting(Judge.Network::name)
                      .contains(name);
                })
            .hasSize(2);
      }
    }

    private static MakeDrillNetworks request(VcsimCopyFixture fixture, String... networks) {
      return new MakeDrillNetworks(
          new Mandate("operation", "networks", new Fence(1, 7, 1, 0)),
          fixture.site(),
          "drill-7",
          fixture.placement().host(),
          List.of(networks));
    }
  }
}
