package io.switchback.worker.run;

import static io.switchback.worker.run.MemoryEstate.POINT;
import static io.switchback.worker.run.MemoryEstate.request;
import static io.switchback.worker.run.StartableOperation.FAILBACK;
import static io.switchback.worker.run.StartableOperation.PARTIAL_FAILOVER;
import static io.switchback.worker.run.StartableOperation.PLANNED_FAILOVER;
import static io.switchback.worker.run.StartableOperation.SWITCH_OVER;
import static io.switchback.worker.run.StartableOperation.UNDO_FAILOVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.Preview.VmPreview;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DryRunTest {
  private static final String WEB = "{\"vms\":[\"web-01\"]}";

  private final MemoryEstate estate = new MemoryEstate();

  @AfterEach
  void close() {
    estate.close();
  }

  @Test
  void namesTheRestorePointItsAgeAndTheStepsAndChangesNothing() {
    Replica replica = estate.vm("web-01");
    var before = estate.registry.effects();
    var productionBefore = estate.production.effects();
    var recoveryBefore = estate.recovery.effects();

    Preview preview = dryRun(estate).of(request(PARTIAL_FAILOVER, WEB));

    VmPreview vm = preview.vms().getFirst();
    assertThat(vm.replicaId()).isEqualTo(replica.id());
    assertThat(vm.state()).isEqualTo(ReplicaState.READY);
    assertThat(vm.becomes()).isEqualTo(ReplicaState.FAILOVER);
    assertThat(vm.restorePointAgeSeconds()).isEqualTo(90.5);
    assertThat(vm.notes()).isEmpty();
    assertThat(String.join("\n", preview.lines()))
        .contains("nothing was changed")
        .contains("restore point web-01-0001, taken 2026-01-01T00:00:00Z, 1 min 30 s ago")
        .contains(" 7  power the replica on");
    assertThat(estate.registry.effects()).isEqualTo(before);
    assertThat(estate.production.effects()).isEqualTo(productionBefore);
    assertThat(estate.recovery.effects()).isEqualTo(recoveryBefore);
  }

  @Test
  void saysThatARunWouldParkBeforeATwinAtTheSameAddress() {
    Replica replica = estate.vm("web-01");
    estate.production.power(replica.production(), PowerState.ON);

    assertThat(notes(estate, WEB))
        .contains("fd00::web-01")
        .contains("would park before the revert");
    assertThat(
            notes(
                estate,
                "{\"vms\":[\"web-01\"],\"overrides\":[{\"check\":\"productionStillRuns\",\"by\":\"kim\",\"reason\":\"isolated\"}]}"))
        .contains("overridden by kim: isolated");
  }

  @Test
  void saysWhereASiteCannotBeAskedFromHere() {
    estate.vm("web-01");

    assertThat(notes(SiteLooks.NONE, WEB)).contains("'berlin' cannot be asked from here");
  }

  @Test
  void saysWhichSideAnIsolationMeans() {
    estate.vm("web-01");

    assertThat(notes(StartableOperation.ISOLATE, WEB))
        .contains("the recovery vm 'web-01' (r-web-01)", "because the replica is READY");
    assertThat(notes(StartableOperation.ISOLATE, "{\"vms\":[\"web-01\"],\"side\":\"production\"}"))
        .contains("the production vm 'web-01' (p-web-01)")
        .doesNotContain("because");
  }

  private String notes(StartableOperation operation, String input) {
    return String.join("\n", dryRun(estate).of(request(operation, input)).vms().getFirst().notes());
  }

  @Test
  void saysWhatRoomIsWantingForAllOfThemTogetherAndThatTheRunWouldPark() {
    estate.vm("web-01");
    estate.vm("db-01");
    estate.recovery.room().host("host-1", 8, 1);
    String both = "{\"vms\":[\"web-01\",\"db-01\"]}";

    Preview parks = dryRun(estate).of(request(PARTIAL_FAILOVER, both));

    assertThat(parks.notes())
        .singleElement()
        .asString()
        .contains("Site 'munich' has no room", "for 2 VMs", "The run would park");
    assertThat(String.join("\n", parks.lines())).contains("  !   Site 'munich' has no room");
    assertThat(
            dryRun(estate)
                .of(
                    request(
                        PARTIAL_FAILOVER,
                        "{\"vms\":[\"web-01\"],\"overrides\":[{\"check\":\"noRoom\",\"by\":\"kim\",\"reason\":\"tiny\"}]}"))
                .notes())
        .singleElement()
        .asString()
        .contains("Overridden by kim: tiny");
    assertThat(dryRun(SiteLooks.NONE).of(request(PARTIAL_FAILOVER, WEB)).notes())
        .singleElement()
        .asString()
        .contains("'munich' cannot be asked from here whether it has room");
  }

  @Test
  void saysWhatAnUndoWouldDiscard() {
    Replica replica = estate.vm("web-01");
    estate.registry.state(replica.id(), ReplicaState.FAILOVER);
    estate.recovery.write(
        replica.recovery(), replica.disks().getFirst().recoveryDisk(), 0, new byte[3000]);

    Preview preview = dryRun(estate).of(request(UNDO_FAILOVER, WEB));

    assertThat(preview.vms().getFirst().discardedBytes()).isEqualTo(3000);
    assertThat(String.join("\n", preview.lines())).contains("would discard 2.9 KiB");
  }

  @Test
  void saysThatAPlannedFailoverShutsProductionDownAndMakesPointsOfItsOwn() {
    estate.vm("web-01");

    Preview preview = dryRun(estate).of(request(PLANNED_FAILOVER, WEB));

    assertThat(preview.vms().getFirst().becomes()).isEqualTo(ReplicaState.FAILOVER);
    assertThat(String.join("\n", preview.lines()))
        .contains("makes two restore points more", "production at site 'berlin' is shut down")
        .contains("shut production's guest down through its tools");
  }

  @Test
  void saysThatAMoveOfTheSwitchSwitchesNothing() {
    Replica replica = estate.vm("web-01");
    estate.registry.state(replica.id(), ReplicaState.READY_TO_SWITCH);
    String at = "{\"vms\":[\"web-01\"],\"at\":\"2026-03-01T22:00:00Z\"}";

    Preview moves = dryRun(estate).of(request(SWITCH_OVER, at));
    Preview switches = dryRun(estate).of(request(SWITCH_OVER, WEB));

    assertThat(moves.vms().getFirst().becomes()).isNull();
    assertThat(String.join("\n", moves.lines()))
        .contains("READY_TO_SWITCH → READY_TO_SWITCH")
        .contains("the replica serves on until 2026-03-01T22:00:00Z")
        .doesNotContain("power the replica off");
    assertThat(switches.vms().getFirst().becomes()).isEqualTo(ReplicaState.FAILBACK);
    assertThat(String.join("\n", switches.lines())).contains("power the replica off");
  }

  @Test
  void saysThatALaterFailbackLeavesTheReplicaServing() {
    Replica replica = estate.vm("web-01");
    estate.registry.state(replica.id(), ReplicaState.FAILOVER);

    Preview later =
        dryRun(estate).of(request(FAILBACK, "{\"vms\":[\"web-01\"],\"switchover\":\"manual\"}"));

    assertThat(later.vms().getFirst().becomes()).isEqualTo(ReplicaState.READY_TO_SWITCH);
    assertThat(String.join("\n", later.lines())).doesNotContain("power the replica off");
  }

  @Test
  void saysWhatVmAFailbackToANewLocationMakes() {
    Replica replica = estate.vm("web-01");
    estate.registry.state(replica.id(), ReplicaState.FAILOVER);

    Preview preview =
        dryRun(estate)
            .of(
                request(
                    FAILBACK,
                    "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-02\",\"datastore\":\"datastore-1\"}}"));

    assertThat(String.join("\n", preview.lines()))
        .contains(
            "makes 'web-02' at site 'berlin', on host of the site's choice, datastore 'datastore-1'")
        .contains("on networks lan")
        .contains("to a new location: make its VM");
  }

  @Test
  void refusesANewLocationThatTheRunWouldRefuse() {
    Replica replica = estate.vm("web-01");
    estate.registry.state(replica.id(), ReplicaState.FAILOVER);

    assertThatThrownBy(
            () ->
                dryRun(estate)
                    .of(
                        request(
                            FAILBACK,
                            "{\"vms\":[\"web-01\"],\"location\":{\"datastore\":\"store-9\"}}")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("2 mistakes")
        .hasMessageContaining("give another name")
        .hasMessageContaining("there are datastore-1");
  }

  @Test
  void listsEveryMistakeInsteadOfAPreview() {
    Replica replica = estate.vm("web-01");
    estate.registry.state(replica.id(), ReplicaState.FAILOVER);

    assertThatThrownBy(
            () -> dryRun(estate).of(request(PARTIAL_FAILOVER, "{\"vms\":[\"web-01\",\"nobody\"]}")))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.USAGE))
        .hasMessageContaining("2 mistakes")
        .hasMessageContaining("'nobody' is unknown")
        .hasMessageContaining("allowed now");
  }

  private String notes(SiteLooks sites, String input) {
    Preview preview = dryRun(sites).of(request(PARTIAL_FAILOVER, input));
    return String.join("\n", preview.vms().getFirst().notes());
  }

  private DryRun dryRun(SiteLooks sites) {
    return new DryRun(
        estate.catalogue(),
        estate.watch(),
        estate.locations(),
        sites,
        () -> POINT.plusMillis(90_500));
  }
}
