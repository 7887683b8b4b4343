package io.switchback.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.LabClient;
import io.switchback.lab.PowerState;
import io.switchback.lab.SnapshotView;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.operation.MemberResult;
import io.switchback.operation.ReplicationStatus;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The way home between two lab sites: real disks, guests that write, and a real registry. */
@Tag("process")
class LabFailbackIT extends FailedOverLab {
  @Test
  void bringsTheReplicasLastRecordHomeAndReplicationGoesOnWithAnIncrement() throws Exception {
    byte[] before = productionNow("as-it-was");
    MemberResult home = done("Failback", WEB);

    assertThat(home.state()).isEqualTo(ReplicaState.FAILBACK);
    assertThat(broughtHome("web-01").recordsOfReplica()).isPositive();
    assertThat(home.notes())
        .as("the last round goes by the list")
        .anyMatch(note -> note.contains("CHANGE_LIST"))
        .as("berlin's worker does not know potsdam")
        .noneMatch(note -> note.contains("by path"));
    assertThat(productionNow("after")).isNotEqualTo(before);

    done("CommitFailback", WEB);
    ReplicationStatus cycle = estate.cycle("web-01");
    assertThat(cycle.problem()).isEmpty();
    assertThat(cycle.rungs()).allMatch(rung -> rung.contains("CHANGE_LIST"));
    assertThat(snapshots(production, "web-01")).containsOnly("as-it-was", "after");
  }

  @Test
  void anUndoPutsBothSidesBack() throws Exception {
    byte[] before = productionNow("as-it-was");
    production.removeSnapshot("web-01", "as-it-was", null);
    done("Failback", WEB);
    String protective = estate.now("web-01").points().getFirst().snapshot();
    byte[] atSwitch = replicaAt(protective);
    guestOf("berlin", "web-01");

    done("UndoFailback", WEB);

    assertThat(estate.now("web-01").state()).isEqualTo(ReplicaState.FAILOVER);
    assertThat(production.look("web-01").power()).isEqualTo(PowerState.OFF);
    assertThat(productionNow("after")).isEqualTo(before);
    assertThat(snapshots(production, "web-01")).containsExactly("after");
    assertThat(recovery.look(replica.recovery().id()).power()).isEqualTo(PowerState.ON);
    assertThat(snapshots(recovery, replica.recovery().id())).doesNotContain(protective);
    assertThat(atSwitch).as("something to put back").isNotEqualTo(before);
    assertThat(done("UndoFailover", WEB).state()).isEqualTo(ReplicaState.READY);
    assertThat(estate.cycle("web-01").problem()).isEmpty();
  }

  @Test
  void aCancelledOneLeavesNoTraceAtProduction() throws Exception {
    byte[] before = productionNow("as-it-was");
    done("Failback", "{\"vms\":[\"web-01\"],\"switchover\":\"manual\"}");
    guestWrites();
    assertThat(estate.now("web-01").state()).isEqualTo(ReplicaState.READY_TO_SWITCH);

    done("CancelFailback", WEB);

    assertThat(productionNow("after")).isEqualTo(before);
    assertThat(snapshots(production, "web-01")).containsExactly("as-it-was", "after");
    assertThat(estate.now("web-01").state()).isEqualTo(ReplicaState.FAILOVER);
  }

  @Test
  void aSwitchLaterBringsWhatWasWrittenMeanwhile() throws Exception {
    done("Failback", "{\"vms\":[\"web-01\"],\"switchover\":\"manual\"}");
    guestWrites();

    done("SwitchOver", WEB);

    broughtHome("web-01");
  }

  @Test
  void aVmThatWasRestoredElsewhereTakesProductionsPlace() throws Exception {
    estate.create("web-01-restored");
    done("Failback", "{\"vms\":[\"web-01\"],\"restored\":\"web-01-restored\"}");

    broughtHome("web-01-restored");
    done("CommitFailback", "{\"vms\":[\"web-01-restored\"]}");
    assertThat(estate.now("web-01-restored").replica().production().id())
        .isEqualTo("web-01-restored");
    assertThat(estate.find("web-01")).isEmpty();
    assertThat(estate.cycle("web-01-restored").problem()).isEmpty();
    assertThat(snapshots(production, "web-01-restored")).isEmpty();
    assertThat(snapshots(production, "web-01")).isEmpty();
    assertThat(estate.column("select vm from excluded_vm")).containsExactly("web-01");
  }

  private byte[] productionNow(String snapshot) throws Exception {
    production.createSnapshot("web-01", snapshot, false, null);
    return estate.bytes("berlin", "web-01", "web-01-0", snapshot);
  }

  private byte[] replicaAt(String snapshot) throws Exception {
    return estate.bytes(
        "potsdam", replica.recovery().id(), replica.disks().getFirst().recoveryDisk(), snapshot);
  }

  private static List<String> snapshots(LabClient site, String vm) {
    return site.look(vm).snapshots().stream().map(SnapshotView::name).toList();
  }
}
