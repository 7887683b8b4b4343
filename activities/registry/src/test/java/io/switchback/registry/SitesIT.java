package io.switchback.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Connectivity;
import io.switchback.model.CredentialReference;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.ProtectionRule;
import io.switchback.model.Replica;
import io.switchback.model.RoomSettings;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteKind;
import io.switchback.model.SiteNetworks;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.model.VCenterAccess;
import io.switchback.model.VmFilter;
import io.switchback.model.VmRef;
import io.switchback.port.AdmissionActivities.Admit;
import io.switchback.port.AdmissionActivities.Cap;
import io.switchback.port.AdmissionActivities.Dismiss;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.ProtectionActivities.EndReservation;
import io.switchback.port.ProtectionActivities.ReserveReplica;
import io.switchback.port.ProtectionPlanActivities.DescribePair;
import io.switchback.port.ProtectionRuleActivities.RemoveRule;
import io.switchback.port.ProtectionRuleActivities.WriteRule;
import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.SiteSettingsActivities.ReadSites;
import io.switchback.port.WatchActivities.MeasureWrites;
import io.switchback.port.WatchActivities.RecordRoom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataIntegrityViolationException;

class SitesIT {
  private static final SiteSettings POTSDAM =
      SiteSettings.named("potsdam")
          .address("http://127.0.0.1:7302")
          .credential(CredentialReference.parse("file:/etc/switchback/potsdam.token"))
          .placement(new Placement("esx-1", "fast", "replicas"))
          .caps(
              new SiteCaps(
                  6,
                  Map.of("esx-1", 2),
                  Map.of("fast", 1, "slow", 3),
                  4,
                  Map.of("esx-2", 3),
                  Map.of("fast", 2)))
          .pace(new Pace(Duration.ofSeconds(3), null, 2, null, null))
          .appliance("gateway")
          .room(new RoomSettings(Duration.ofDays(2), Duration.ofHours(2), Duration.ofSeconds(20)))
          .build();
  private static final SiteSettings BERLIN =
      SiteSettings.named("berlin")
          .kind(SiteKind.VSPHERE)
          .address("https://vc.berlin.example")
          .vcenter(new VCenterAccess("svc@vsphere.local", "file:/etc/ca.pem", 32, 4))
          .build();
  private static final List<NetworkMapping> NETWORKS =
      List.of(
          new NetworkMapping("lan", "lan-dr", "bubble"), new NetworkMapping("tenant", "t2", null));

  private final TestRegistry registry = new TestRegistry();
  private final Sites sites = new Sites(registry.database);

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void readsASiteAsItWasWritten() {
    sites.write(List.of(BERLIN, POTSDAM), List.of());

    assertThat(sites.find("potsdam")).contains(POTSDAM);
    assertThat(sites.find("berlin")).contains(BERLIN);
    assertThat(sites.find("bonn")).isEmpty();
    assertThat(sites.all()).contains(POTSDAM, BERLIN);
    assertThat(sites.placement("potsdam")).isEqualTo(POTSDAM.placement());
    assertThat(sites.placement("bonn")).isEqualTo(Placement.ANYWHERE);
  }

  @Test
  void readsTheNetworksOfAPairInOneDirectionOnly() {
    SitePair pair = new SitePair("berlin", "potsdam", NETWORKS);
    sites.write(List.of(BERLIN, POTSDAM), List.of(pair));

    assertThat(sites.pairs()).containsExactly(pair);
    assertThat(sites.networks("berlin", "potsdam")).isEqualTo(NETWORKS);
    assertThat(sites.networks("potsdam", "berlin")).isEmpty();
  }

  @Test
  void replacesWhatIsNamedAndKeepsTheRest() {
    SitePair back = new SitePair("potsdam", "berlin", NETWORKS);
    sites.write(
        List.of(BERLIN, POTSDAM), List.of(new SitePair("berlin", "potsdam", NETWORKS), back));
    SitePair changed =
        new SitePair("berlin", "potsdam", List.of(new NetworkMapping("lan", "other", null)));
    SiteSettings plain = SiteSettings.of("potsdam");

    sites.write(List.of(plain), List.of(changed));

    assertThat(sites.find("potsdam")).as("also the caps that are gone").contains(plain);
    assertThat(sites.pairs()).containsExactly(changed, back);
  }

  @Test
  void writesNothingWhenAPairNamesAnUnknownSite() {
    SitePair pair = new SitePair("bonn", "cologne", List.of());

    assertThatThrownBy(() -> sites.write(List.of(POTSDAM), List.of(pair)))
        .isInstanceOfSatisfying(
            FaultException.class,
            fault -> {
              assertThat(fault.fault()).isEqualTo(Fault.INVALID_INPUT);
              assertThat(fault.sentence()).contains("'bonn'", "'cologne'");
            });
    assertThat(sites.find("potsdam")).isEmpty();
  }

  @Test
  void refusesAPairThatNamesANetworkWhichItsSiteIsSaidNotToHave() {
    SitePair pair = new SitePair("berlin", "potsdam", NETWORKS);

    assertThatThrownBy(
            () -> sites.write(List.of(BERLIN, potsdam("lan-dr", "dmz-dr")), List.of(pair)))
        .isInstanceOfSatisfying(
            FaultException.class,
            fault -> {
              assertThat(fault.fault()).isEqualTo(Fault.INVALID_INPUT);
              assertThat(fault.sentence())
                  .contains("network 'tenant' 't2'", "are dmz-dr, lan-dr")
                  .doesNotContain("'lan'");
            });
    assertThat(sites.find("potsdam")).isEmpty();

    sites.write(List.of(BERLIN, potsdam("lan-dr", "t2")), List.of(pair));
    assertThatThrownBy(() -> sites.write(List.of(potsdam("lan-dr")), List.of()))
        .as("said later")
        .hasMessageContaining("'t2'");
    assertThat(sites.find("potsdam")).contains(potsdam("lan-dr", "t2"));
  }

  @Test
  void refusesTwoSitesWithOneApplianceForTheirGateway() {
    sites.write(List.of(gateway("potsdam", "10.9.0.5"), gateway("bonn", "10.9.0.6")), List.of());

    assertThatThrownBy(() -> sites.write(List.of(gateway("bonn", "10.9.0.5")), List.of()))
        .isInstanceOfSatisfying(
            FaultException.class,
            fault -> {
              assertThat(fault.fault()).isEqualTo(Fault.INVALID_INPUT);
              assertThat(fault.sentence()).contains("sites 'bonn', 'potsdam'", "10.9.0.5:22");
            });
    assertThat(sites.find("bonn")).contains(gateway("bonn", "10.9.0.6"));
  }

  @Test
  void protectsOnVsphere() {
    sites.write(List.of(BERLIN, POTSDAM), List.of());

    assertThat(
            new PostgresProtectionPlanActivities(registry.database)
                .describePair(new DescribePair("berlin", "potsdam", null))
                .mistakes())
        .isEmpty();
  }

  private static SiteSettings gateway(String name, String host) {
    return POTSDAM
        .change()
        .name(name)
        .tunnels(
            new SiteAppliance(
                host,
                22,
                "root",
                "SHA256:abc",
                CredentialReference.parse("file:/etc/switchback/appliance.key"),
                false,
                "/etc/switchback/acme",
                "acme"))
        .networks(SiteNetworks.NOT_SAID)
        .fullSite(new FullSiteSettings("eth0", "203.0.113.1", Map.of(), List.of()))
        .build();
  }

  private static SiteSettings potsdam(String... networks) {
    return POTSDAM
        .change()
        .networks(new SiteNetworks(Connectivity.IPSEC, List.of(networks)))
        .build();
  }

  @Test
  void keepsLeasesOfACapThatChangesAndDropsThoseOfOneThatGoes() {
    sites.write(List.of(POTSDAM), List.of());
    registry.admission.admit(new Admit("potsdam", Cap.STARTING, "one", Duration.ofMinutes(1)));

    sites.write(List.of(SiteSettings.of("potsdam")), List.of());

    assertThat(registry.text("select count(*)::text from admission_lease")).isEqualTo("1");
    assertThat(registry.text("select count(*)::text from site_cap where site = 'potsdam'"))
        .isEqualTo("2");
  }

  @Test
  void addsWhatIsUnknownAndKeepsWhatOperatorsSaid() {
    sites.write(List.of(POTSDAM), List.of());

    sites.addUnknown(List.of(BERLIN, SiteSettings.of("potsdam")));

    assertThat(sites.find("potsdam")).contains(POTSDAM);
    assertThat(sites.find("berlin")).contains(BERLIN);
  }

  @Test
  void answersTheSameThroughThePort() {
    SitePair pair = new SitePair("berlin", "potsdam", NETWORKS);
    sites.write(List.of(BERLIN, POTSDAM), List.of(pair));

    var known = new PostgresSiteSettingsActivities(registry.database).readSites(new ReadSites());

    assertThat(known.sites()).contains(BERLIN, POTSDAM);
    assertThat(known.pairs()).containsExactly(pair);
  }

  @Test
  void removesASiteThatNobodyUsesWithAllThatWasSaidOfIt() {
    sites.write(List.of(BERLIN, POTSDAM), List.of(new SitePair("berlin", "potsdam", NETWORKS)));

    assertThat(sites.remove("potsdam")).isTrue();
    assertThat(sites.remove("potsdam")).isFalse();

    assertThat(sites.find("potsdam")).isEmpty();
    assertThat(sites.pairs()).isEmpty();
    assertThat(sites.find("berlin")).isPresent();
  }

  @Test
  void refusesToRemoveASiteThatProtectsOrIsProtected() {
    registry.seeding("web-01");

    for (String used : List.of("prod", "dr")) {
      assertThatThrownBy(() -> sites.remove(used))
          .isInstanceOfSatisfying(
              FaultException.class,
              fault -> {
                assertThat(fault.fault()).isEqualTo(Fault.REFUSED);
                assertThat(fault.sentence()).contains("web-01");
              });
      assertThat(sites.find(used)).isPresent();
    }
  }

  @Test
  void refusesToRemoveASiteFromOrToWhichAVmIsBeingProtected() {
    var protection = new PostgresProtectionActivities(registry.database, TestRegistry.FIRST);
    String operation = TestRegistry.operationId();
    VmRef vm = new VmRef("prod", "vm-9", "web-09");
    var held =
        protection.reserveReplica(
            new ReserveReplica(
                operation, "web-09.1", vm, "dr", "protect/prod/vm-9", "run-1", "ada"));

    assertUsed("prod", "vm-9 by run 'protect/prod/vm-9', started by ada");
    assertUsed("dr", "vm-9 by run 'protect/prod/vm-9', started by ada");

    protection.endReservation(
        new EndReservation(TestRegistry.mandate(held.fence(), operation, 1), "web-09.1"));
    assertThat(sites.remove("prod")).isTrue();
  }

  @Test
  void refusesToRemoveASiteWhoseVmsARuleProtects() {
    var rules = new PostgresProtectionRuleActivities(registry.database, TestRegistry.FIRST);
    ProtectionRule rule =
        new ProtectionRule(
            "prod",
            "dr",
            VmFilter.tag("gold"),
            "default",
            List.of(),
            Placement.ANYWHERE,
            Duration.ofMinutes(1));
    rules.writeRule(new WriteRule(rule, TestRegistry.policy(3), "ada"));

    assertUsed("prod", "tag 'gold' at site 'prod'");
    assertUsed("dr", "tag 'gold' at site 'prod'");

    rules.removeRule(new RemoveRule(rule.id()));
    assertThat(sites.remove("dr")).isTrue();
  }

  @Test
  void namesEverythingThatRefersToASiteAtOnce() {
    registry.in(ReplicaState.PERMANENT, "web-01");
    registry.seeding("db-01");
    registry.sql(
        """
        insert into reservation (production_site, production_vm, replica_id, recovery_site,
                                 operation_id, workflow_id, run_id, asked_by, generation, epoch)
        values ('branch', 'vm-7', 'app.7', 'dr', 'o', 'protect/branch/vm-7', 'r', 'ada', 1, 99)
        """);

    assertUsed(
        "dr",
        "2 VMs are protected from or to it: db-01, web-01 (its replica is production now)",
        "unprotect them first",
        "vm-7 by run 'protect/branch/vm-7'");
  }

  @Test
  void forgetsWithASiteWhichOfItsVmsWereTakenOut() {
    registry.sql(
        "insert into excluded_vm (site, vm, name, asked_by, reason) values ('prod', 'vm-1', 'web', 'ada', 'gone')");

    assertThat(sites.remove("prod")).isTrue();

    assertThat(registry.text("select count(*)::text from excluded_vm")).isEqualTo("0");
  }

  private void assertUsed(String site, String... naming) {
    assertThatThrownBy(() -> sites.remove(site))
        .isInstanceOfSatisfying(
            FaultException.class,
            fault -> {
              assertThat(fault.fault()).isEqualTo(Fault.REFUSED);
              assertThat(fault.sentence()).contains(naming);
            });
    assertThat(sites.find(site)).isPresent();
  }

  @Test
  void fewerStartOnAHostOrADatastoreThanAtTheSite() {
    sites.write(
        List.of(
            SiteSettings.named("dr")
                .placement(new Placement("esx-1", "fast", ""))
                .caps(new SiteCaps(10, Map.of("esx-1", 2, "esx-2", 1), Map.of("fast", 1)))
                .build()),
        List.of());
    String first = claimed("web-01");
    String second = claimed("web-02");

    registry.admission.admit(new Admit("dr", Cap.STARTING, first, Duration.ofMinutes(1)));
    assertThatThrownBy(
            () ->
                registry.admission.admit(
                    new Admit("dr", Cap.STARTING, second, Duration.ofMinutes(1))))
        .hasMessageContaining("datastore fast: 1 of at most 1 are starting already");

    registry.sql("update replica set placement = '{\"datastore\":\"slow\"}'");
    registry.admission.admit(new Admit("dr", Cap.STARTING, second, Duration.ofMinutes(1)));
    String third = claimed("web-03");
    registry.sql("update replica set placement = '{\"datastore\":\"slow\"}'");
    assertThatThrownBy(
            () ->
                registry.admission.admit(
                    new Admit("dr", Cap.STARTING, third, Duration.ofMinutes(1))))
        .hasMessageContaining("host esx-1: 2 of at most 2");

    registry.admission.dismiss(new Dismiss("dr", Cap.STARTING, first));
    assertThat(
            registry
                .admission
                .admit(new Admit("dr", Cap.STARTING, third, Duration.ofMinutes(1)))
                .changed())
        .isTrue();
  }

  @Test
  void fewerAreSentToOnADatastoreThanAtTheSiteAndWhoWaitsIsShown() {
    sites.write(
        List.of(
            SiteSettings.named("dr")
                .placement(new Placement("", "fast", ""))
                .caps(new SiteCaps(10, Map.of(), Map.of(), 2, Map.of(), Map.of("fast", 1)))
                .build()),
        List.of());
    Admit first = sending(registry.ready("web-01").id());
    Admit second = sending(registry.ready("web-02").id());
    registry.admission.admit(first);

    for (int asked = 0; asked < 2; asked++) {
      assertThatThrownBy(() -> registry.admission.admit(second))
          .hasMessageContaining("datastore fast: 1 of at most 1 are being sent to already");
    }

    EstateView waiting = new Estate(registry.database).read(1);
    assertThat(waiting.replicas().getLast().transferWait())
        .isNotNull()
        .satisfies(wait -> assertThat(wait.reason()).startsWith("datastore fast: 1 of at most 1"));
    assertThat(waiting.replicas().getFirst().transferWait()).isNull();
    assertThat(waiting.sites())
        .filteredOn(site -> site.name().equals("dr"))
        .singleElement()
        .satisfies(site -> assertThat(site.transferring()).isEqualTo(1))
        .satisfies(site -> assertThat(site.transferringAtMost()).isEqualTo(2));

    registry.sql("update admission_wait set asked_at = asked_at - interval '2 minutes'");
    assertThat(new Estate(registry.database).read(1).replicas().getLast().transferWait())
        .as("it has given up")
        .isNull();
    registry.admission.dismiss(new Dismiss("dr", Cap.TRANSFERRING, first.holder()));
    assertThat(registry.admission.admit(second).changed()).isTrue();
    assertThat(registry.text("select count(*)::text from admission_wait")).isEqualTo("0");
  }

  @Test
  void theSiteSaysWhenPeopleAreToldOfItsRoomAndHowOftenWhatServesIsLookedAt() {
    Replica replica = registry.ready("web-01");
    assertThat(registry.cycles.beginCycle(new BeginCycle(replica.id())).lookEvery())
        .isEqualTo(Duration.ofMinutes(1));
    sites.write(
        List.of(
            SiteSettings.named("dr")
                .room(
                    new RoomSettings(
                        Duration.ofHours(6), Duration.ofMinutes(10), Duration.ofSeconds(20)))
                .build()),
        List.of());
    PostgresWatchActivities watch = new PostgresWatchActivities(registry.database, () -> 1);

    assertThat(registry.cycles.beginCycle(new BeginCycle(replica.id())).lookEvery())
        .isEqualTo(Duration.ofSeconds(20));
    assertThat(watch.measureWrites(new MeasureWrites(List.of(replica.id()))).enoughFor())
        .isEqualTo(Duration.ofHours(6));
    // 10 GiB go each hour.
    List<Integer> told = new ArrayList<>();
    for (long left : List.of(100, 90, 80, 50, 10, 1)) {
      Instant at = TestRegistry.NOON.plus(Duration.ofMinutes(6 * (100 - left)));
      Room room =
          new Room(
              "dr",
              List.of(),
              List.of(new DatastoreRoom("fast", 200L << 30, left << 30)),
              null,
              at);
      told.add(watch.recordRoom(new RecordRoom("left-" + left, room)).urgent().size());
    }
    assertThat(told).as("with 100, 90, 80, 50, 10, 1 GiB left").containsExactly(0, 0, 0, 1, 0, 1);
  }

  private static Admit sending(String replicaId) {
    return new Admit("dr", Cap.TRANSFERRING, replicaId, Duration.ofMinutes(1));
  }

  private String claimed(String vm) {
    String operation = TestRegistry.operationId();
    var _ = registry.failover(registry.ready(vm), operation);
    return operation;
  }

  @Test
  void theDatabaseItselfRefusesWhatMustNeverBe() {
    sites.write(List.of(BERLIN, POTSDAM), List.of(new SitePair("berlin", "potsdam", List.of())));

    for (String never :
        List.of(
            "update site set credential = 'hunter2' where name = 'berlin'",
            "update site set kind = 'abacus' where name = 'berlin'",
            "insert into site_pair values ('berlin', 'berlin')",
            "insert into site_pair values ('berlin', 'bonn')",
            "insert into site_network values ('potsdam', 'berlin', 'lan', 'lan')",
            "insert into site_network values ('berlin', 'potsdam', 'lan', 'lan', 'lan')",
            "insert into site_cap values ('berlin', 'STARTING', 0, 'esx-1')")) {
      assertThatThrownBy(() -> registry.sql(never))
          .as(never)
          .isInstanceOf(DataIntegrityViolationException.class);
    }
  }
}
