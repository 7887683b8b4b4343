package io.switchback.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.switchback.model.CredentialReference;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.operation.SiteLogin.Side;
import io.switchback.port.FakeLogin.Credential;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A check of sites, from start to result: production is berlin, munich recovers it. */
class SiteCheckTest {

  @Test
  void logsInFromWhereverASiteIsUsed() {
    try (Estate estate = paired()) {
      SiteCheckResult result = check(estate, null);

      assertThat(result.logins())
          .extracting(SiteLogin::at, SiteLogin::into, SiteLogin::side, SiteLogin::worker)
          .containsExactly(
              tuple("berlin", "berlin", Side.PRODUCTION, "fake@berlin"),
              tuple("munich", "munich", Side.RECOVERY, "fake@munich"),
              tuple("munich", "berlin", Side.PRODUCTION, "fake@munich"));
      assertThat(result.logins()).allMatch(SiteLogin::works);
      assertThat(result.canRecover()).isTrue();
      assertThat(result.canReplicate()).isTrue();
    }
  }

  @Test
  void passesForTheRecoverySideWhenProductionIsGone() {
    try (Estate estate = paired(new Estate(600, "munich"))) {
      estate.production.reachable(false);

      SiteCheckResult result = check(estate, null);

      assertThat(result.canRecover()).isTrue();
      assertThat(result.canReplicate()).isFalse();
      assertThat(kinds(result)).containsExactly(Kind.NO_WORKER, Kind.UNREACHABLE);
      assertThat(result.verdict()).startsWith("Every recovery site can be used; at production");
    }
  }

  @Test
  void saysThatAFailoverWouldFail() {
    try (Estate estate = paired()) {
      estate.recovery.login().credential(Credential.EXPIRED);

      WorkflowStub run = estate.start(SiteCheck.TYPE, null);
      SiteCheckResult result = estate.result(run, SiteCheckResult.class);

      assertThat(kinds(result)).containsExactly(Kind.CREDENTIAL_EXPIRED);
      assertThat(result.canRecover()).isFalse();
      assertThat(result.canReplicate()).isTrue();
      assertThat(Estate.details(run)).contains("munich → munich", "CREDENTIAL\\_EXPIRED");
    }
  }

  @Test
  void aWarningStopsNobody() {
    try (Estate estate = paired()) {
      estate.recovery.login().credential(Credential.EXPOSED);

      SiteCheckResult result = check(estate, null);

      assertThat(kinds(result)).containsExactly(Kind.CREDENTIAL_EXPOSED);
      assertThat(result.canRecover()).isTrue();
    }
  }

  @Test
  void looksForTheNetworksOfTheMapAtEachSite() {
    try (Estate estate = paired()) {
      estate.production.login().networks("other");
      estate.recovery.login().networks("other");

      assertThat(
              check(estate, null).logins().stream()
                  .flatMap(
                      login ->
                          login.findings().stream()
                              .map(found -> login.at() + ": " + found.sentence())))
          .containsExactly(
              "berlin: site 'berlin' has no network 'lan'; there are other",
              "munich: site 'munich' has no network 'lan-dr'; there are other",
              "munich: site 'munich' has no network 'bubble'; there are other");
    }
  }

  @Test
  @SuppressWarnings("NullAway") // what is not said is absent
  void namesMoreNetworksThanTheApplianceServes() {
    NetworkExtent extent =
        new NetworkExtent("10.1.0.0/24", "10.1.0.1", "lan0", "recovery0", "127.0.0.1:1194", 1194);
    SiteAppliance appliance =
        new SiteAppliance(
            "10.0.0.5",
            22,
            "root",
            "SHA256:abc",
            CredentialReference.parse("file:/etc/key"),
            false,
            "/etc/tunnel",
            "acme");
    List<NetworkMapping> extended =
        IntStream.rangeClosed(1, 10)
            .mapToObj(n -> new NetworkMapping("lan-" + n, "dr-" + n, "", extent))
            .toList();
    try (Estate estate = new Estate()) {
      estate.sites.add(SiteSettings.of("berlin"));
      estate.sites.add(SiteSettings.named("munich").tunnels(appliance).build());
      estate.sites.add(new SitePair("berlin", "munich", extended));
      estate.recovery.reaches(estate.production);

      SiteCheckResult result = check(estate, null);

      assertThat(kinds(result)).containsExactly(Kind.TOO_MANY_NETWORKS);
      assertThat(result.logins().get(1).findings().getFirst().sentence())
          .contains("site 'munich' has 10 networks", "dr-10");
      assertThat(result.canRecover()).isFalse();
    }
  }

  @Test
  void checksOnlyWhatWasAskedFor() {
    try (Estate estate = paired()) {
      assertThat(check(estate, "{\"sites\":[\"munich\"]}").logins())
          .extracting(SiteLogin::at, SiteLogin::into)
          .containsExactly(tuple("munich", "munich"), tuple("munich", "berlin"));
    }
  }

  @Test
  void aReadOnlyCredentialWillDoForTheOtherSite() {
    try (Estate estate = paired()) {
      estate.production.login().credential(Credential.READ_ONLY);

      assertThat(check(estate, null).logins())
          .extracting(SiteLogin::at, SiteLogin::into, SiteLogin::works)
          .contains(tuple("berlin", "berlin", false), tuple("munich", "berlin", true));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[]", "7", "{\"site\":\"berlin\"}", "{\"sites\":\"berlin\"}", "{\"sites\":[3]}"})
  void refusesAnInputThatIsNone(String input) {
    try (Estate estate = paired()) {
      assertThat(refusal(estate, input)).startsWith("Nothing was changed, because the input has");
    }
  }

  @Test
  void namesEverySiteThatThereIsNot() {
    try (Estate estate = paired()) {
      assertThat(refusal(estate, "{\"sites\":[\"bonn\",\"munich\",\"kiel\"],\"x\":1}"))
          .contains("'x' is unknown");
      assertThat(refusal(estate, "{\"sites\":[\"bonn\",\"munich\",\"kiel\"]}"))
          .contains("no site 'bonn'", "no site 'kiel'", "[berlin, munich]");
    }
  }

  private static Estate paired() {
    return paired(new Estate());
  }

  private static Estate paired(Estate estate) {
    estate.sites.add(SiteSettings.of("berlin"));
    estate.sites.add(SiteSettings.of("munich"));
    estate.sites.add(
        new SitePair("berlin", "munich", List.of(new NetworkMapping("lan", "lan-dr", "bubble"))));
    estate.recovery.reaches(estate.production);
    return estate;
  }

  private static SiteCheckResult check(Estate estate, @Nullable String input) {
    return estate.result(estate.start(SiteCheck.TYPE, input), SiteCheckResult.class);
  }

  private static List<Kind> kinds(SiteCheckResult result) {
    return result.logins().stream()
        .flatMap(login -> login.findings().stream())
        .map(SiteFinding::kind)
        .toList();
  }

  private static String refusal(Estate estate, String input) {
    WorkflowFailedException failed =
        catchThrowableOfType(WorkflowFailedException.class, () -> check(estate, input));
    return ((ApplicationFailure) failed.getCause()).getOriginalMessage();
  }
}
