package io.switchback.worker.status;

import static io.switchback.worker.status.SomeVm.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CommitWindow;
import io.switchback.model.Consistency;
import io.switchback.model.DatastoreOutlook;
import io.switchback.model.Drift;
import io.switchback.model.DriftKind;
import io.switchback.model.FailbackTo;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkPair;
import io.switchback.model.NetworkPair.Member;
import io.switchback.model.Pace;
import io.switchback.model.RestorePoint;
import io.switchback.model.SomeFailback;
import io.switchback.model.Switchover;
import io.switchback.model.Undoable;
import io.switchback.model.VmRef;
import io.switchback.model.WindowEnd;
import io.switchback.model.WindowTerms;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.port.Payloads;
import io.switchback.port.SiteActivities.Greeting;
import io.switchback.registry.EstateView;
import io.switchback.registry.EstateView.ClaimView;
import io.switchback.registry.EstateView.DriftView;
import io.switchback.registry.EstateView.IsolationView;
import io.switchback.registry.EstateView.NetworkView;
import io.switchback.registry.EstateView.SiteView;
import io.switchback.registry.EstateView.WaitView;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.CommandWords;
import io.switchback.worker.run.TemporalConnection;
import io.switchback.worker.status.EstateStatus.ReplicationState;
import io.switchback.worker.status.EstateStatus.ServiceStatus;
import io.switchback.worker.status.EstateStatus.TransferStatus;
import io.switchback.worker.status.EstateStatus.VmStatus;
import io.switchback.worker.status.StatusReader.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class StatusReaderTest {
  @Test
  void showsTheRegistrysHalfWhenTemporalIsAway() {
    EstateStatus status = read(new SomeVm("web-01"));

    assertThat(status.missing()).containsExactly("Could not reach Temporal at t:7233.");
    assertThat(status.temporal().serves()).isFalse();
    assertThat(status.registry().serves()).isTrue();
    assertThat(status.vms()).hasSize(1);
    assertThat(status.vms().getFirst().replication().running()).isNull();
    assertThat(lines(status))
        .contains("web-01  berlin → munich  READY")
        .contains("web-01-0002   12 s  2")
        .contains("t:7233 (dev-server): does not answer")
        .contains("site.munich  worker-1  build-a  3 min ago");
  }

  @Test
  void saysThatStatesAreNotKnownWhenTheRegistryIsAway() {
    EstateStatus status =
        read(
            () -> {
              throw new FaultException(
                  Fault.REGISTRY_UNAVAILABLE, "Could not reach the registry at r.");
            });

    assertThat(status.missing())
        .containsExactly(
            "Could not reach the registry at r.", "Could not reach Temporal at t:7233.");
    assertThat(status.vms()).isEmpty();
    assertThat(lines(status)).startsWith("The registry does not answer");
  }

  @Test
  void tellsWhoHoldsAReplicaAndWhyReplicationWaits() {
    ClaimView claim =
        new ClaimView(
            "op-1",
            Operation.PARTIAL_FAILOVER,
            "replica/id-web-01",
            "run-1",
            "kim",
            NOW.minusSeconds(5));
    EstateStatus status =
        read(new SomeVm("web-01").heldBy(claim).onHold("fail over").failed("fenced off"));

    assertThat(status.vms().getFirst().operation())
        .isNotNull()
        .satisfies(holder -> assertThat(holder.by()).isEqualTo("kim"))
        .satisfies(holder -> assertThat(holder.runId()).isEqualTo("run-1"));
    assertThat(lines(status)).contains("on hold (fail over)").doesNotContain("last cycle failed");
  }

  @Test
  void tellsAProblemOfReplicationThatNobodyAskedFor() {
    EstateStatus status = read(new SomeVm("web-01").failed("the datastore is full"));

    assertThat(lines(status)).contains("web-01: last cycle failed: the datastore is full");
  }

  @Test
  void tellsNoProblemOfReplicationThatAPermanentFailoverHasEnded() {
    EstateStatus status =
        read(new SomeVm("web-01").is(ReplicaState.PERMANENT).failed("fenced off"));

    assertThat(lines(status)).contains("web-01").doesNotContain("last cycle failed");
  }

  @Test
  void tellsWhoWaitsForAPlaceAmongTheTransfersAndHowManyThereAre() {
    EstateStatus status =
        read(
            new SomeVm("web-01")
                .waits(
                    new WaitView(
                        "3 of at most 3 are being sent to already", NOW.minusSeconds(240))));

    assertThat(lines(status))
        .contains("waits for a place")
        .contains(
            "web-01: waits for a place among the transfers to 'munich' for 4 min: 3 of at most 3 are"
                + " being sent to already")
        .containsPattern("berlin +0 of 10 +2 of 3");
    assertThat(status.vms().getFirst().replication().waitsFor()).contains("'munich'");
  }

  @Test
  void tellsAnRpoThatIsOverWithItsObjective() {
    EstateStatus status = read(new SomeVm("web-01").aged(Duration.ofMinutes(7)));

    assertThat(status.vms().getFirst().rpoOver()).isTrue();
    assertThat(lines(status))
        .contains("OVER 7 min")
        .contains("web-01: newest restore point is 7 min old, its objective is 1 min");
    assertThat(lines(read(new SomeVm("web-01")))).doesNotContain("OVER");
  }

  @Test
  void tellsNoRpoThatIsOverWhileAnOperationHoldsReplication() {
    EstateStatus status =
        read(
            new SomeVm("web-01")
                .is(ReplicaState.FAILOVER)
                .onHold("fail over")
                .aged(Duration.ofMinutes(7)));

    VmStatus vm = status.vms().getFirst();
    assertThat(vm.rpoOver()).isFalse();
    assertThat(vm.rpoSeconds()).isEqualTo(420.0);
    assertThat(lines(status))
        .contains("on hold, 7 min")
        .doesNotContain("OVER 7 min", "its objective is");
  }

  @Test
  void tellsWhichVmIsOffItsNetworksAndHowItComesBack() {
    EstateStatus status =
        read(
            new SomeVm("web-01")
                .isolated(
                    new IsolationView(
                        "production 'web-01' (p-web-01) at site 'berlin'", NOW.minusSeconds(300))));

    assertThat(lines(status))
        .contains("web-01: off its networks since 5 min ago: production 'web-01' (p-web-01)")
        .contains(
            "back with: switchback start reconnect '{\"vms\":[\"web-01\"],\"side\":\"production\"}'");
  }

  @Test
  void tellsDriftWithItsAgeAndHowLongDatastoresHaveRoom() {
    EstateView plain = estate(new SomeVm("web-01"), new SomeVm("db-01"));
    EstateView found =
        new EstateView(
            1,
            plain.sites(),
            plain.replicas(),
            plain.workers(),
            List.of(),
            List.of(
                new DriftView(
                    "id-web-01",
                    "web-01",
                    new Drift(
                        DriftKind.REPLICA_RUNS, "", "it is ON although it is READY. Adopt it."),
                    NOW.minusSeconds(3600),
                    NOW.minusSeconds(60))),
            List.of(
                new DatastoreOutlook("munich", "fast", 4L << 30, 1L << 30, Duration.ofHours(7)),
                new DatastoreOutlook("munich", "slow", 4L << 30, 2L << 30, null)),
            List.of(),
            List.of(),
            NOW);

    EstateStatus status = read(() -> found);

    assertThat(lines(status))
        .contains("Not as Switchback left it:")
        .contains("web-01  REPLICA_RUNS  first seen 1 h ago, looked at 1 min ago")
        .contains("it is ON although it is READY. Adopt it.")
        .containsPattern("munich +fast +1.* +4.* +in 7 h")
        .containsPattern("munich +slow +2.* +4.* +-");
    assertThat(status.only(List.of("db-01")).drift()).isEmpty();
  }

  @Test
  void tellsWhichNetworksAreExtendedAndWhatIsWrongWithThem() {
    EstateView plain = estate(new SomeVm("web-01"), new SomeVm("db-01"));
    NetworkView network =
        new NetworkView(
            new NetworkPair(
                3,
                1,
                "berlin",
                "lan",
                "munich",
                "lan-dr",
                new NetworkExtent("10.0.0.0/24", "", "a", "b", "127.0.0.1:1194", 1194),
                null,
                null,
                List.of(new Member("web-01.1", "web-01", List.of("10.0.0.7"), 1)),
                false),
            new SideState(Condition.UP, "10.0.0.7"),
            new SideState(Condition.DEGRADED, "it does not answer"),
            List.of(new AddressOwner("10.0.0.7", "00:50:56:00:00:01")));
    EstateView extended =
        new EstateView(
            1,
            plain.sites(),
            plain.replicas(),
            plain.workers(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(network),
            NOW);

    EstateStatus status = read(() -> extended);

    assertThat(lines(status))
        .containsPattern("lan \\(berlin\\) +lan-dr \\(munich\\) +web-01 +UP +DEGRADED")
        .contains("lan: production side: it does not answer (run 'network-extension/3')")
        .contains("lan: closed for 10.0.0.7: another machine at berlin has it");
    assertThat(status.only(List.of("db-01")).networks()).isEmpty();
  }

  @Test
  void tellsWhereAFailbackGoesToAndWhenTheSwitchIsDue() {
    EstateStatus status =
        read(
            failingBack("web-01", Switchover.SCHEDULED, NOW.plusSeconds(10800), null),
            failingBack("web-02", Switchover.SCHEDULED, NOW.minusSeconds(60), null),
            failingBack("web-03", Switchover.MANUAL, null, null),
            failingBack("web-04", Switchover.AUTO, null, null),
            failingBack(
                "web-05",
                Switchover.AUTO,
                null,
                new RestorePoint("web-05-failback", "s", NOW, Consistency.CRASH)));

    String to = " to vm 'restored' (vm-7) at site 'berlin' since 2 h ago, ";
    assertThat(lines(status))
        .contains("web-01: fails back" + to + "the switch is due at " + NOW.plusSeconds(10800))
        .contains(", in 3 h")
        .contains("web-02: fails back" + to + "the switch was due at " + NOW.minusSeconds(60))
        .contains(", 1 min ago")
        .contains("web-03: fails back" + to + "until it is switched over or cancelled")
        .contains("web-04: fails back" + to + "and switches over by itself")
        .contains("web-05: is back on vm 'restored' (vm-7) at site 'berlin' since 2 h ago, until");
    assertThat(status.vms())
        .extracting(vm -> vm.failback().switched())
        .containsExactly(false, false, false, false, true);
  }

  private static SomeVm failingBack(
      String name,
      Switchover switchover,
      @Nullable Instant at,
      @Nullable RestorePoint protectivePoint) {
    SomeVm vm = new SomeVm(name);
    return vm.is(ReplicaState.READY_TO_SWITCH)
        .onHold("failback")
        .failsBack(
            SomeFailback.to(
                    FailbackTo.RESTORED,
                    vm.replica(),
                    new VmRef("berlin", "vm-7", "restored"),
                    vm.replica().disks())
                .switchover(switchover, at)
                .protectivePoint(protectivePoint)
                .build(),
            NOW.minusSeconds(7200));
  }

  @Test
  void tellsWhenAWindowEndsAndHowItIsExtended() {
    EstateStatus status =
        read(
            within("web-01", Undoable.FAILOVER, WindowEnd.UNDO, NOW.plusSeconds(10800)),
            within("web-02", Undoable.FAILBACK, WindowEnd.COMMIT, NOW.minusSeconds(60)));

    assertThat(lines(status))
        .contains("web-01: its failover is undone by itself at " + NOW.plusSeconds(10800))
        .contains(", in 3 h (window of ada, put off 2 times by its probes)")
        .contains("or: switchback window extend web-01 2h")
        .contains("or: switchback window cancel web-01")
        .contains("web-02: its failback is committed by itself since " + NOW.minusSeconds(60))
        .contains("says why it is not yet");
    assertThat(status.vms())
        .extracting(vm -> vm.window().remainingSeconds())
        .containsExactly(10800.0, 0.0);
  }

  private static SomeVm within(String name, Undoable of, WindowEnd atEnd, Instant end) {
    WindowTerms terms = new WindowTerms(Duration.ofHours(4), atEnd, List.of());
    return new SomeVm(name)
        .is(ReplicaState.valueOf(of.name()))
        .onHold("fail over")
        .within(new CommitWindow("operation", of, terms, "ada", end, 2));
  }

  @Test
  void isOneJsonObjectWithNamesThatStay() {
    EstateStatus status = read(new SomeVm("web-01"));

    JsonNode json = Payloads.mapper().valueToTree(status);
    assertThat(json.propertyNames())
        .contains("at", "vms", "runs", "sites", "workers", "builds", "temporal", "registry")
        .contains("missing");
    JsonNode vm = json.get("vms").get(0);
    assertThat(vm.get("vm").asString()).isEqualTo("web-01");
    assertThat(vm.get("state").asString()).isEqualTo("READY");
    assertThat(vm.get("rpoSeconds").asDouble()).isEqualTo(12.0);
    assertThat(vm.get("restorePoints").asInt()).isEqualTo(2);
  }

  @Test
  void canBeKeptToSomeVms() {
    EstateStatus status = read(new SomeVm("web-01"), new SomeVm("db-01"));

    assertThat(status.only(List.of("db-01")).vms())
        .extracting(EstateStatus.VmStatus::vm)
        .containsExactly("db-01");
  }

  @Test
  void showsHowFarEachTransferOfAVmIs() {
    ReplicationState state =
        new ReplicationState(
            true,
            "",
            "",
            2,
            300,
            "",
            List.of(
                new TransferStatus("r", 42.5, 118L << 20, 180L, "42 %, 118 MiB/s, 3 min left")));
    EstateStatus status = read(new SomeVm("web-01"));
    VmStatus vm = status.vms().getFirst();
    VmStatus sending =
        new VmStatus(
            vm.vm(),
            vm.replicaId(),
            vm.production(),
            vm.recovery(),
            vm.state(),
            null,
            state,
            vm.newestRestorePoint(),
            vm.rpoSeconds(),
            vm.restorePoints(),
            vm.rpoObjectiveSeconds(),
            false,
            "",
            "",
            null,
            null,
            null);
    EstateStatus now =
        new EstateStatus(
            NOW,
            List.of(sending),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            status.temporal(),
            status.registry(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    assertThat(lines(now)).contains("  web-01: sends r: 42 %, 118 MiB/s, 3 min left");
    JsonNode told = Payloads.mapper().valueToTree(now).path("vms").path(0).path("replication");
    assertThat(told.path("transfers").path(0).path("percent").asDouble()).isEqualTo(42.5);
    assertThat(told.path("transfers").path(0).path("remainingSeconds").asLong()).isEqualTo(180);
  }

  private static String lines(EstateStatus status) {
    return String.join("\n", StatusLines.of(status));
  }

  private static TemporalConnection away() {
    throw Refusal.unreachable("Could not reach Temporal at t:7233.");
  }

  private static EstateStatus read(SomeVm... vms) {
    return read(() -> estate(vms));
  }

  /** What there is to read while Temporal is away. */
  private static EstateStatus read(Supplier<EstateView> registry) {
    return new StatusReader(
            new Source<>(
                new ServiceStatus("embedded", "jdbc:postgresql://r/dr", null, ""), registry),
            new Source<>(
                new ServiceStatus("dev-server", "t:7233", null, ""), StatusReaderTest::away),
            Map.of("berlin", "http://127.0.0.1:1"),
            new CommandWords(List.of()),
            () -> NOW)
        .read();
  }

  private static EstateView estate(SomeVm... vms) {
    return new EstateView(
        1,
        List.of(new SiteView("berlin", Pace.DEFAULT, 0, 10, 2, 3)),
        Arrays.stream(vms).map(SomeVm::view).toList(),
        List.of(
            new Greeting(
                "munich", "site.munich", "worker-1", "build-a", null, 1, 3, NOW.minusSeconds(180))),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        NOW);
  }
}
