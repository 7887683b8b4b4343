package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Nic;
import io.switchback.model.VmRef;
import io.switchback.port.DrillNetworkActivities.DrillNetworks;
import io.switchback.port.DrillNetworkActivities.MakeDrillNetworks;
import io.switchback.port.DrillNetworkActivities.RemoveDrillNetworks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link DrillNetworkActivities} promises. */
public abstract class DrillNetworkContract extends PlacementContract {
  static final String DRILL = "0190c5d2-3f6a-7cc3-98c4-dc0c0c07398f";

  private CopyFixture ground;
  private PortCaller<DrillNetworkActivities> port;

  @Override
  protected abstract CopyFixture open() throws Exception;

  @BeforeEach
  final void openPort() {
    ground = (CopyFixture) site;
    port = new PortCaller<>(DrillNetworkActivities.class, ground.drillNetworks());
  }

  @AfterEach
  final void closePort() {
    port.close();
  }

  @Test
  void makesANetworkForEach() {
    DrillNetworks made = port.call().makeDrillNetworks(make(1, DRILL, "dr-lan", "dr-dmz"));

    assertThat(made.changed()).isTrue();
    assertThat(made.networks()).containsOnlyKeys("dr-lan", "dr-dmz");
    assertThat(made.networks().values())
        .doesNotHaveDuplicates()
        .doesNotContain("dr-lan", "dr-dmz")
        .allMatch(ground::hasNetwork);
  }

  @Test
  void makesThemOnceWhenTheAnswerOfTheFirstAttemptWasLost() {
    DrillNetworks first = port.attempt(1).makeDrillNetworks(make(1, DRILL, "dr-lan"));
    DrillNetworks second = port.attempt(2).makeDrillNetworks(make(1, DRILL, "dr-lan"));

    assertThat(second).isEqualTo(new DrillNetworks(first.networks(), false, 2));
  }

  @Test
  void addsWhatIsMissing() {
    DrillNetworks first = port.call().makeDrillNetworks(make(1, DRILL, "dr-lan"));
    DrillNetworks second = port.call().makeDrillNetworks(make(2, DRILL, "dr-lan", "dr-dmz"));

    assertThat(second.changed()).isTrue();
    assertThat(second.networks()).containsAllEntriesOf(first.networks()).hasSize(2);
    assertThat(second.networks().values()).allMatch(ground::hasNetwork);
  }

  @Test
  void keepsDrillsApart() {
    Set<String> one =
        new HashSet<>(port.call().makeDrillNetworks(make(1, DRILL, "dr-lan")).networks().values());
    Set<String> other =
        new HashSet<>(
            port.call().makeDrillNetworks(make(2, "another", "dr-lan")).networks().values());

    assertThat(one).doesNotContainAnyElementsOf(other);
  }

  @Test
  void seesThatANetworkReachesSomethingByNow() {
    String lan =
        port.call()
            .makeDrillNetworks(make(1, DRILL, "dr-lan"))
            .networks()
            .values()
            .iterator()
            .next();
    ground.connect(lan);

    assertThatThrownBy(() -> port.call().makeDrillNetworks(make(2, DRILL, "dr-lan")))
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).isEqualTo(Fault.REFUSED);
              assertThat(thrown.sentence()).contains(lan);
            });
  }

  @Test
  void knowsNoSuchHost() {
    MakeDrillNetworks nowhere =
        new MakeDrillNetworks(step(1), site.site(), DRILL, "nowhere", List.of("dr-lan"));

    assertFault(Fault.INVALID_INPUT, () -> port.call().makeDrillNetworks(nowhere));
  }

  @Test
  void removesThemOnce() {
    DrillNetworks made = port.call().makeDrillNetworks(make(1, DRILL, "dr-lan", "dr-dmz"));
    DrillNetworks others = port.call().makeDrillNetworks(make(2, "another", "dr-lan"));

    assertThat(port.attempt(1).removeDrillNetworks(remove(3))).isEqualTo(new Done(true, 1));
    assertThat(port.attempt(2).removeDrillNetworks(remove(3))).isEqualTo(new Done(false, 2));
    assertThat(made.networks().values()).noneMatch(ground::hasNetwork);
    assertThat(others.networks().values()).allMatch(ground::hasNetwork);
  }

  @Test
  void removesNoneThatAVmIsPluggedInto() {
    String lan =
        port.call()
            .makeDrillNetworks(make(1, DRILL, "dr-lan"))
            .networks()
            .values()
            .iterator()
            .next();
    VmRef vm = site.vm("web-01", 1, "", List.of());
    site.change(
        vm, new Hardware(1, 1L << 30, Firmware.BIOS, List.of(new Nic(lan, true, List.of()))));

    assertThatThrownBy(() -> port.call().removeDrillNetworks(remove(2)))
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).isEqualTo(Fault.REFUSED);
              assertThat(thrown.sentence()).contains("web-01");
            });
    assertThat(ground.hasNetwork(lan)).isTrue();
  }

  @Test
  void refusesALateAttemptToMakeThem() {
    DrillNetworks made = port.call().makeDrillNetworks(make(1, DRILL, "dr-lan"));
    port.call().removeDrillNetworks(remove(5));

    assertFault(Fault.FENCED, () -> port.call().makeDrillNetworks(make(1, DRILL, "dr-lan")));
    assertThat(made.networks().values()).noneMatch(ground::hasNetwork);
  }

  @Test
  void refusesALateAttemptToRemove() {
    DrillNetworks made = port.call().makeDrillNetworks(make(5, DRILL, "dr-lan"));

    assertFault(Fault.FENCED, () -> port.call().removeDrillNetworks(remove(2)));
    assertThat(made.networks().values()).allMatch(ground::hasNetwork);
  }

  @Test
  void refusesALateAttemptToMakeWhatWasNeverThere() {
    assertThat(port.call().removeDrillNetworks(remove(5))).isEqualTo(new Done(false, 1));

    assertFault(Fault.FENCED, () -> port.call().makeDrillNetworks(make(1, DRILL, "dr-lan")));
  }

  @Test
  void saysThatNobodyAnswers() {
    site.breakSite();

    assertFault(
        Fault.SITE_UNREACHABLE, () -> port.call().makeDrillNetworks(make(1, DRILL, "dr-lan")));
    assertFault(Fault.SITE_UNREACHABLE, () -> port.call().removeDrillNetworks(remove(2)));
  }

  private MakeDrillNetworks make(long number, String drill, String... networks) {
    return new MakeDrillNetworks(
        step(number), site.site(), drill, site.placement().host(), List.of(networks));
  }

  private RemoveDrillNetworks remove(long number) {
    return new RemoveDrillNetworks(step(number), site.site(), DRILL, site.placement().host());
  }
}
