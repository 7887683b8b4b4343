package io.switchback.port;

import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmSelection;
import io.switchback.port.CatalogueActivities.Member;
import io.switchback.port.CatalogueActivities.Resolution;
import io.switchback.port.CatalogueActivities.Resolve;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CycleEnd;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.GroupActivities.BeginGroupCycle;
import io.switchback.port.GroupActivities.CompleteGroupCycle;
import io.switchback.port.GroupActivities.DefineGroup;
import io.switchback.port.GroupActivities.GroupDefined;
import io.switchback.port.GroupActivities.GroupEnd;
import io.switchback.port.GroupActivities.GroupMember;
import io.switchback.port.GroupActivities.GroupStart;
import io.switchback.port.GroupActivities.Part;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link GroupActivities} promises. */
public abstract class GroupContract extends RegistryContract {
  private PortCaller<GroupActivities> groups;
  private PortCaller<CycleActivities> cycles;
  private Replica app;
  private Replica db;

  @BeforeEach
  final void openPort() {
    groups = new PortCaller<>(GroupActivities.class, registry.groups());
    cycles = new PortCaller<>(CycleActivities.class, registry.cycles());
    app = registry.protect("app-01", READY);
    db = registry.protect("db-01", READY);
  }

  @AfterEach
  final void closePort() {
    groups.close();
    cycles.close();
  }

  @Test
  void makesAGroupOfProtectedVmsOnce() {
    GroupDefined first = define("app-01", "db-01");
    GroupDefined second = groups.attempt(2).defineGroup(request("app-01", "db-01"));

    assertThat(first.mistakes()).isEmpty();
    assertThat(first.changed()).isTrue();
    assertThat(first.members())
        .containsExactly(new GroupMember(app.id(), "app-01"), new GroupMember(db.id(), "db-01"));
    assertThat(second)
        .isEqualTo(new GroupDefined(first.members(), List.of(), List.of(), false, Pace.DEFAULT, 2));
  }

  @Test
  void listsEveryMistakeAndChangesNothing() {
    define("app-01");
    groups.call().defineGroup(new DefineGroup("crm", List.of("db-01"), "dana"));

    GroupDefined defined = define("app-01", "db-01", "nobody");

    assertThat(defined.mistakes()).hasSize(2);
    assertThat(defined.mistakes()).anySatisfy(mistake -> assertThat(mistake).contains("crm"));
    assertThat(defined.mistakes()).anySatisfy(mistake -> assertThat(mistake).contains("nobody"));
    assertThat(begin().members()).extracting(GroupMember::vm).containsExactly("app-01");
  }

  @Test
  void namesWhoHasLeft() {
    define("app-01", "db-01");

    GroupDefined defined = define("app-01");

    assertThat(defined.left()).containsExactly(new GroupMember(db.id(), "db-01"));
    assertThat(cycles.call().beginCycle(new BeginCycle(db.id())).plan()).isNotNull();
  }

  @Test
  void endsAGroupOfNoVmsAndLeavesItsPartsToTheirReplicas() {
    define("app-01", "db-01");
    Part part = part(app, "rp-1", 1);
    complete(begin(), part, part(db, "rp-1", 1));

    assertThat(define().changed()).isTrue();

    assertFault(Fault.REFUSED, this::begin);
    assertThat(registry.restorePoints(app)).containsExactly(part.point());
    assertThat(cycles.call().beginCycle(new BeginCycle(app.id())).plan()).isNotNull();
  }

  @Test
  void countsTheCycleUpAndTellsTheMembers() {
    define("app-01", "db-01");

    GroupStart first = begin();
    GroupStart second = begin();

    assertThat(second.number()).isEqualTo(first.number() + 1);
    assertThat(second.members()).extracting(GroupMember::vm).containsExactly("app-01", "db-01");
    assertThat(second.interval()).isPositive();
  }

  @Test
  void isAsPatientAsTheSitesOfItsReplicas() {
    Pace pace = new Pace(Duration.ofSeconds(3), null, 8, null, null);
    registry.protecting().pair(List.of(), Placement.ANYWHERE, pace);

    assertThat(define("app-01", "db-01").pace()).isEqualTo(pace);
    assertThat(begin().pace()).isEqualTo(pace);
    assertThat(define().pace()).as("for who has left").isEqualTo(pace);
  }

  @Test
  void beginsNoCycleOfAGroupThatIsNotThere() {
    assertFault(Fault.REFUSED, this::begin);
  }

  @Test
  void recordsThePointWhenEveryMemberHasItsPart() {
    define("app-01", "db-01");
    Part first = part(app, "rp-1", 1);
    Part second = part(db, "rp-1", 2);
    GroupStart start = begin();

    GroupEnd end = complete(start, first, second);

    assertThat(end.reason()).isEmpty();
    assertThat(end.point()).isNotNull();
    assertThat(end.point().id()).isEqualTo("erp-%04d".formatted(start.number()));
    assertThat(end.point().takenAt()).isEqualTo(second.point().takenAt());
  }

  @Test
  void recordsNoneWithoutEveryPartAndSaysWhy() {
    define("app-01", "db-01");
    Part only = part(app, "rp-1", 1);

    GroupEnd told =
        groups
            .call()
            .completeGroupCycle(
                new CompleteGroupCycle(
                    "erp", begin().number(), List.of(only), List.of("'db-01': disk is full")));
    GroupEnd untold = complete(begin(), only);

    assertThat(told.point()).isNull();
    assertThat(told.reason()).isEqualTo("'db-01': disk is full");
    assertThat(untold.point()).isNull();
    assertThat(untold.reason()).contains("db-01");
  }

  @Test
  void recordsNoneOfAPartThatTheRegistryDoesNotHave() {
    define("app-01", "db-01");
    Part made = part(app, "rp-1", 1);

    GroupEnd end = complete(begin(), made, new Part(db.id(), point("rp-9", Duration.ZERO)));

    assertThat(end.point()).isNull();
    assertThat(end.reason()).contains("db-01");
  }

  @Test
  void answersTheSameWhenThePointIsRecordedAlready() {
    define("app-01", "db-01");
    Part first = part(app, "rp-1", 1);
    Part second = part(db, "rp-1", 1);
    GroupStart start = begin();
    GroupEnd end = complete(start, first, second);

    GroupEnd again =
        groups
            .attempt(2)
            .completeGroupCycle(
                new CompleteGroupCycle("erp", start.number(), List.of(), List.of("'x': lost")));

    assertThat(again).isEqualTo(new GroupEnd(end.point(), "", 2));
  }

  @Test
  void keepsThePartsOfItsPointsWhateverTheirReplicasPoliciesSay() {
    define("app-01", "db-01");
    registry.keep(app, 1);
    registry.keep(db, 5);
    Part first = part(app, "rp-1", 1);
    complete(begin(), first, part(db, "rp-1", 1));

    CycleEnd end = cycle(app, "rp-2", 2);

    assertThat(end.expired()).isEmpty();
    assertThat(registry.restorePoints(app)).contains(first.point());
  }

  @Test
  void letsAPointGoWithAllItsParts() {
    define("app-01", "db-01");
    registry.keep(app, 1);
    registry.keep(db, 1);
    Part old = part(app, "rp-1", 1);
    complete(begin(), old, part(db, "rp-1", 1));
    complete(begin(), part(app, "rp-2", 2), part(db, "rp-2", 2));

    assertThat(cycle(app, "rp-3", 3).expired()).extracting(RestorePoint::id).contains("rp-1");
    assertThat(cycle(db, "rp-3", 3).expired()).extracting(RestorePoint::id).contains("rp-1");
  }

  @Test
  void findsTheMembersAtTheirPartsOfTheGroupsNewestOrNamedPoint() {
    define("app-01", "db-01");
    GroupStart start = begin();
    Part old = part(app, "rp-1", 1);
    complete(start, old, part(db, "rp-1", 1));
    Part first = part(app, "rp-2", 2);
    Part second = part(db, "rp-2", 2);
    complete(begin(), first, second);
    var _ = part(app, "rp-3", 3);

    Resolution newest = failOver(ofGroup("erp", VmSelection.LATEST));
    Resolution named = failOver(ofGroup("erp", "erp-%04d".formatted(start.number())));

    assertThat(newest.mistakes()).isEmpty();
    assertThat(newest.warnings()).isEmpty();
    assertThat(newest.members())
        .extracting(Member::restorePoint)
        .containsExactly(first.point(), second.point());
    assertThat(named.members().getFirst().restorePoint()).isEqualTo(old.point());
  }

  @Test
  void namesAGroupOrAPointThatIsNotThere() {
    define("app-01", "db-01");

    assertThat(failOver(ofGroup("crm", VmSelection.LATEST)).mistakes())
        .singleElement()
        .asString()
        .contains("no group 'crm'");
    assertThat(failOver(ofGroup("erp", VmSelection.LATEST)).mistakes())
        .singleElement()
        .asString()
        .contains("group 'erp' has no restore point");
  }

  @Test
  void warnsOfAGroupThatGoesToDifferentMomentsOrIsNotWhole() {
    define("app-01", "db-01");
    complete(begin(), part(app, "rp-1", 1), part(db, "rp-1", 1));
    var _ = part(db, "rp-2", 2);

    Resolution mixed =
        failOver(new VmSelection("app-01", "rp-1"), new VmSelection("db-01", "rp-2"));
    Resolution half = failOver(new VmSelection("app-01", "rp-1"));
    Resolution whole =
        failOver(new VmSelection("app-01", "rp-1"), new VmSelection("db-01", "rp-1"));

    assertThat(mixed.mistakes()).isEmpty();
    assertThat(mixed.warnings())
        .singleElement()
        .asString()
        .contains("group 'erp'", "different moments");
    assertThat(half.mistakes()).isEmpty();
    assertThat(half.warnings()).singleElement().asString().contains("group 'erp'");
    assertThat(whole.warnings()).isEmpty();
  }

  private Resolution failOver(VmSelection... vms) {
    try (PortCaller<CatalogueActivities> catalogue =
        new PortCaller<>(CatalogueActivities.class, registry.catalogue())) {
      return catalogue
          .call()
          .resolve(new Resolve(Operation.PARTIAL_FAILOVER, "an-operation", List.of(vms)));
    }
  }

  private static VmSelection ofGroup(String group, String point) {
    return new VmSelection("", point, "", "", group);
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    define("app-01", "db-01");
    registry.breakRegistry();

    List<ThrowingCallable> calls = List.of(() -> define("app-01"), this::begin);

    for (ThrowingCallable call : calls) {
      assertFault(Fault.REGISTRY_UNAVAILABLE, call);
    }
  }

  private static DefineGroup request(String... vms) {
    return new DefineGroup("erp", List.of(vms), "dana");
  }

  private GroupDefined define(String... vms) {
    return groups.call().defineGroup(request(vms));
  }

  private GroupStart begin() {
    return groups.call().beginGroupCycle(new BeginGroupCycle("erp"));
  }

  private GroupEnd complete(GroupStart start, Part... parts) {
    return groups
        .call()
        .completeGroupCycle(
            new CompleteGroupCycle("erp", start.number(), Stream.of(parts).toList(), List.of()));
  }

  private Part part(Replica replica, String id, int minute) {
    cycle(replica, id, minute);
    return new Part(replica.id(), point(id, Duration.ofMinutes(minute)));
  }

  private CycleEnd cycle(Replica replica, String id, int minute) {
    CyclePlan plan = cycles.call().beginCycle(new BeginCycle(replica.id(), "erp")).plan();
    assertThat(plan).isNotNull();
    return cycles
        .call()
        .completeCycle(
            new CompleteCycle(
                replica.id(),
                plan.number(),
                plan.fence(),
                point(id, Duration.ofMinutes(minute)),
                Map.of("disk-1", "change-" + id),
                4096,
                Duration.ofSeconds(2)));
  }
}
