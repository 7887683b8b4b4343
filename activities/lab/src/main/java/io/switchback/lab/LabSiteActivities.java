package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.SiteFact;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import io.switchback.model.SiteLook;
import io.switchback.model.SiteVm;
import io.switchback.port.SiteActivities;
import io.temporal.activity.Activity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Answers for the lab sites that a worker serves, and looks at those that it was told of. */
public final class LabSiteActivities implements SiteActivities {
  /** Shorter than a check may take, so that silence becomes a finding. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(8);

  private final LabSites sites;
  private final String worker;
  private final String build;
  private final Function<String, List<SiteFinding>> credentials;
  private final Function<String, Optional<String>> dataAddresses;
  private final InstantSource clock;

  /**
   * @param worker identity as Temporal shows it
   * @param build of the worker
   * @param credentials what is wrong with where the credential for a site is kept, looked at anew
   * @param dataAddresses where this worker serves the disks of a site, if it does
   * @param clock of the worker
   */
  public LabSiteActivities(
      LabSites sites,
      String worker,
      String build,
      Function<String, List<SiteFinding>> credentials,
      Function<String, Optional<String>> dataAddresses,
      InstantSource clock) {
    this.sites = sites;
    this.worker = worker;
    this.build = build;
    this.credentials = credentials;
    this.dataAddresses = dataAddresses;
    this.clock = clock;
  }

  @Override
  public Greeting hello(Hello request) {
    SiteView view =
        LabFaults.translated(
            "greet site '" + request.site() + "'", () -> sites.client(request.site()).site());
    LabFence fence = view.fence();
    return new Greeting(
        request.site(),
        Activity.getExecutionContext().getInfo().getActivityTaskQueue(),
        worker,
        build,
        dataAddresses.apply(request.site()).orElse(null),
        fence == null ? 0 : fence.generation(),
        fence == null ? 0 : fence.epoch(),
        view.at());
  }

  @Override
  public Checked checkSite(CheckSite request) {
    String site = request.site().name();
    if (!sites.knows(site)) {
      return new Checked(worker, List.of(SiteFinding.unknownSite(request.site())));
    }
    List<SiteFinding> found = new ArrayList<>(credentials.apply(site));
    List<SiteFact> facts = new ArrayList<>();
    List<SiteVm> vms = new ArrayList<>();
    if (found.stream().noneMatch(finding -> finding.kind().stops())) {
      found.addAll(loggedIn(request, facts, vms));
    }
    return new Checked(worker, found, facts, vms);
  }

  private List<SiteFinding> loggedIn(CheckSite request, List<SiteFact> facts, List<SiteVm> vms) {
    String site = request.site().name();
    try {
      SiteLook look = look(sites.client(site).withAnswerLimit(ANSWER_LIMIT));
      facts.addAll(look.facts());
      // Milliseconds later than the site looked at its own clock.
      Instant now = clock.instant();
      List<SiteFinding> found =
          new ArrayList<>(
              look.findings(request.site(), request.changes(), request.networks(), now));
      List<VmView> known = sites.client(site).site().vms();
      if (request.changes()) {
        // The lab tracks the changes of each of its VMs, always.
        known.stream().map(VmView::name).sorted().map(SiteVm::good).forEach(vms::add);
      }
      String appliance = request.site().appliance();
      if (!appliance.isEmpty() && known.stream().noneMatch(isCalled(appliance))) {
        found.add(SiteFinding.applianceMissing(site, appliance));
      }
      return found;
    } catch (LabException refused) {
      return List.of(finding(site, refused));
    } catch (FaultException unresolved) {
      return List.of(
          unresolved.fault() == Fault.BAD_CREDENTIALS
              ? SiteFinding.credentialMissing(site, unresolved.sentence())
              : SiteFinding.notLookedAt(site, unresolved.sentence()));
    }
  }

  private static Predicate<VmView> isCalled(String nameOrId) {
    return vm -> vm.name().equals(nameOrId) || vm.id().equals(nameOrId);
  }

  private static SiteLook look(LabClient client) {
    TokenKind mine = client.login().kind();
    SiteView view = client.site();
    ResourcesView resources = client.resources();
    return new SiteLook(
        view.site(),
        resources.at(),
        mine == TokenKind.FULL,
        resources.hosts().stream()
            .map(host -> new SiteLook.Host(host.name(), host.freeCpus(), host.freeMemoryBytes()))
            .toList(),
        resources.datastores().stream()
            .map(
                store ->
                    new SiteLook.Datastore(store.name(), store.capacityBytes(), store.freeBytes()))
            .toList(),
        resources.networks(),
        resources.folders());
  }

  private static SiteFinding finding(String site, LabException refused) {
    String said = String.valueOf(refused.getMessage());
    return switch (refused.fault()) {
      case "UNREACHABLE" -> SiteFinding.unreachable(site, said);
      case "WRONG_TOKEN" -> SiteFinding.refused(Kind.CREDENTIAL_WRONG, site, said);
      case "TOKEN_EXPIRED" -> SiteFinding.refused(Kind.CREDENTIAL_EXPIRED, site, said);
      case "READ_ONLY_TOKEN" -> SiteFinding.refused(Kind.CREDENTIAL_READ_ONLY, site, said);
      default -> SiteFinding.notLookedAt(site, said);
    };
  }
}
