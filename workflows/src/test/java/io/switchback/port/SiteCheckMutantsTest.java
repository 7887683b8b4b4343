package io.switchback.port;

import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import io.switchback.port.FakeLogin.Credential;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about checking sites; the suite notices. */
final class SiteCheckMutantsTest {
  private static Supplier<SiteCheckFixture> fixture =
      () -> new FakeSiteCheckFixture(FakeSiteActivities::new);

  static final class Suite extends SiteCheckContract {
    @Override
    protected SiteCheckFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    Mutants<SiteCheckFixture> mutants = new Mutants<>(SiteCheckContract.class);
    blind(Kind.UNREACHABLE, mutants, "saysThatNobodyIsThere");
    blind(Kind.UNKNOWN_SITE, mutants, "namesASiteThatTheWorkerWasNotToldOf");
    blind(Kind.OTHER_SITE, mutants, "noticesThatAnotherSiteAnswers");
    blind(Kind.CREDENTIAL_MISSING, mutants, "tellsACredentialThatIsNotThere");
    blind(Kind.CREDENTIAL_EXPOSED, mutants, "warnsOfACredentialThatOthersCanReadAndUsesIt");
    blind(Kind.CREDENTIAL_WRONG, mutants, "tellsAWrongCredential");
    blind(Kind.CREDENTIAL_EXPIRED, mutants, "tellsAnExpiredCredential");
    blind(Kind.CREDENTIAL_READ_ONLY, mutants, "tellsAReadOnlyCredentialWhereThingsAreToBeChanged");
    blind(Kind.CLOCK_SKEW, mutants, "warnsOfClocksThatDiffer");
    blind(Kind.UNKNOWN_NETWORK, mutants, "namesEachNetworkThatIsNotThere");
    blind(Kind.UNKNOWN_FOLDER, mutants, "namesPlacementThatIsNotThere");
    blind(Kind.UNKNOWN_HOST, mutants, "namesCapsOfWhatIsNotThere");
    blind(Kind.APPLIANCE_MISSING, mutants, "namesAnApplianceThatIsNotThere");
    blind(Kind.NO_ROOM, mutants, "tellsThatNoHostHasRoom", "tellsThatADatastoreIsFull");
    blind(Kind.LITTLE_ROOM, mutants, "warnsThatADatastoreIsNearlyFull");
    return mutants
        .add(
            "confuses an expired credential with a wrong one",
            finding(
                found ->
                    found.stream()
                        .map(
                            one ->
                                one.kind() == Kind.CREDENTIAL_EXPIRED
                                    ? new SiteFinding(
                                        Kind.CREDENTIAL_WRONG, one.sentence(), one.remedy())
                                    : one)
                        .toList()),
            "tellsAnExpiredCredential")
        .add(
            "stops at the first finding",
            finding(found -> found.stream().limit(1).toList()),
            "reportsEveryFindingAtOnce",
            "namesEachNetworkThatIsNotThere")
        .add(
            "finds something everywhere",
            finding(
                found ->
                    Stream.concat(
                            found.stream(), Stream.of(SiteFinding.unreachable("berlin", "a hunch")))
                        .toList()),
            "findsNothingAtASiteThatIsAsItIsDescribed")
        .add(
            "remembers the first answer",
            with(Remembering::new),
            "looksUpTheCredentialAnewEachTime")
        .add("signs as somebody else", with(Anonymous::new), "saysWhoIsThere")
        .add(
            "uses a right to change also to look",
            with(AlwaysChanges::new),
            "tellsAReadOnlyCredentialWhereThingsAreToBeChanged")
        .add(
            "gives up on an exposed credential",
            with(GivesUp::new),
            "warnsOfACredentialThatOthersCanReadAndUsesIt")
        .tests(Suite.class, next -> fixture = next);
  }

  private static void blind(Kind kind, Mutants<SiteCheckFixture> mutants, String... promises) {
    mutants.add(
        "blind to " + kind,
        finding(found -> found.stream().filter(one -> one.kind() != kind).toList()),
        promises);
  }

  private static Supplier<SiteCheckFixture> finding(UnaryOperator<List<SiteFinding>> wrong) {
    return with(
        site ->
            new FakeSiteActivities(site) {
              @Override
              List<SiteFinding> findings(CheckSite request) {
                return wrong.apply(super.findings(request));
              }
            });
  }

  private static Supplier<SiteCheckFixture> with(Function<FakeSite, SiteActivities> adapter) {
    return () -> new FakeSiteCheckFixture(adapter);
  }

  private static final class Remembering extends FakeSiteActivities {
    private List<SiteFinding> first = List.of();
    private boolean asked;

    Remembering(FakeSite site) {
      super(site);
    }

    @Override
    List<SiteFinding> findings(CheckSite request) {
      first = asked ? first : super.findings(request);
      asked = true;
      return first;
    }
  }

  private static final class Anonymous extends FakeSiteActivities {
    Anonymous(FakeSite site) {
      super(site);
    }

    @Override
    public Checked checkSite(CheckSite request) {
      return new Checked("somebody", super.checkSite(request).findings());
    }
  }

  private static final class AlwaysChanges extends FakeSiteActivities {
    AlwaysChanges(FakeSite site) {
      super(site);
    }

    @Override
    List<SiteFinding> findings(CheckSite request) {
      return super.findings(new CheckSite(request.site(), true, request.networks()));
    }
  }

  private static final class GivesUp extends FakeSiteActivities {
    private final FakeSite site;

    GivesUp(FakeSite site) {
      super(site);
      this.site = site;
    }

    @Override
    List<SiteFinding> findings(CheckSite request) {
      Set<Credential> bad = Set.of(Credential.EXPOSED);
      if (bad.contains(site.login().credential())) {
        return List.of(SiteFinding.credentialMissing("berlin", "it is not secret"));
      }
      return super.findings(request);
    }
  }
}
