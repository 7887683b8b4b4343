package io.switchback.port;

import static io.switchback.model.SiteFinding.Kind.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Placement;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import io.switchback.model.SiteSettings;
import io.switchback.port.SiteActivities.CheckSite;
import io.switchback.port.SiteActivities.Checked;
import io.switchback.port.SiteActivities.Hello;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link SiteActivities} promises. */
public abstract class SiteCheckContract {
  private static final SiteSettings BERLIN = settings("berlin", Placement.ANYWHERE);

  private SiteCheckFixture site;
  private PortCaller<SiteActivities> sites;

  /** A site of its own for one test. */
  protected abstract SiteCheckFixture open() throws Exception;

  @BeforeEach
  final void openSite() throws Exception {
    site = open();
    sites = new PortCaller<>(SiteActivities.class, site.sites());
  }

  @AfterEach
  final void closeSite() throws Exception {
    sites.close();
    site.close();
  }

  @Test
  void saysWhoIsThere() {
    assertThat(sites.call().hello(new Hello("berlin")).site()).isEqualTo("berlin");
    assertThat(check().worker())
        .isNotBlank()
        .isEqualTo(sites.call().hello(new Hello("berlin")).worker());
  }

  @Test
  void saysThatNobodyIsThere() {
    site.breakSite();

    assertThatThrownBy(() -> sites.call().hello(new Hello("berlin")))
        .isInstanceOfSatisfying(
            FaultException.class,
            fault -> assertThat(fault.fault()).isEqualTo(Fault.SITE_UNREACHABLE));
    assertThat(kinds(check())).containsExactly(UNREACHABLE);
  }

  @Test
  void findsNothingAtASiteThatIsAsItIsDescribed() {
    Placement placement = new Placement("host-1", "datastore-1", "replicas");

    Checked checked = check(settings("berlin", placement), true, "lan", "lan-dr");

    assertThat(checked.findings()).isEmpty();
    assertThat(site.effects()).isZero();
  }

  @Test
  void namesASiteThatTheWorkerWasNotToldOf() {
    SiteFinding found = only(check(settings("bonn", Placement.ANYWHERE), true));

    assertThat(found.kind()).isEqualTo(UNKNOWN_SITE);
    assertThat(found.remedy()).contains("--site bonn=");
  }

  @Test
  void noticesThatAnotherSiteAnswers() {
    site.replaceSite();

    assertThat(only(check()))
        .satisfies(
            found -> {
              assertThat(found.kind()).isEqualTo(OTHER_SITE);
              assertThat(found.sentence()).contains("'berlin'", "'paris'");
            });
  }

  @Test
  void tellsACredentialThatIsNotThere() {
    site.loseCredential();

    assertThat(kinds(check())).containsExactly(CREDENTIAL_MISSING);
  }

  @Test
  void warnsOfACredentialThatOthersCanReadAndUsesIt() {
    site.exposeCredential();

    SiteFinding found = only(check());

    assertThat(found.kind()).isEqualTo(CREDENTIAL_EXPOSED);
    assertThat(found.kind().stops()).isFalse();
  }

  @Test
  void tellsAWrongCredential() {
    site.giveWrongCredential();

    assertThat(kinds(check())).containsExactly(CREDENTIAL_WRONG);
  }

  @Test
  void tellsAnExpiredCredential() {
    site.giveExpiredCredential();

    assertThat(kinds(check())).containsExactly(CREDENTIAL_EXPIRED);
  }

  @Test
  void tellsAReadOnlyCredentialWhereThingsAreToBeChanged() {
    site.giveReadOnlyCredential();

    assertThat(kinds(check(BERLIN, true))).containsExactly(CREDENTIAL_READ_ONLY);
    assertThat(kinds(check(BERLIN, false))).isEmpty();
    assertThat(site.effects()).isZero();
  }

  @Test
  void looksUpTheCredentialAnewEachTime() {
    assertThat(kinds(check())).isEmpty();
    site.giveWrongCredential();
    assertThat(kinds(check())).containsExactly(CREDENTIAL_WRONG);
    site.giveReadOnlyCredential();
    assertThat(kinds(check())).containsExactly(CREDENTIAL_READ_ONLY);
  }

  @Test
  void warnsOfClocksThatDiffer() {
    site.shiftClocks(Duration.ofSeconds(90));

    SiteFinding found = only(check());

    assertThat(found.kind()).isEqualTo(CLOCK_SKEW);
    assertThat(found.sentence()).containsPattern("(89|90) s");
  }

  @Test
  void namesEachNetworkThatIsNotThere() {
    Checked checked = check(BERLIN, true, "lan", "dmz", "bubble");

    assertThat(kinds(checked)).containsExactly(UNKNOWN_NETWORK, UNKNOWN_NETWORK);
    assertThat(checked.findings().getFirst().sentence()).contains("'dmz'", "lan-dr");
    assertThat(checked.findings().getLast().sentence()).contains("'bubble'");
  }

  @Test
  void namesPlacementThatIsNotThere() {
    SiteSettings elsewhere = settings("berlin", new Placement("host-9", "slow", "erp"));

    assertThat(kinds(check(elsewhere, true)))
        .containsExactly(UNKNOWN_HOST, UNKNOWN_DATASTORE, UNKNOWN_FOLDER);
  }

  @Test
  void namesCapsOfWhatIsNotThere() {
    SiteSettings capped =
        SiteSettings.named("berlin")
            .caps(
                new SiteCaps(
                    1,
                    Map.of("host-1", 1, "host-8", 1),
                    Map.of("datastore-1", 1, "slow", 1),
                    1,
                    Map.of("host-9", 1),
                    Map.of("slower", 1)))
            .build();

    assertThat(kinds(check(capped, true)))
        .containsExactly(UNKNOWN_HOST, UNKNOWN_HOST, UNKNOWN_DATASTORE, UNKNOWN_DATASTORE);
  }

  @Test
  void namesAnApplianceThatIsNotThere() {
    SiteSettings extended = SiteSettings.named("berlin").appliance("gateway").build();

    SiteFinding found = only(check(extended, true));

    assertThat(found.kind()).isEqualTo(APPLIANCE_MISSING);
    assertThat(found.sentence()).contains("site 'berlin' has no VM 'gateway'");
  }

  @Test
  void tellsThatNoHostHasRoom() {
    site.fillHosts();

    assertThat(kinds(check())).containsExactly(NO_ROOM);
  }

  @Test
  void tellsThatADatastoreIsFull() {
    site.fillDatastore();

    assertThat(only(check()))
        .satisfies(
            found -> {
              assertThat(found.kind()).isEqualTo(NO_ROOM);
              assertThat(found.sentence()).contains("datastore-1");
            });
  }

  @Test
  void warnsThatADatastoreIsNearlyFull() {
    site.nearlyFillDatastore();

    assertThat(kinds(check())).containsExactly(LITTLE_ROOM);
  }

  @Test
  void reportsEveryFindingAtOnce() {
    site.giveReadOnlyCredential();
    site.shiftClocks(Duration.ofMinutes(3));
    site.nearlyFillDatastore();
    SiteSettings elsewhere = settings("berlin", new Placement("host-9", "slow", "erp"));

    Checked checked = check(elsewhere, true, "dmz");

    assertThat(kinds(checked))
        .containsExactly(
            CREDENTIAL_READ_ONLY,
            CLOCK_SKEW,
            UNKNOWN_NETWORK,
            UNKNOWN_HOST,
            UNKNOWN_DATASTORE,
            UNKNOWN_FOLDER);
    assertThat(checked.findings())
        .allSatisfy(
            found -> {
              assertThat(found.sentence()).contains("'berlin'");
              assertThat(found.remedy()).isNotBlank();
            });
  }

  private Checked check() {
    return check(BERLIN, true);
  }

  private Checked check(SiteSettings settings, boolean changes, String... networks) {
    return sites.call().checkSite(new CheckSite(settings, changes, List.of(networks)));
  }

  private static SiteFinding only(Checked checked) {
    assertThat(checked.findings()).hasSize(1);
    return checked.findings().getFirst();
  }

  private static List<Kind> kinds(Checked checked) {
    return checked.findings().stream().map(SiteFinding::kind).toList();
  }

  private static SiteSettings settings(String name, Placement placement) {
    return SiteSettings.named(name).placement(placement).build();
  }
}
