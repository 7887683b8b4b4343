package io.switchback.registry;

import static io.switchback.registry.TestRegistry.NOON;
import static io.switchback.registry.TestRegistry.operationId;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.HttpCheck;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresCatalogueActivitiesIT {
  private static TestRegistry registry;
  private static Replica web;
  private static Replica held;

  @BeforeAll
  static void fill() {
    registry = new TestRegistry();
    web = registry.seeding("web-01");
    for (int cycle = 0; cycle < 4; cycle++) {
      registry.cycle(web, NOON.plus(Duration.ofMinutes(cycle)));
    }
    registry.ready("db-01");
    registry.in(ReplicaState.FAILOVER, "mail-01");
    registry.seeding("new-01");
    held = registry.ready("held-01");
    registry.failover(held, "holder");
    registry.ready("twin");
    registry.seeding("branch", "twin");
  }

  @AfterAll
  static void close() {
    registry.close();
  }

  @Test
  void answersTheReplicaItsStateAndItsNewestPoint() {
    Resolution resolution = resolve("web-01");

    assertThat(resolution.mistakes()).isEmpty();
    Member member = resolution.members().getFirst();
    assertThat(member.replica()).isEqualTo(web);
    assertThat(member.state()).isEqualTo(ReplicaState.READY);
    assertThat(member.restorePoint()).isEqualTo(member.newest());
    assertThat(member.newest().id()).isEqualTo(web.id() + "-0004");
    assertThat(resolution.pace()).isEqualTo(Pace.DEFAULT);
  }

  @Test
  void findsARestorePointByItsId() {
    assertThat(chosen(web.id() + "-0003")).isEqualTo(web.id() + "-0003");
  }

  @Test
  void findsTheNewestPointNotLaterThanATime() {
    assertThat(chosen("2026-03-01T12:02:30Z")).isEqualTo(web.id() + "-0003");
    assertThat(chosen("2026-03-01T12:02:00Z")).isEqualTo(web.id() + "-0003");
    assertThat(chosen("2026-03-01T13:02:00+01:00")).isEqualTo(web.id() + "-0003");
  }

  @Test
  void doesNotOfferAPointThatRetentionHasLetGo() {
    assertThat(mistakes(new VmSelection("web-01", web.id() + "-0001"))).hasSize(1);
  }

  @Test
  void namesTheNearestNamesOfAnUnknownVm() {
    assertThat(mistakes(latest("wbe-01")))
        .containsExactly("VM 'wbe-01' is not protected; did you mean 'web-01', 'db-01'?");
  }

  @Test
  void refusesAVmThatIsNamedTwiceInWhateverWay() {
    assertThat(mistakes(latest("web-01"), latest("prod/web-01"), latest("db-01")))
        .containsExactly("VM 'web-01' is named twice");
  }

  @Test
  void listsTheSitesOfANameThatTwoSitesUse() {
    assertThat(mistakes(latest("twin")))
        .containsExactly(
            "VM 'twin' is protected at more than one site; say which: branch/twin, prod/twin");
    assertThat(mistakes(latest("prod/twin"))).isEmpty();
  }

  @Test
  void listsTheNewestPointsWhenThereIsNoneOfThatId() {
    assertThat(mistakes(new VmSelection("web-01", "web-01-9999")))
        .singleElement()
        .asString()
        .contains("no restore point 'web-01-9999'", web.id() + "-0004", web.id() + "-0002");
  }

  @Test
  void saysTheOldestPointWhenTheTimeIsBeforeIt() {
    assertThat(mistakes(new VmSelection("web-01", "2026-03-01T11:00:00Z")))
        .singleElement()
        .asString()
        .contains("2026-03-01T11:00:00Z", "the oldest is " + web.id() + "-0002");
  }

  @Test
  void saysTheThreeFormsWhenARestorePointIsNeitherIdNorTime() {
    for (String unparsable : List.of("2026-03-01", "2026-03-01T12:00:00", "yesterday noon", " ")) {
      assertThat(mistakes(new VmSelection("web-01", unparsable)))
          .singleElement()
          .asString()
          .contains("neither an id nor a time", "'latest'", "ISO 8601");
    }
  }

  @Test
  void saysTheStateThatForbidsTheOperation() {
    assertThat(mistakes(latest("mail-01")))
        .singleElement()
        .asString()
        .contains("'mail-01' is FAILOVER", "undo failover");
    assertThat(mistakes(latest("new-01")))
        .singleElement()
        .asString()
        .contains("'new-01' is SEEDING");
  }

  @Test
  void saysWhoHoldsAReplicaUnlessItIsTheOneWhoAsks() {
    assertThat(mistakes(latest("held-01")))
        .singleElement()
        .asString()
        .contains("'fail over'", "replica/" + held.id(), "ada");
    assertThat(
            registry
                .catalogue
                .resolve(
                    new Resolve(Operation.PARTIAL_FAILOVER, "holder", List.of(latest("held-01"))))
                .mistakes())
        .isEmpty();
  }

  @Test
  void listsEveryMistakeAndAnswersOnlyTheMembersWithoutAny() {
    Resolution resolution =
        registry.catalogue.resolve(
            new Resolve(
                Operation.PARTIAL_FAILOVER,
                operationId(),
                List.of(
                    latest("nobody-here"),
                    latest("mail-01"),
                    new VmSelection("web-01", "web-01-9999"),
                    latest("db-01"),
                    latest("held-01"))));

    assertThat(resolution.mistakes()).hasSize(4);
    assertThat(resolution.members())
        .extracting(member -> member.replica().name())
        .containsExactly("db-01");
  }

  @Test
  void choosesNoRestorePointForAnOperationThatHasNoUseForOne() {
    Resolution undo =
        registry.catalogue.resolve(
            new Resolve(Operation.UNDO_FAILOVER, operationId(), List.of(latest("mail-01"))));
    assertThat(undo.mistakes()).isEmpty();
    assertThat(undo.members().getFirst().restorePoint()).isNull();
    assertThat(undo.members().getFirst().newest()).isNotNull();

    assertThat(
            registry
                .catalogue
                .resolve(
                    new Resolve(
                        Operation.UNDO_FAILOVER,
                        operationId(),
                        List.of(new VmSelection("mail-01", "2026-03-01T12:00:00Z"))))
                .mistakes())
        .singleElement()
        .asString()
        .contains("no restore point can be chosen for undo failover");
  }

  @Test
  void refusesToWorkOnNothing() {
    assertThat(mistakes()).hasSize(1);
  }

  @Test
  void carriesTheChecksOfThePolicyAndThePaceOfTheSite() {
    try (TestRegistry other = new TestRegistry()) {
      HttpCheck check = new HttpCheck("http://{address}/", 200, Duration.ofSeconds(20));
      Pace pace =
          new Pace(
              Duration.ofSeconds(2),
              Duration.ofMinutes(1),
              7,
              Duration.ofMillis(250),
              Duration.ofSeconds(30));
      other.protection.site("dr", pace, 2);
      other.policy = Policy.every("default", Duration.ofSeconds(5)).checkedBy(check);
      other.ready("web");

      Resolution resolution =
          other.catalogue.resolve(
              new Resolve(Operation.PARTIAL_FAILOVER, operationId(), List.of(latest("web"))));

      assertThat(resolution.members().getFirst().checks()).containsExactly(check);
      assertThat(resolution.pace()).isEqualTo(pace);
    }
  }

  @Test
  void keepsTheNewestAnswerOfAWorkerOnAQueue() {
    assertThat(greet("b2", NOON.plusSeconds(1))).isTrue();
    assertThat(greet("b2", NOON.plusSeconds(1))).isFalse();
    assertThat(greet("b1", NOON)).isFalse();
    assertThat(greet("b3", NOON.plusSeconds(2))).isTrue();

    assertThat(registry.text("select string_agg(build, ',') from greeting")).isEqualTo("b3");
  }

  @Test
  void writesAnAuditEntryOnce() {
    AuditEntry entry = entry("powerOn", 3, 1);
    assertThat(audit(entry)).isTrue();
    assertThat(audit(entry)).isFalse();
    assertThat(audit(entry, entry("powerOn", 3, 2))).isTrue();

    assertThat(registry.text("select count(*)::text from audit")).isEqualTo("2");
  }

  private static boolean greet(String build, Instant at) {
    return registry
        .catalogue
        .recordGreetings(
            new RecordGreetings(
                List.of(new Greeting("dr", "site.dr", "w1", build, null, 1, 0, at))))
        .changed();
  }

  private static AuditEntry entry(String step, long number, int attempt) {
    return new AuditEntry(
        "op", Operation.PARTIAL_FAILOVER, "r", step, number, attempt, "DONE", "ada", "", NOON);
  }

  private static boolean audit(AuditEntry... entries) {
    return registry.catalogue.recordAudit(new RecordAudit(List.of(entries))).changed();
  }

  private static String chosen(String restorePoint) {
    Resolution resolution =
        registry.catalogue.resolve(
            new Resolve(
                Operation.PARTIAL_FAILOVER,
                operationId(),
                List.of(new VmSelection("web-01", restorePoint))));
    assertThat(resolution.mistakes()).isEmpty();
    return resolution.members().getFirst().restorePoint().id();
  }

  private static Resolution resolve(String... names) {
    return registry.catalogue.resolve(
        new Resolve(
            Operation.PARTIAL_FAILOVER,
            operationId(),
            Stream.of(names).map(PostgresCatalogueActivitiesIT::latest).toList()));
  }

  private static List<String> mistakes(VmSelection... vms) {
    return registry
        .catalogue
        .resolve(new Resolve(Operation.PARTIAL_FAILOVER, operationId(), List.of(vms)))
        .mistakes();
  }

  private static VmSelection latest(String name) {
    return new VmSelection(name, VmSelection.LATEST);
  }
}
