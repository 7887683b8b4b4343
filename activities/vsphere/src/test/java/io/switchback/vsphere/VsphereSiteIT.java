package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.switchback.model.Placement;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import io.switchback.model.SiteKind;
import io.switchback.model.SiteSettings;
import io.switchback.model.SiteVm;
import io.switchback.model.SiteVm.Tracking;
import io.switchback.model.VCenterAccess;
import io.switchback.model.VmRef;
import io.switchback.port.SiteActivities;
import io.switchback.port.SiteActivities.CheckSite;
import io.switchback.port.SiteActivities.Checked;
import io.switchback.port.SiteActivities.Greeting;
import io.switchback.port.SiteActivities.Hello;
import io.switchback.vsphere.soap.SoapServer;
import io.temporal.testing.TestActivityEnvironment;
import java.rmi.RemoteException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a worker tells of a real API, held against an independent client. */
@ApiTier
class VsphereSiteIT {
  private static VcsimEstate estate;
  private static Vcsim berlin;
  private static Judge judge;

  private final TestActivityEnvironment activities = TestActivityEnvironment.newInstance();
  private final Front front = Front.before(berlin);
  private Login login = berlin.login();
  private VCenters vcenters;
  private Appliances appliances;
  private Supplier<Instant> clock = Instant::now;

  @BeforeAll
  static void start() {
    estate = new VcsimEstate("-disks", "2", "-tools");
    berlin = estate.vcsim();
    judge = estate.judge();
  }

  @AfterAll
  static void stop() {
    estate.close();
  }

  @BeforeEach
  void serve() {
    vcenters =
        new VCenters(
            Map.of(
                "berlin",
                new VCenter(
                    VCenterSettings.of("berlin", front.settings().endpoint(), () -> login))));
    judge.setExtraConfig("vm-0", "disk.EnableUUID", "TRUE");
    appliances = new Appliances(vcenters, Map.of("berlin", TransferAppliance.of("vm-0")));
    activities.registerActivitiesImplementations(worker(appliances));
  }

  private VsphereSiteActivities worker(Appliances on) {
    return new VsphereSiteActivities(
        vcenters,
        on,
        "worker-1",
        "build-1",
        site -> List.of(),
        site -> Optional.of("10.1.0.5:7500"),
        () -> clock.get());
  }

  @AfterEach
  void end() {
    activities.close();
    appliances.close();
    vcenters.close();
    front.close();
  }

  @Test
  void greetsWithTheHighestFenceOfItsVms() {
    judge.setExtraConfig("vm-0", Fences.KEY, "3.7.1.1");
    judge.setExtraConfig("vm-1", Fences.KEY, "2.90.1.1");

    Greeting greeting = sites().hello(new Hello("berlin"));

    assertThat(greeting.highestGeneration()).isEqualTo(3);
    assertThat(greeting.highestEpoch()).isEqualTo(7);
    assertThat(greeting.worker()).isEqualTo("worker-1");
    assertThat(greeting.dataAddress()).isEqualTo("10.1.0.5:7500");
    assertThat(greeting.platform()).isEqualTo(Vcsim.instanceUuid("berlin"));
    assertThat(greeting.at()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
  }

  @Test
  void tellsWhatThereIsAndLeavesNoSession() {
    Checked checked = sites().checkSite(new CheckSite(settings().build(), true, List.of()));

    assertThat(checked.findings()).isEmpty();
    assertThat(checked.facts())
        .extracting(fact -> fact.what())
        .containsExactly(
            "version",
            "vCenter",
            "hosts",
            "datastores",
            "networks",
            "VMs",
            "change tracking",
            "transfer appliance");
    assertThat(fact(checked, "vCenter")).isEqualTo(Vcsim.instanceUuid("berlin"));
    assertThat(fact(checked, "networks"))
        .contains(judge.networks().stream().map(Judge.Network::name).toArray(String[]::new));
    assertThat(fact(checked, "VMs")).isEqualTo(Integer.toString(judge.vms().size()));
    assertThat(fact(checked, "transfer appliance")).startsWith("vm-0: disk.EnableUUID TRUE, ");
    assertThat(judge.sessions()).isEmpty();
  }

  @Test
  void warnsThatAWorkerOnNoApplianceMovesNoDisks() {
    try (Appliances none = new Appliances(vcenters, Map.of())) {
      Checked own = worker(none).checkSite(new CheckSite(settings().build(), true, List.of()));
      Checked ofAnotherSite =
          worker(none).checkSite(new CheckSite(settings().build(), false, List.of()));

      assertThat(own.findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.kind()).isEqualTo(Kind.NO_TRANSFER_APPLIANCE);
                assertThat(finding.sentence()).contains("'worker-1'", "site 'berlin'");
                assertThat(finding.remedy()).contains("`--appliance berlin=<VM>`");
              });
      assertThat(ofAnotherSite.findings()).isEmpty();
    }
  }

  @Test
  void warnsOfAnApplianceThatIsNotThere() {
    TransferAppliance told = TransferAppliance.of("transfer-9");
    try (Appliances wrong = new Appliances(vcenters, Map.of("berlin", told))) {
      Checked checked = worker(wrong).checkSite(new CheckSite(settings().build(), true, List.of()));

      assertThat(checked.findings())
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.kind()).isEqualTo(Kind.NO_TRANSFER_APPLIANCE);
                assertThat(finding.sentence()).contains("'transfer-9'", "0 VMs are called so");
              });
    }
  }

  @Test
  void tellsOnWhichVmsChangesCanBeTracked() throws RemoteException {
    VmRef snapshot = new VmRef("berlin", judge.vm("vm-1").instanceUuid(), "vm-1");
    try (Owner owner = new Owner(berlin)) {
      owner.snapshot(snapshot, "of its owner");
    }

    Checked checked = sites().checkSite(new CheckSite(settings().build(), true, List.of()));

    assertThat(checked.vms())
        .startsWith(
            new SiteVm("vm-0", Tracking.OFF, List.of()),
            new SiteVm("vm-1", Tracking.SNAPSHOTS, List.of()))
        .extracting(SiteVm::name)
        .containsExactlyElementsOf(judge.vms());
    assertThat(fact(checked, "change tracking"))
        .contains("off until it is protected for ", ": vm-0")
        .endsWith("off until its snapshots go for 1: vm-1");
  }

  @Test
  void tellsAnotherSitesWorkersOfNoVm() {
    assertThat(sites().checkSite(new CheckSite(settings().build(), false, List.of())).vms())
        .isEmpty();
  }

  @Test
  void tellsAtOnceEverythingThatIsNotAsDescribed() {
    clock = () -> Instant.now().plus(Duration.ofMinutes(10));
    Checked checked =
        sites()
            .checkSite(
                new CheckSite(
                    settings()
                        .placement(new Placement("esx-9", "tape", "nowhere"))
                        .appliance("gateway")
                        .build(),
                    true,
                    List.of("lan-dr")));

    assertThat(checked.findings())
        .extracting(SiteFinding::kind)
        .containsExactlyInAnyOrder(
            Kind.CLOCK_SKEW,
            Kind.UNKNOWN_NETWORK,
            Kind.UNKNOWN_HOST,
            Kind.UNKNOWN_DATASTORE,
            Kind.UNKNOWN_FOLDER,
            Kind.APPLIANCE_MISSING);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VirtualMachine.State.CreateSnapshot | vm-0, vm-1",
        "Global.ManageCustomFields | Datacenters",
        "Global.SetCustomField | DC0, vm-0, vm-1"
      })
  void namesAPrivilegeThatIsMissing(String privilege, String where) {
    front.answer(
        "HasPrivilegeOnEntities",
        asked -> {
          SoapServer.Answer real = front.pass(asked);
          return new SoapServer.Answer(
              real.status(),
              real.headers(),
              real.body()
                  .replaceAll(
                      "(<privId>%s</privId>\\s*<isGranted>)true".formatted(privilege), "$1false"));
        });

    Checked checked = sites().checkSite(new CheckSite(settings().build(), true, List.of()));

    assertThat(checked.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.kind()).isEqualTo(Kind.PRIVILEGE_MISSING);
              assertThat(finding.sentence()).contains("'%s' on %s,".formatted(privilege, where));
            });
    assertThat(sites().checkSite(new CheckSite(settings().build(), false, List.of())).findings())
        .as("asked of an account that only looks")
        .isEmpty();
  }

  @Test
  void triesAWrongPasswordOnceForAllWhoAsk() {
    login = new Login(login.user(), "wrong");

    for (int i = 0; i < 3; i++) {
      Checked checked = sites().checkSite(new CheckSite(settings().build(), true, List.of()));
      assertThat(checked.findings())
          .extracting(SiteFinding::kind)
          .containsExactly(Kind.CREDENTIAL_WRONG);
    }
    assertThat(front.passed("Login", "SessionManager")).isEqualTo(1);
    login = berlin.login();
    assertThat(sites().checkSite(new CheckSite(settings().build(), true, List.of())).findings())
        .as("the credential is looked up anew")
        .isEmpty();
  }

  private SiteActivities sites() {
    return activities.newActivityStub(SiteActivities.class);
  }

  private static SiteSettings.Builder settings() {
    return SiteSettings.named("berlin")
        .kind(SiteKind.VSPHERE)
        .address("https://vc.example")
        .vcenter(VCenterAccess.of("svc", ""));
  }

  private static String fact(Checked checked, String what) {
    return checked.facts().stream()
        .filter(fact -> fact.what().equals(what))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
