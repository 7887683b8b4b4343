package io.switchback.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.DatastoreDefinition;
import io.switchback.lab.HostDefinition;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.PowerState;
import io.switchback.lab.SiteResources;
import io.switchback.lab.VmView;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.ReplicationStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The way home to a VM that is made for it, elsewhere at the production site: real disks, guests
 * that write, and a real registry.
 */
@Tag("process")
class LabNewLocationIT extends FailedOverLab {
  private static final String HOME = "{\"vms\":[\"web-01b\"],\"by\":\"test\"}";
  private static final String LOCATION =
      """
      {"name":"web-01b","host":"host-2","datastore":"datastore-2","folder":"back",
       "networks":{"dr-lan":"lan-2"}}
      """;
  private static final String AWAY = "{\"vms\":[\"web-01\"],\"location\":%s}".formatted(LOCATION);
  private static final String LATER =
      "{\"vms\":[\"web-01\"],\"location\":%s,\"switchover\":\"manual\"}".formatted(LOCATION);
  private static final SiteResources TWO_OF_EACH =
      new SiteResources(
          List.of(
              new HostDefinition("host-1", 64, 1L << 36),
              new HostDefinition("host-2", 64, 1L << 36)),
          List.of(
              new DatastoreDefinition("datastore-1", 1L << 34),
              new DatastoreDefinition("datastore-2", 1L << 30)),
          List.of("lan", "lan-2"),
          List.of("back"));

  @Override
  SiteResources berlin() {
    return TWO_OF_EACH;
  }

  @Test
  void makesTheVmWithTheReplicasLastRecordAndReplicationGoesOnFromItWithAnIncrement()
      throws Exception {
    MemberResult home = done("Failback", AWAY);

    VmView made = production.look("web-01b");
    assertThat(made.host()).isEqualTo("host-2");
    assertThat(made.datastore()).isEqualTo("datastore-2");
    assertThat(made.folder()).isEqualTo("back");
    assertThat(made.networks()).extracting(NetworkCard::network).containsExactly("lan-2");
    assertThat(made.cpus()).isEqualTo(2);
    assertThat(made.power()).isEqualTo(PowerState.ON);
    assertThat(broughtHome("web-01b").recordsOfReplica()).isPositive();
    assertThat(home.notes())
        .as("an empty disk has nothing to compare with")
        .anyMatch(note -> note.contains("FULL_COPY"))
        .as("the last round goes by the list")
        .anyMatch(note -> note.contains("CHANGE_LIST"));
    assertThat(production.look("web-01").power()).isEqualTo(PowerState.OFF);

    done("CommitFailback", HOME);
    assertThat(estate.now("web-01b").replica().production().id()).isEqualTo(made.id());
    ReplicationStatus cycle = estate.cycle("web-01b");
    assertThat(cycle.problem()).isEmpty();
    assertThat(cycle.rungs()).isNotEmpty().allMatch(rung -> rung.contains("CHANGE_LIST"));
    assertThat(estate.now("web-01b").mark()).as("its network is mapped").isNull();
    assertThat(production.look("web-01b").managedBy()).isEmpty();
    assertThat(production.look("web-01b").snapshots()).isEmpty();
    assertThat(estate.column("select vm from excluded_vm")).containsExactly("web-01");
  }

  @Test
  void anUndoRemovesTheVmWhereThatIsAskedAndKeepsItOtherwise() throws Exception {
    done("Failback", AWAY);
    guestOf("berlin", production.look("web-01b").id());
    done("UndoFailback", HOME);

    VmView kept = production.look("web-01b");
    assertThat(kept.power()).isEqualTo(PowerState.OFF);
    assertThat(kept.managedBy()).isEmpty();
    assertThat(kept.snapshots()).isEmpty();
    production.deleteVm(kept.id(), null);

    done("Failback", AWAY);
    done("UndoFailback", "{\"vms\":[\"web-01b\"],\"removeVm\":true}");

    assertThat(vms()).containsExactly("web-01");
    assertThat(estate.now("web-01").state()).isEqualTo(ReplicaState.FAILOVER);
    assertThat(done("UndoFailover", WEB).state()).isEqualTo(ReplicaState.READY);
    assertThat(estate.cycle("web-01").problem()).isEmpty();
  }

  @Test
  void aCancelledOneLeavesNoTraceAtProduction() throws Exception {
    Map<String, List<String>> before = estate.everything();
    done("Failback", LATER);
    guestWrites();
    assertThat(production.look("web-01b").power()).isEqualTo(PowerState.OFF);

    done("CancelFailback", WEB);

    for (String what : List.of("VMs of berlin", "files of berlin", "table failback")) {
      assertThat(estate.everything().get(what)).as(what).isEqualTo(before.get(what));
    }
    assertThat(estate.now("web-01").state()).isEqualTo(ReplicaState.FAILOVER);
  }

  @Test
  void refusesALocationThatIsNotThereBeforeAnythingIsWritten() throws Exception {
    Map<String, List<String>> before = estate.everything();

    OperationResult refused =
        estate.run(
            "Failback",
            """
            {"vms":["web-01"],"location":{"host":"host-3","datastore":"datastore-3",
             "networks":{"dr-lan":"lan-3"},"diskFormat":"thick"}}
            """);

    assertThat(refused.members().getFirst().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(String.join("\n", refused.members().getFirst().notes()))
        .contains("is production, and is not overwritten: give another name")
        .contains("no host 'host-3'; there are host-1, host-2")
        .contains("no datastore 'datastore-3'; there are datastore-1, datastore-2")
        .contains("no network 'lan-3'; there are lan, lan-2");
    assertThat(estate.everything().get("VMs of berlin")).isEqualTo(before.get("VMs of berlin"));
    assertThat(estate.everything().get("table claim")).isEqualTo(before.get("table claim"));
  }

  private List<String> vms() {
    return production.site().vms().stream().map(VmView::name).toList();
  }
}
