package io.switchback.port;

import static io.switchback.lifecycle.Operation.PARTIAL_FAILOVER;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.DatastoreOutlook;
import io.switchback.model.Drift;
import io.switchback.model.DriftKind;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.CatalogueActivities.RecordAudit;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.CycleStart;
import io.switchback.port.CycleActivities.ForgetRestorePoint;
import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.WatchActivities.DescribeSheet;
import io.switchback.port.WatchActivities.Expect;
import io.switchback.port.WatchActivities.Expectation;
import io.switchback.port.WatchActivities.Expected;
import io.switchback.port.WatchActivities.MeasureWrites;
import io.switchback.port.WatchActivities.Outlook;
import io.switchback.port.WatchActivities.RecordRoom;
import io.switchback.port.WatchActivities.RecordSighting;
import io.switchback.port.WatchActivities.Sighted;
import io.switchback.port.WatchActivities.WriteRate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link WatchActivities} promises. */
public abstract class WatchContract extends RegistryContract {
  private static final Drift RUNS = new Drift(DriftKind.REPLICA_RUNS, "", "it runs");
  private static final long GIB = 1L << 30;

  private PortCaller<WatchActivities> watch;
  private PortCaller<CycleActivities> cycles;

  @BeforeEach
  final void openPort() {
    watch = new PortCaller<>(WatchActivities.class, registry.watch());
    cycles = new PortCaller<>(CycleActivities.class, registry.cycles());
  }

  @AfterEach
  final void closePort() {
    watch.close();
    cycles.close();
  }

  @Test
  void saysHowTheReplicaShouldBeFound() {
    Replica replica = registry.protect("web-01", READY);
    RestorePoint older = point("web-01-0001", Duration.ZERO);
    RestorePoint newer = point("web-01-0002", Duration.ofMinutes(1));
    registry.addRestorePoint(replica, older);
    registry.addRestorePoint(replica, newer);

    assertThat(expected(replica))
        .returns(replica, Expected::replica)
        .returns(READY, Expected::state)
        .returns(List.of(older, newer), Expected::restorePoints)
        .returns(false, Expected::productionMayRun);
  }

  @Test
  void saysNothingWhileAnOperationHoldsTheReplica() {
    Replica replica = registry.protect("web-01", READY);
    var _ = claim(replica, OURS, PARTIAL_FAILOVER);

    assertThat(expect(replica, "").expected()).isNull();
    assertThat(expect(replica, "").waitingFor()).isNotBlank();
    assertThat(expect(replica, OURS).expected()).isNotNull();
  }

  @Test
  void knowsThatACycleMayHaveLeftItsWorkHalfDone() {
    Replica replica = registry.protect("web-01", READY);
    cycle(replica, begin(replica));
    assertThat(expected(replica).cycleOpen()).isFalse();

    CyclePlan open = begin(replica);
    assertThat(expected(replica).cycleOpen()).isTrue();

    cycle(replica, open);
    assertThat(expected(replica).cycleOpen()).isFalse();
  }

  @Test
  void productionMayRunWhereSomebodyHasAgreedUntilItWasOff() {
    Replica replica = registry.protect("web-01", READY);
    var fence = claim(replica, OURS, PARTIAL_FAILOVER).fence();
    agree(replica, NOON);
    release(replica, mandate(OURS, fence, 1));
    assertThat(expected(replica).productionMayRun()).isTrue();

    var _ = sight("one", replica, true, NOON.plusSeconds(60));

    assertThat(expected(replica).productionMayRun()).isFalse();
  }

  @Test
  void tellsOfDriftOnce() {
    Replica replica = registry.protect("web-01", READY);

    assertThat(sight("one", replica, false, NOON, RUNS).fresh()).containsExactly(RUNS);
    assertThat(sight("two", replica, false, NOON.plusSeconds(1), RUNS).fresh()).isEmpty();
  }

  @Test
  void driftIsTheSameWhateverItsSentenceSays() {
    Replica replica = registry.protect("web-01", READY);
    var _ = sight("one", replica, false, NOON, RUNS);

    Drift again = new Drift(DriftKind.REPLICA_RUNS, "", "it still runs");

    assertThat(sight("two", replica, false, NOON.plusSeconds(1), again))
        .returns(List.of(), Sighted::fresh)
        .returns(0, Sighted::cleared);
  }

  @Test
  void tellsAgainOfDriftThatHadGone() {
    Replica replica = registry.protect("web-01", READY);
    var _ = sight("one", replica, false, NOON, RUNS);

    assertThat(sight("two", replica, false, NOON.plusSeconds(1)).cleared()).isEqualTo(1);

    assertThat(sight("three", replica, false, NOON.plusSeconds(2), RUNS).fresh())
        .containsExactly(RUNS);
  }

  @Test
  void answersTheSameWhenTheAnswerToASightingWasLost() {
    Replica replica = registry.protect("web-01", READY);
    Sighted first = sight("one", replica, false, NOON, RUNS);

    assertThat(sight("one", replica, false, NOON, RUNS)).isEqualTo(first);
    Sighted cleared = sight("two", replica, false, NOON.plusSeconds(1));
    assertThat(sight("two", replica, false, NOON.plusSeconds(1))).isEqualTo(cleared);
  }

  @Test
  void keepsNothingThatWasSeenBeforeAClaim() {
    Replica replica = registry.protect("web-01", READY);
    long epoch = expected(replica).epoch();
    var _ = claim(replica, OURS, PARTIAL_FAILOVER);

    Sighted late =
        watch
            .call()
            .recordSighting(
                new RecordSighting("one", replica.id(), epoch, 0, List.of(RUNS), false, NOON));

    assertThat(late.fresh()).isEmpty();
    long now = requireNonNull(expect(replica, OURS).expected()).epoch();
    assertThat(
            watch
                .call()
                .recordSighting(
                    new RecordSighting("two", replica.id(), now, 0, List.of(RUNS), false, NOON))
                .fresh())
        .containsExactly(RUNS);
  }

  @Test
  void keepsNothingThatWasSeenBeforeACycle() {
    Replica replica = registry.protect("web-01", READY);
    Expected before = expected(replica);
    var _ = begin(replica);

    Sighted late =
        watch
            .call()
            .recordSighting(
                new RecordSighting(
                    "one",
                    replica.id(),
                    before.epoch(),
                    before.cycle(),
                    List.of(RUNS),
                    false,
                    NOON));

    assertThat(late.fresh()).isEmpty();
    assertThat(sight("two", replica, false, NOON, RUNS).fresh()).containsExactly(RUNS);
  }

  @Test
  void beginsNoCycleThatWouldOverwriteWhatSomebodyDid() {
    Replica replica = registry.protect("web-01", READY);
    var _ = sight("one", replica, false, NOON, RUNS);

    CycleStart start = cycles.call().beginCycle(new BeginCycle(replica.id()));

    assertThat(start.plan()).isNull();
    assertThat(start.waitingFor()).contains("it runs");
    var _ = sight("two", replica, false, NOON.plusSeconds(1));
    var _ = begin(replica);
  }

  @Test
  void offersNoRestorePointThatIsGone() {
    Replica replica = registry.protect("web-01", READY);
    cycle(replica, begin(replica));
    cycle(replica, begin(replica));
    List<RestorePoint> points = expected(replica).restorePoints();

    var _ = sight("one", replica, false, NOON, gone(points.getFirst()));

    assertThat(expected(replica).restorePoints()).containsExactly(points.getLast());
    assertThat(sheet(replica)).containsExactly(points.getLast());
    assertThat(begin(replica))
        .returns(points.getLast(), CyclePlan::newest)
        .returns(Map.of("disk", "2"), CyclePlan::changeIds);
  }

  @Test
  void beginsWithoutChangeIdsWhenTheNewestRestorePointIsGone() {
    Replica replica = registry.protect("web-01", READY);
    cycle(replica, begin(replica));
    cycle(replica, begin(replica));
    List<RestorePoint> points = expected(replica).restorePoints();

    var _ = sight("one", replica, false, NOON, gone(points.getLast()));

    assertThat(begin(replica))
        .returns(points.getFirst(), CyclePlan::newest)
        .returns(Map.of(), CyclePlan::changeIds);
  }

  @Test
  void aRestorePointStaysGoneUntilItIsForgotten() {
    Replica replica = registry.protect("web-01", READY);
    cycle(replica, begin(replica));
    cycle(replica, begin(replica));
    RestorePoint first = expected(replica).restorePoints().getFirst();
    var _ = sight("one", replica, false, NOON, gone(first));
    assertThat(sight("two", replica, false, NOON.plusSeconds(1)).cleared()).isZero();

    cycle(replica, begin(replica));
    var _ = cycles.call().forgetRestorePoint(new ForgetRestorePoint(replica.id(), first.id()));

    assertThat(sight("three", replica, false, NOON.plusSeconds(2)).cleared()).isEqualTo(1);
  }

  @Test
  void roomIsDueUntilItWasMeasured() {
    Replica replica = registry.protect("web-01", READY);
    String site = replica.recovery().site();
    assertThat(expected(replica).roomDue()).isTrue();

    var _ = measure("one", site, NOON, 100 * GIB);
    assertThat(expected(replica).roomDue()).isFalse();

    registry.letPass(Duration.ofMinutes(5));
    assertThat(expected(replica).roomDue()).isTrue();
  }

  @Test
  void foretellsWhenADatastoreWillBeFull() {
    var _ = measure("one", "paris", NOON, 100 * GIB);
    var _ = measure("two", "paris", NOON.plus(Duration.ofHours(1)), 99 * GIB);
    Outlook third = measure("three", "paris", NOON.plus(Duration.ofHours(2)), 98 * GIB);

    assertThat(third.datastores())
        .singleElement()
        .returns("store-1", DatastoreOutlook::datastore)
        .returns(98 * GIB, DatastoreOutlook::freeBytes)
        .returns(Duration.ofHours(98), DatastoreOutlook::fullIn);
    assertThat(third.urgent()).isEmpty();
  }

  @Test
  void tellsOnceThatLessThanADayIsLeftAndOnceThatItIsLessThanAnHour() {
    var _ = measure("one", "paris", NOON, 100 * GIB);
    var _ = measure("two", "paris", NOON.plus(Duration.ofHours(1)), 90 * GIB);

    assertThat(measure("three", "paris", NOON.plus(Duration.ofHours(2)), 80 * GIB).urgent())
        .hasSize(1);
    assertThat(measure("four", "paris", NOON.plus(Duration.ofHours(3)), 70 * GIB).urgent())
        .isEmpty();
    assertThat(measure("five", "paris", NOON.plus(Duration.ofHours(4)), GIB).urgent()).hasSize(1);
    assertThat(measure("six", "paris", NOON.plus(Duration.ofHours(5)), GIB / 2).urgent()).isEmpty();
  }

  @Test
  void answersTheSameWhenTheAnswerToAMeasurementWasLost() {
    var _ = measure("one", "paris", NOON, 100 * GIB);
    var _ = measure("two", "paris", NOON.plus(Duration.ofHours(1)), 90 * GIB);
    Instant third = NOON.plus(Duration.ofHours(2));
    Outlook first = measure("three", "paris", third, 80 * GIB);

    assertThat(measure("three", "paris", third, 80 * GIB)).isEqualTo(first);
  }

  @Test
  void foretellsOneSiteWithoutTheOther() {
    var _ = measure("one", "paris", NOON, 100 * GIB);
    var _ = measure("two", "berlin", NOON.plus(Duration.ofHours(1)), 50 * GIB);
    Outlook third = measure("three", "paris", NOON.plus(Duration.ofHours(2)), 100 * GIB);

    assertThat(third.datastores())
        .singleElement()
        .returns("paris", DatastoreOutlook::site)
        .returns(null, DatastoreOutlook::fullIn);
  }

  @Test
  void tellsHowFastProductionWrites() {
    Replica replica = registry.protect("web-01", READY);
    for (int i = 0; i < 3; i++) {
      cycle(replica, begin(replica));
    }

    assertThat(watch.call().measureWrites(new MeasureWrites(List.of(replica.id()))).rates())
        .containsExactly(new WriteRate(replica.id(), 60_000));
    assertThat(watch.call().measureWrites(new MeasureWrites(List.of())).rates()).isEmpty();
  }

  @Test
  void describesTheSheetNewestPointFirst() {
    Replica replica = registry.protect("web-01", FAILOVER);
    RestorePoint older = point("web-01-0001", Duration.ZERO);
    RestorePoint newer = point("web-01-0002", Duration.ofMinutes(1));
    registry.addRestorePoint(replica, older);
    registry.addRestorePoint(replica, newer);

    assertThat(sheet(replica)).containsExactly(newer, older);
  }

  @Test
  void refusesAReplicaThatIsNoLongerProtected() {
    Replica replica = registry.protect("web-01", READY);
    registry.unprotect(replica);

    assertFault(Fault.REFUSED, () -> expect(replica, ""));
    assertFault(Fault.REFUSED, () -> sheet(replica));
    assertFault(
        Fault.REFUSED,
        () ->
            watch
                .call()
                .recordSighting(
                    new RecordSighting("one", replica.id(), 0, 0, List.of(), false, NOON)));
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    Replica replica = registry.protect("web-01", READY);
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> expect(replica, ""));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> measure("one", "paris", NOON, GIB));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> sheet(replica));
  }

  private Expectation expect(Replica replica, String operationId) {
    return watch.call().expect(new Expect(replica.id(), operationId));
  }

  private Expected expected(Replica replica) {
    return requireNonNull(expect(replica, "").expected());
  }

  private List<RestorePoint> sheet(Replica replica) {
    return watch.call().describeSheet(new DescribeSheet(replica.id())).restorePoints();
  }

  private Sighted sight(String id, Replica replica, boolean off, Instant at, Drift... seen) {
    Expected now = expected(replica);
    return watch
        .call()
        .recordSighting(
            new RecordSighting(id, replica.id(), now.epoch(), now.cycle(), List.of(seen), off, at));
  }

  private static Drift gone(RestorePoint point) {
    return new Drift(DriftKind.RESTORE_POINT_GONE, point.id(), "its snapshot is gone");
  }

  private Outlook measure(String id, String site, Instant at, long freeBytes) {
    return watch
        .call()
        .recordRoom(
            new RecordRoom(
                id,
                new Room(
                    site,
                    List.of(),
                    List.of(new DatastoreRoom("store-1", 1000 * GIB, freeBytes)),
                    List.of(),
                    at)));
  }

  private CyclePlan begin(Replica replica) {
    return requireNonNull(cycles.call().beginCycle(new BeginCycle(replica.id())).plan());
  }

  /** Completes the cycle; each sends 1,000 bytes a minute after the one before. */
  private void cycle(Replica replica, CyclePlan plan) {
    var _ =
        cycles
            .call()
            .completeCycle(
                new CompleteCycle(
                    replica.id(),
                    plan.number(),
                    plan.fence(),
                    point(
                        "%s-%04d".formatted(replica.name(), plan.number()),
                        Duration.ofMinutes(plan.number())),
                    Map.of("disk", "" + plan.number()),
                    1000,
                    Duration.ofSeconds(1)));
  }

  private void agree(Replica replica, Instant at) {
    try (PortCaller<CatalogueActivities> catalogue =
        new PortCaller<>(CatalogueActivities.class, registry.catalogue())) {
      var _ =
          catalogue
              .call()
              .recordAudit(
                  new RecordAudit(
                      List.of(
                          new AuditEntry(
                              OURS,
                              PARTIAL_FAILOVER,
                              replica.id(),
                              "productionStillRuns",
                              3,
                              0,
                              "OVERRIDDEN",
                              "dana",
                              "it is isolated",
                              at))));
    }
  }
}
