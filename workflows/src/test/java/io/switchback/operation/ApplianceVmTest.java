package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.model.PowerState.OFF;
import static io.switchback.model.PowerState.ON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.NetworkState;
import io.switchback.port.VmActivities;
import io.switchback.port.VmActivities.ChangePower;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Appliances that are VMs of their sites, and are found off. */
class ApplianceVmTest {
  private static final String WEB = "{\"vms\":[\"web-01\"]}";

  @AutoClose private final Estate estate = new Estate();
  private VmRef here;
  private VmRef there;

  @BeforeEach
  void setUp() {
    estate.extendNetworks();
    here = estate.production.addVm("p-gateway", "tenants-gateway", 1);
    there = estate.recovery.addVm("r-gateway", "gateway", 1);
    estate.registry.appliance("berlin", "tenants-gateway");
    estate.registry.appliance("munich", "gateway");
    estate.vm("web-01");
  }

  @Test
  void appliancesAreFoundOffAndPoweredOnAtBothSitesAndTheResultSaysSo() {
    MemberResult result = estate.runOne("PartialFailover", WEB);

    assertThat(result.network())
        .extracting(NetworkState::condition)
        .containsExactly(Condition.UP, Condition.UP);
    assertThat(result.network().get(0).detail())
        .matches(".*: UP, 10\\.1\\.0\\.106; its VM 'gateway' was powered on at .*Z");
    assertThat(result.network().get(1).detail()).contains("'tenants-gateway' was powered on");
    assertThat(estate.recovery.power(there)).isEqualTo(ON);
    assertThat(estate.production.power(here)).isEqualTo(ON);
    assertThat(details()).contains("its VM 'gateway' was powered on");
  }

  @Test
  void whatRunsIsLeftAloneAndRunsOnAfterTheLastUndo() {
    estate.recovery.power(there, ON);
    estate.production.power(here, ON);

    MemberResult result = estate.runOne("PartialFailover", WEB);
    assertThat(estate.runOne("UndoFailover", WEB).state()).isEqualTo(READY);

    assertThat(result.network().getFirst().detail()).endsWith("UP, 10.1.0.106");
    assertThat(estate.recovery.effects("powerOn", there.id())).isZero();
    assertThat(estate.recovery.power(there)).isEqualTo(ON);
    assertThat(estate.production.power(here)).isEqualTo(ON);
  }

  @Test
  void anApplianceThatIsPoweredOffByHandIsPoweredOnAgain() {
    estate.runOne("PartialFailover", WEB);

    estate.recovery.power(there, OFF);
    estate.extension.script().fail("lookAtEnd", "munich", Fault.SITE_UNREACHABLE, 1);
    estate.environment().sleep(Duration.ofMinutes(1));

    assertThat(estate.recovery.power(there)).isEqualTo(ON);
    assertThat(estate.recovery.effects("powerOn", there.id())).isEqualTo(2);
  }

  @Test
  void anApplianceThatBootsIsAskedAgainSoon() {
    estate.extension.script().fail("convergeEnd", "munich", Fault.SITE_UNREACHABLE, 4);

    MemberResult result = estate.runOne("PartialFailover", WEB);

    assertThat(result.network().getFirst().condition()).isEqualTo(Condition.UP);
    assertThat(estate.recovery.effects("powerOn", there.id())).isEqualTo(1);
  }

  @Test
  void whatKeepsItsVmFromBeingAskedKeepsTheTunnelFromNothing() {
    estate.recovery.script().fail("lookAtVm", there.id(), Fault.SITE_UNREACHABLE, 1);
    estate.production.deleteVm(here);

    MemberResult result = estate.runOne("PartialFailover", WEB);

    assertThat(result.network())
        .extracting(NetworkState::condition)
        .containsExactly(Condition.UP, Condition.UP);
    assertThat(result.network().get(0).detail()).contains("'gateway' could not be powered on");
    assertThat(result.network().get(1).detail())
        .contains("site 'berlin' has no VM 'tenants-gateway'");
  }

  @Test
  void whoeverWakesUpLateIsRefusedByTheHypervisor() {
    estate.runOne("PartialFailover", WEB);
    Fence seen = power().lookAtVm(new VmActivities.LookAtVm(there)).fence();
    assertThat(seen).isNotNull();

    Mandate late =
        new Mandate(
            "network-extension/1",
            "startAppliance",
            new Fence(seen.generation(), seen.epoch() - 1, 9, 9));
    assertThat(
            catchThrowableOfType(
                    FaultException.class, () -> power().powerOnVm(new ChangePower(late, there)))
                .fault())
        .isEqualTo(Fault.FENCED);
  }

  private VmActivities power() {
    return Arrays.stream(estate.recovery.activities())
        .filter(VmActivities.class::isInstance)
        .map(VmActivities.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private String details() {
    return TemporalInMemory.details(
        estate.client().newUntypedWorkflowStub(NetworkExtension.workflowId(1)));
  }
}
