package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.PowerState;
import io.switchback.model.Replica;
import io.switchback.model.VmProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What may be asked of the VM that a failback makes, and what its site refuses. */
class NewLocationTest {
  @AutoClose private final Estate estate = new Estate();
  private final Replica replica = estate.failedOver("web-01");

  @Test
  void theVmIsMadeOfWhatTheReplicaIsMadeOfWhereItWasAskedFor() {
    Hardware hardware =
        new Hardware(3, 6L << 30, Firmware.EFI, List.of(new Nic("dr-lan", true, List.of())));
    estate.recovery.change(replica.recovery(), hardware, Placement.ANYWHERE);
    estate.registry.map(replica.id(), new NetworkMapping("lan", "dr-lan", ""));

    estate.runOne(
        "Failback",
        "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-01b\",\"host\":\"host-1\",\"datastore\":\"datastore-1\",\"folder\":\"back\",\"diskFormat\":\"thick\"}}");

    VmProfile now = estate.production.profile(estate.vmAtProduction("web-01b"));
    assertThat(now.hardware())
        .isEqualTo(
            new Hardware(3, 6L << 30, Firmware.EFI, List.of(new Nic("lan", true, List.of()))));
    assertThat(now.placement()).isEqualTo(new Placement("host-1", "datastore-1", "back"));
  }

  @Test
  void onAnotherNetworkTheReplicasMapFollowsWithTheCommit() {
    mapped("lan");
    estate.production.login().networks("lan", "lan-2");

    estate.runOne(
        "Failback",
        "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-01b\",\"networks\":{\"dr-lan\":\"lan-2\"}}}");
    assertThat(networks()).containsExactly("lan-2");
    assertThat(estate.registry.networkMap(replica.id()))
        .containsExactly(new NetworkMapping("lan", "dr-lan", "drill"));
    estate.runOne("CommitFailback", "{\"vms\":[\"web-01b\"],\"by\":\"ada\"}");

    assertThat(estate.registry.networkMap(replica.id()))
        .containsExactly(new NetworkMapping("lan-2", "dr-lan", "drill"));
  }

  @Test
  void refusesTheNameOfAVmThatIsThere() {
    assertRefused("{}", "is production, and is not overwritten: give another name");
    estate.production.addVm("p-other", "web-02", 1);
    assertRefused("{\"name\":\"web-02\"}", "site 'berlin' has a VM 'web-02' already");
  }

  @Test
  void refusesWhatTheSiteDoesNotHaveAndSaysAllOfItAtOnce() {
    mapped("lan");
    estate.production.login().networks("lan");
    estate.production.login().folders("prod");

    assertRefused(
        "{\"name\":\"b\",\"host\":\"host-9\",\"datastore\":\"store-9\",\"folder\":\"x\",\"networks\":{\"dr-lan\":\"lan-9\"}}",
        "has no host 'host-9'; there are host-1",
        "has no datastore 'store-9'; there are datastore-1",
        "has no network 'lan-9'; there are lan",
        "has no folder 'x'; there are prod");
  }

  @Test
  void refusesNetworksThatAreNotClear() {
    mapped("lan", "lan-2");
    assertRefused("{\"name\":\"b\"}", "stands for lan, lan-2 at site 'berlin'; say which is meant");
    assertRefused(
        "{\"name\":\"b\",\"networks\":{\"lan\":\"x\",\"dr-lan\":\"lan\"}}",
        "has no card on network 'lan'; it has dr-lan");
    estate.registry.map(replica.id(), new NetworkMapping("other", "elsewhere", ""));
    assertRefused(
        "{\"name\":\"b\"}", "network 'dr-lan' of the replica of 'web-01' stands for none");
  }

  @Test
  void refusesASiteWithoutRoom() {
    estate.production.room().host("host-1", 1, 1 << 20);
    assertRefused("{\"name\":\"b\"}", "of memory for 1 VM");
    estate.production.room().host("host-1", 64, 64L << 30);
    estate.production.room().datastore("datastore-1", 1, 0);
    assertRefused("{\"name\":\"b\"}", "datastore 'datastore-1' has");
  }

  @Test
  void aVmThatIsNotToBePoweredOnNeedsNoHostWithRoom() {
    estate.production.room().host("host-1", 1, 1 << 20);

    MemberResult result =
        estate.runOne(
            "Failback",
            "{\"vms\":[\"web-01\"],\"location\":{\"name\":\"web-01b\"},\"powerOn\":false}");

    assertThat(result.outcome()).isEqualTo(Outcome.DONE);
    assertThat(estate.production.power(estate.vmAtProduction("web-01b"))).isEqualTo(PowerState.OFF);
  }

  @Test
  void refusesAnInputThatMakesNoSense() {
    for (String wrong :
        List.of(
            "\"location\":\"berlin\"",
            "\"location\":{\"store\":\"x\"}",
            "\"location\":{\"diskFormat\":\"fat\"}",
            "\"location\":{\"networks\":[\"lan\"]}",
            "\"location\":{},\"restored\":\"web-02\"")) {
      assertThatThrownBy(() -> estate.run("Failback", "{\"vms\":[\"web-01\"],%s}".formatted(wrong)))
          .as(wrong)
          .hasStackTraceContaining("Nothing was changed");
    }
  }

  private void assertRefused(String location, String... because) {
    MemberResult result =
        estate.runOne("Failback", "{\"vms\":[\"web-01\"],\"location\":%s}".formatted(location));
    assertThat(result.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(String.join("\n", result.notes())).contains("Nothing was changed").contains(because);
    assertThat(estate.registry.isClaimed(replica.id())).isFalse();
    assertThat(estate.registry.failback(replica.id())).isEmpty();
    assertThat(estate.production.effects("placeVm", "web-01b")).isZero();
    assertThat(estate.registry.state(replica.id())).isEqualTo(FAILOVER);
  }

  private void mapped(String... production) {
    estate.recovery.change(
        replica.recovery(),
        new Hardware(2, 4L << 30, Firmware.BIOS, List.of(new Nic("dr-lan", true, List.of()))),
        Placement.ANYWHERE);
    List<NetworkMapping> map = new ArrayList<>();
    for (String network : production) {
      map.add(new NetworkMapping(network, "dr-lan", "drill"));
    }
    estate.registry.map(replica.id(), map.toArray(NetworkMapping[]::new));
  }

  private List<String> networks() {
    return estate.production.profile(estate.vmAtProduction("web-01b")).hardware().nics().stream()
        .map(Nic::network)
        .toList();
  }
}
