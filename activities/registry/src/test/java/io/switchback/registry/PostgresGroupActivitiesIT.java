package io.switchback.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.DiskPair;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.model.SiteKind;
import io.switchback.model.SiteSettings;
import io.switchback.model.VCenterAccess;
import io.switchback.model.VmRef;
import io.switchback.port.GroupActivities.BeginGroupCycle;
import io.switchback.port.GroupActivities.DefineGroup;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresGroupActivitiesIT {
  @Test
  void isAsPatientAsTheMostPatientSiteThatItsMembersGoTo() {
    try (TestRegistry registry = new TestRegistry()) {
      Pace slow = new Pace(Duration.ofSeconds(40), null, 2, null, null);
      Pace stubborn = new Pace(Duration.ofSeconds(2), null, 9, null, null);
      registry.protection.site("dr", slow, 3);
      registry.protection.site("branch", stubborn, 3);
      var _ = registry.seeding("app");
      var _ = protectAt("branch", registry, "db");
      PostgresGroupActivities groups = new PostgresGroupActivities(registry.database, () -> 1);
      Pace both = new Pace(Duration.ofSeconds(40), null, 9, null, null);

      assertThat(groups.defineGroup(define("app", "db")).pace()).isEqualTo(both);
      assertThat(groups.beginGroupCycle(new BeginGroupCycle("erp")).pace()).isEqualTo(both);
      assertThat(groups.defineGroup(define("app")).pace()).as("who leaves").isEqualTo(both);
      assertThat(groups.beginGroupCycle(new BeginGroupCycle("erp")).pace()).isEqualTo(slow);
    }
  }

  @Test
  void refusesAGroupOnAPlatformThatCannotSnapshotItAtOneMoment() {
    try (TestRegistry registry = new TestRegistry()) {
      var _ = registry.seeding("app");
      PostgresGroupActivities groups = new PostgresGroupActivities(registry.database, () -> 1);
      assertThat(groups.defineGroup(define("app")).mistakes()).isEmpty();
      new Sites(registry.database)
          .write(
              List.of(
                  SiteSettings.named("prod")
                      .kind(SiteKind.VSPHERE)
                      .address("https://vc.example")
                      .vcenter(VCenterAccess.of("svc@vsphere.local", ""))
                      .build()),
              List.of());

      assertThat(groups.defineGroup(define("app")).mistakes())
          .containsExactly(
              "site 'prod' is on vSphere, which cannot snapshot several VMs at one moment");
    }
  }

  private static DefineGroup define(String... vms) {
    return new DefineGroup("erp", List.of(vms), "dana");
  }

  private static Replica protectAt(String site, TestRegistry registry, String name) {
    return registry.protection.protect(
        new VmRef("prod", "vm-" + name, name),
        new VmRef(site, "replica-" + name, name + "-replica"),
        List.of(new DiskPair(name + "-disk-0", name + "-replica-disk-0", 1 << 20)),
        registry.policy);
  }
}
