package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.SiteFinding;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.operation.SiteLogin.Side;
import io.switchback.port.Queues;
import io.switchback.port.SiteActivities.CheckSite;
import io.switchback.port.SiteActivities.Checked;
import io.switchback.port.SiteSettingsActivities.KnownSites;
import io.switchback.port.SiteSettingsActivities.ReadSites;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Every login at once, each by a worker of the site that will need it. */
public final class SiteCheckWorkflow implements SiteCheck {
  private static final String EXAMPLE = "{\"sites\":[\"berlin\"]}";

  private final Ports ports = new Ports(Pace.DEFAULT);

  /** A login to try. */
  private record Planned(
      String at, SiteSettings into, Side side, List<String> networks, List<SiteFinding> known) {}

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.PINNED)
  public SiteCheckResult check(@Nullable JsonNode input) {
    Set<String> asked = read(input);
    Workflow.upsertTypedSearchAttributes(Attributes.OPERATION.valueSet("check sites"));
    KnownSites known =
        ports
            .siteSettings("Which sites are there, and what is said of them?")
            .readSites(new ReadSites());
    refuseUnknown(asked, known);
    List<Promise<SiteLogin>> running =
        planned(known).stream()
            .filter(
                login ->
                    asked.isEmpty()
                        || asked.contains(login.at())
                        || asked.contains(login.into().name()))
            .map(login -> Async.function(() -> tried(login)))
            .toList();
    List<SiteLogin> logins = running.stream().map(Promise::get).toList();
    SiteCheckResult result = SiteCheckResult.of(logins);
    Workflow.setCurrentDetails(Details.of(result));
    return result;
  }

  /** Each site's own workers there, and a recovery site's workers at each production site. */
  private static List<Planned> planned(KnownSites known) {
    Map<String, SiteSettings> byName = new TreeMap<>();
    known.sites().forEach(site -> byName.put(site.name(), site));
    List<Planned> logins = new ArrayList<>();
    for (SiteSettings site : byName.values()) {
      logins.add(
          new Planned(
              site.name(), site, side(site, known), networks(site, known), tooMany(site, known)));
    }
    for (SitePair pair : known.pairs()) {
      SiteSettings production = byName.get(pair.production());
      if (production != null) {
        logins.add(new Planned(pair.recovery(), production, Side.PRODUCTION, List.of(), List.of()));
      }
    }
    return logins;
  }

  /** A site that recovers nobody is production's; one in no pair may recover somebody yet. */
  private static Side side(SiteSettings site, KnownSites known) {
    boolean recovers = known.pairs().stream().anyMatch(pair -> pair.recovery().equals(site.name()));
    boolean produces =
        known.pairs().stream().anyMatch(pair -> pair.production().equals(site.name()));
    return recovers || !produces ? Side.RECOVERY : Side.PRODUCTION;
  }

  /** A failover is refused for it, so nobody should meet it only then. */
  private static List<SiteFinding> tooMany(SiteSettings site, KnownSites known) {
    List<String> extended =
        known.pairs().stream()
            .filter(pair -> pair.recovery().equals(site.name()))
            .flatMap(pair -> pair.extended().stream())
            .toList();
    return site.tunnels() == null || extended.isEmpty()
        ? List.of()
        : site.networks().tooMany(site.name(), extended).stream()
            .map(SiteFinding::tooManyNetworks)
            .toList();
  }

  private static List<String> networks(SiteSettings site, KnownSites known) {
    Set<String> names = new LinkedHashSet<>(site.networks().names());
    for (SitePair pair : known.pairs()) {
      for (NetworkMapping network : pair.networks()) {
        if (pair.production().equals(site.name())) {
          names.add(network.production());
        }
        if (pair.recovery().equals(site.name())) {
          names.add(network.recovery());
          names.add(network.drill());
        }
      }
    }
    names.remove("");
    return List.copyOf(names);
  }

  private SiteLogin tried(Planned login) {
    String site = login.into().name();
    boolean own = login.at().equals(site);
    try {
      Checked checked =
          ports
              .siteCheck(
                  login.at(), "Log in to " + site + " as the workers of " + login.at() + " do")
              .checkSite(new CheckSite(login.into(), own, login.networks()));
      List<SiteFinding> findings = new ArrayList<>(checked.findings());
      findings.addAll(login.known());
      return new SiteLogin(
          login.at(),
          site,
          login.side(),
          checked.worker(),
          findings,
          checked.facts(),
          checked.vms());
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      FaultException fault = Failures.toFault(failure);
      // Of its own queue the site itself tells; to the partner it is one more.
      SiteFinding finding =
          fault.fault() == Fault.NO_WORKER
              ? SiteFinding.noWorker(login.into(), Queues.site(login.at()))
              : SiteFinding.notLookedAt(site, fault.sentence());
      List<SiteFinding> findings = new ArrayList<>(List.of(finding));
      findings.addAll(login.known());
      return new SiteLogin(login.at(), site, login.side(), "", findings, List.of(), List.of());
    }
  }

  private static Set<String> read(@Nullable JsonNode input) {
    Set<String> sites = new LinkedHashSet<>();
    if (input == null || input.isNull()) {
      return sites;
    }
    List<String> mistakes = new ArrayList<>();
    if (!input.isObject()) {
      throw OperationRequest.invalid(List.of("the input must be left out, or be like " + EXAMPLE));
    }
    input.propertyNames().stream()
        .filter(field -> !field.equals("sites"))
        .forEach(field -> mistakes.add("'" + field + "' is unknown; known is sites"));
    JsonNode given = input.path("sites");
    if (!given.isMissingNode() && !given.isArray()) {
      mistakes.add("sites must be a list, as in " + EXAMPLE);
    }
    for (JsonNode site : given) {
      if (site.isString() && !site.asString().isBlank()) {
        sites.add(site.asString().strip());
      } else {
        mistakes.add("sites holds " + site + ", which is no name");
      }
    }
    if (!mistakes.isEmpty()) {
      throw OperationRequest.invalid(mistakes);
    }
    return sites;
  }

  private static void refuseUnknown(Set<String> asked, KnownSites known) {
    List<String> names = known.sites().stream().map(SiteSettings::name).sorted().toList();
    List<String> mistakes =
        asked.stream()
            .filter(site -> !names.contains(site))
            .map(site -> "there is no site '%s'; there are %s".formatted(site, names))
            .toList();
    if (!mistakes.isEmpty()) {
      throw OperationRequest.invalid(mistakes);
    }
  }
}
