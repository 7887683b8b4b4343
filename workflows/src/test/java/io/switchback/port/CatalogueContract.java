package io.switchback.port;

import static io.switchback.lifecycle.Operation.ADOPT;
import static io.switchback.lifecycle.Operation.PARTIAL_FAILOVER;
import static io.switchback.lifecycle.Operation.PERMANENT_FAILOVER;
import static io.switchback.lifecycle.Operation.PLANNED_FAILOVER;
import static io.switchback.lifecycle.Operation.UNDO_FAILOVER;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Lifecycle;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Connectivity;
import io.switchback.model.CredentialReference;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteNetworks;
import io.switchback.model.VmSelection;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.RecordAudit;
import io.switchback.port.CatalogueActivities.RecordGreetings;
import io.switchback.port.CatalogueActivities.Resolution;
import io.switchback.port.CatalogueActivities.Resolve;
import io.switchback.port.SiteActivities.Greeting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link CatalogueActivities} promises. */
public abstract class CatalogueContract extends RegistryContract {
  private static final RestorePoint EARLY = point("rp-early", Duration.ofMinutes(1));
  private static final RestorePoint LATE = point("rp-late", Duration.ofMinutes(2));

  private static final NetworkMapping EXTENDED =
      new NetworkMapping(
          "lan-berlin",
          "lan",
          "",
          new NetworkExtent(
              "192.168.10.0/24", "192.168.10.1", "lan0", "recovery0", "127.0.0.1:1194", 1194));
  private static final SiteAppliance APPLIANCE =
      new SiteAppliance(
          "10.0.0.5",
          22,
          "root",
          "SHA256:abc",
          CredentialReference.parse("file:/etc/key"),
          false,
          "/etc/tunnel",
          "acme");

  private PortCaller<CatalogueActivities> catalogue;

  @BeforeEach
  final void openPort() {
    catalogue = new PortCaller<>(CatalogueActivities.class, registry.catalogue());
  }

  @AfterEach
  final void closePort() {
    catalogue.close();
  }

  @Test
  void findsTheReplicasInTheOrderTheyAreNamed() {
    Replica web = ready("web-01");
    Replica db = registry.protect("db-01", READY);
    RestorePoint dbs = point("rp-of-db", Duration.ofMinutes(1));
    registry.addRestorePoint(db, dbs);

    Resolution resolution = resolve(PARTIAL_FAILOVER, latest("web-01"), latest("db-01"));

    assertThat(resolution.mistakes()).isEmpty();
    assertThat(resolution.members()).extracting(Member::replica).containsExactly(web, db);
    assertThat(resolution.members()).extracting(Member::state).containsOnly(READY);
    assertThat(resolution.members()).extracting(Member::newest).containsExactly(LATE, dbs);
    assertThat(resolution.pace()).isNotNull();
  }

  @Test
  void findsTheNewestRestorePointWhenNoneIsNamed() {
    ready("web-01");

    assertThat(only(resolve(PARTIAL_FAILOVER, latest("web-01"))).restorePoint()).isEqualTo(LATE);
  }

  @Test
  void findsARestorePointByItsId() {
    ready("web-01");

    assertThat(only(resolve(PARTIAL_FAILOVER, at("web-01", "rp-early"))).restorePoint())
        .isEqualTo(EARLY);
  }

  @Test
  void findsTheNewestRestorePointNotLaterThanATime() {
    ready("web-01");
    Instant between = NOON.plusSeconds(90);

    assertThat(only(resolve(PARTIAL_FAILOVER, at("web-01", between.toString()))).restorePoint())
        .isEqualTo(EARLY);
    assertThat(
            only(resolve(PARTIAL_FAILOVER, at("web-01", LATE.takenAt().toString()))).restorePoint())
        .isEqualTo(LATE);
  }

  @Test
  void namesARestorePointThatIsUnknown() {
    ready("web-01");

    assertThat(mistakes(PARTIAL_FAILOVER, at("web-01", "rp-nobody-knows")))
        .singleElement()
        .asString()
        .contains("web-01", "rp-nobody-knows");
    assertThat(mistakes(PARTIAL_FAILOVER, at("web-01", NOON.toString())))
        .singleElement()
        .asString()
        .contains("web-01", NOON.toString());
  }

  @Test
  void namesAVmThatIsUnknown() {
    assertThat(mistakes(PARTIAL_FAILOVER, latest("web-99")))
        .singleElement()
        .asString()
        .contains("web-99");
  }

  @Test
  void namesAVmThatIsNamedTwice() {
    ready("web-01");

    assertThat(mistakes(PARTIAL_FAILOVER, latest("web-01"), at("web-01", "rp-early")))
        .isNotEmpty()
        .allSatisfy(mistake -> assertThat(mistake).contains("web-01"));
  }

  @Test
  void namesAStateThatForbidsTheOperation() {
    registry.protect("web-01", SEEDING);

    assertThat(mistakes(UNDO_FAILOVER, latest("web-01")))
        .anySatisfy(
            mistake ->
                assertThat(mistake)
                    .contains(Lifecycle.refusal("web-01", SEEDING, UNDO_FAILOVER).orElseThrow()));
  }

  @Test
  void namesAReplicaThatAnotherOperationHolds() {
    claim(ready("web-01"), THEIRS, PARTIAL_FAILOVER);

    assertThat(mistakes(PARTIAL_FAILOVER, latest("web-01")))
        .singleElement()
        .asString()
        .contains("web-01", "workflow-" + THEIRS);
  }

  @Test
  void doesNotTakeAClaimOfTheOperationItselfForAnothers() {
    claim(ready("web-01"), OURS, PARTIAL_FAILOVER);

    assertThat(resolve(PARTIAL_FAILOVER, latest("web-01")).mistakes()).isEmpty();
  }

  @Test
  void namesEveryMistakeAtOnceAndKeepsTheMembersWithoutAny() {
    ready("web-01");
    registry.protect("db-01", SEEDING);
    registry.addRestorePoint(
        registry.protect("app-01", READY), point("rp-of-app", Duration.ofMinutes(1)));

    Resolution resolution =
        resolve(
            PARTIAL_FAILOVER,
            latest("web-01"),
            latest("db-01"),
            latest("web-99"),
            at("app-01", "rp-nobody-knows"));

    assertThat(resolution.mistakes())
        .anySatisfy(mistake -> assertThat(mistake).contains("db-01"))
        .anySatisfy(mistake -> assertThat(mistake).contains("web-99"))
        .anySatisfy(mistake -> assertThat(mistake).contains("app-01"));
    assertThat(resolution.members())
        .extracting(member -> member.replica().name())
        .containsExactly("web-01");
  }

  @Test
  void namesASiteWithMoreNetworksThanItsApplianceCanServe() {
    registry.addRestorePoint(registry.protect("web-01", READY), EARLY);
    registry.extend("berlin", "paris", EXTENDED);
    registry.networks("paris", new SiteNetworks(Connectivity.APPLIANCE, names(10)));
    assertThat(resolve(PARTIAL_FAILOVER, latest("web-01")).mistakes())
        .as("no appliance would start")
        .isEmpty();
    registry.appliance("paris", APPLIANCE);

    assertThat(resolve(PARTIAL_FAILOVER, latest("web-01")).mistakes())
        .singleElement()
        .asString()
        .contains("site 'paris' has 10 networks", "serves 9 at most", ": lan, net-10, net-2, net-3")
        .contains("`connectivity: nsx-edge`");
    assertThat(resolve(PLANNED_FAILOVER, latest("web-01")).mistakes()).hasSize(1);
    assertThat(resolve(ADOPT, latest("web-01")).mistakes()).hasSize(1);
    assertThat(resolve(PERMANENT_FAILOVER, latest("web-01")).mistakes())
        .noneMatch(mistake -> mistake.contains("networks"));

    registry.networks("paris", new SiteNetworks(Connectivity.APPLIANCE, names(9)));
    assertThat(resolve(PARTIAL_FAILOVER, latest("web-01")).mistakes()).isEmpty();
  }

  @Test
  void theNumberOfNetworksDoesNotMatterWhereNoApplianceStarts() {
    registry.addRestorePoint(registry.protect("web-01", READY), EARLY);
    registry.appliance("paris", APPLIANCE);
    registry.networks("paris", new SiteNetworks(Connectivity.APPLIANCE, names(10)));
    assertThat(resolve(PARTIAL_FAILOVER, latest("web-01")).mistakes())
        .as("its networks are not extended")
        .isEmpty();

    registry.extend("berlin", "paris", EXTENDED);
    for (Connectivity other : List.of(Connectivity.NSX_EDGE, Connectivity.IPSEC)) {
      registry.networks("paris", new SiteNetworks(other, names(12)));
      assertThat(resolve(PARTIAL_FAILOVER, latest("web-01")).mistakes()).as("%s", other).isEmpty();
    }
  }

  private static List<String> names(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(n -> n == 1 ? "lan" : "net-" + n).toList();
  }

  @Test
  void changesNothingByResolving() {
    Replica replica = ready("web-01");

    resolve(PARTIAL_FAILOVER, latest("web-01"));

    assertThat(registry.state(replica)).isEqualTo(READY);
    assertThat(registry.isOnHold(replica)).isFalse();
    assertThat(registry.restorePoints(replica)).containsExactly(EARLY, LATE);
    assertThat(claim(replica, THEIRS, PARTIAL_FAILOVER).from()).isEqualTo(READY);
  }

  @Test
  void answersTheStateThatTheReplicaIsInNow() {
    Replica replica = registry.protect("web-01", FAILOVER);
    registry.addRestorePoint(replica, EARLY);

    assertThat(only(resolve(UNDO_FAILOVER, latest("web-01"))).state()).isEqualTo(FAILOVER);
  }

  @Test
  void keepsTheNewestAnswerOfAWorkerOnAQueue() {
    Greeting older = greeting("site.berlin", "worker-1", NOON);
    Greeting newer = greeting("site.berlin", "worker-1", NOON.plusSeconds(5));
    Greeting another = greeting("site.berlin", "worker-2", NOON);
    Greeting elsewhere = greeting("site.paris", "worker-1", NOON);

    record(older, another, elsewhere);
    record(newer);

    assertThat(registry.greetings()).containsExactlyInAnyOrder(newer, another, elsewhere);
  }

  @Test
  void knowsASiteByThePlatformThatAnsweredFirst() {
    record(greeting("site.berlin", "worker-1", NOON));
    record(of("vcenter-a", "worker-1", NOON.plusSeconds(1)));
    record(of("vcenter-a", "worker-2", NOON.plusSeconds(1)));

    assertFault(Fault.CHECK_FAILED, () -> record(of("vcenter-b", "worker-1", NOON.plusSeconds(2))));

    assertThat(registry.greetings())
        .containsExactlyInAnyOrder(
            of("vcenter-a", "worker-1", NOON.plusSeconds(1)),
            of("vcenter-a", "worker-2", NOON.plusSeconds(1)));
  }

  @Test
  void appendsToTheAudit() {
    AuditEntry first = entry(1, 1, "DONE");
    AuditEntry second = entry(2, 1, "DONE");

    audit(first);
    audit(second);

    assertThat(registry.audit(OURS)).containsExactly(first, second);
  }

  @Test
  void writesAnAuditEntryOnce() {
    AuditEntry entry = entry(1, 1, "DONE");

    audit(entry);
    catalogue.attempt(2).recordAudit(new RecordAudit(List.of(entry, entry(2, 1, "DONE"))));

    assertThat(registry.audit(OURS)).containsExactly(entry, entry(2, 1, "DONE"));
  }

  @Test
  void tellsAuditEntriesApartByStepAttemptAndOutcome() {
    audit(entry(1, 1, "FAILED"), entry(1, 2, "FAILED"), entry(1, 2, "PARKED"), entry(2, 1, "DONE"));

    assertThat(registry.audit(OURS)).hasSize(4);
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> resolve(PARTIAL_FAILOVER, latest("web-01")));
    assertFault(
        Fault.REGISTRY_UNAVAILABLE, () -> record(greeting("site.berlin", "worker-1", NOON)));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> audit(entry(1, 1, "DONE")));
  }

  private Replica ready(String vm) {
    Replica replica = registry.protect(vm, READY);
    registry.addRestorePoint(replica, EARLY);
    registry.addRestorePoint(replica, LATE);
    return replica;
  }

  private static VmSelection latest(String vm) {
    return new VmSelection(vm, VmSelection.LATEST);
  }

  private static VmSelection at(String vm, String restorePoint) {
    return new VmSelection(vm, restorePoint);
  }

  private Resolution resolve(Operation operation, VmSelection... vms) {
    return catalogue.call().resolve(new Resolve(operation, OURS, List.of(vms)));
  }

  private static Member only(Resolution resolution) {
    assertThat(resolution.mistakes()).isEmpty();
    assertThat(resolution.members()).hasSize(1);
    return resolution.members().getFirst();
  }

  private List<String> mistakes(Operation operation, VmSelection... vms) {
    Resolution resolution = resolve(operation, vms);
    assertThat(resolution.members()).isEmpty();
    return resolution.mistakes();
  }

  private void record(Greeting... greetings) {
    catalogue.call().recordGreetings(new RecordGreetings(List.of(greetings)));
  }

  private void audit(AuditEntry... entries) {
    catalogue.call().recordAudit(new RecordAudit(List.of(entries)));
  }

  private static Greeting greeting(String queue, String worker, Instant at) {
    String site = queue.substring(queue.indexOf('.') + 1);
    return new Greeting(site, queue, worker, "1.0", "127.0.0.1:7000", 1, 12, at);
  }

  private static Greeting of(String platform, String worker, Instant at) {
    return new Greeting(
        "berlin", "site.berlin", worker, "1.0", "127.0.0.1:7000", 1, 12, at, platform);
  }

  private static AuditEntry entry(long step, int attempt, String outcome) {
    return new AuditEntry(
        OURS,
        PARTIAL_FAILOVER,
        "0190c5d2-0000-7cc3-98c4-dc0c0c07398f",
        "powerOn",
        step,
        attempt,
        outcome,
        "dana",
        "It runs.",
        NOON);
  }
}
