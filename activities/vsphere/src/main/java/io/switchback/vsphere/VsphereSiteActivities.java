package io.switchback.vsphere;

import com.vmware.vim25.OptionValue;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import io.switchback.port.SiteActivities;
import io.temporal.activity.Activity;
import java.rmi.RemoteException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers for the vCenters that a worker serves, and looks at those that it was told of. */
public final class VsphereSiteActivities implements SiteActivities {
  private static final String FENCE = "config.extraConfig[\"" + Fences.KEY + "\"]";

  private final VCenters vcenters;
  private final Appliances appliances;
  private final String worker;
  private final String build;
  private final Function<String, List<SiteFinding>> credentials;
  private final Function<String, Optional<String>> dataAddresses;
  private final InstantSource clock;

  /**
   * @param appliances that this worker runs on
   * @param worker identity as Temporal shows it
   * @param build of the worker
   * @param credentials what is wrong with where the credential for a site is kept, looked at anew
   * @param dataAddresses where this worker serves the disks of a site, if it does
   * @param clock of the worker
   */
  public VsphereSiteActivities(
      VCenters vcenters,
      Appliances appliances,
      String worker,
      String build,
      Function<String, List<SiteFinding>> credentials,
      Function<String, Optional<String>> dataAddresses,
      InstantSource clock) {
    this.vcenters = vcenters;
    this.appliances = appliances;
    this.worker = worker;
    this.build = build;
    this.credentials = credentials;
    this.dataAddresses = dataAddresses;
    this.clock = clock;
  }

  @Override
  public Greeting hello(Hello request) {
    return VsphereFaults.translated(
        "greet site '" + request.site() + "'",
        () -> {
          VCenter vcenter = vcenters.at(request.site());
          Optional<Fence> highest =
              vcenter.read(live -> Properties.all(live, "VirtualMachine", FENCE)).stream()
                  .flatMap(row -> Fences.parse(recorded(row)).stream())
                  .max(Comparator.naturalOrder());
          return new Greeting(
              request.site(),
              Activity.getExecutionContext().getInfo().getActivityTaskQueue(),
              worker,
              build,
              dataAddresses.apply(request.site()).orElse(null),
              highest.map(Fence::generation).orElse(0L),
              highest.map(Fence::epoch).orElse(0L),
              vcenter.read(live -> live.vim().currentTime(Session.serviceInstance())).toInstant(),
              vcenter.about().getInstanceUuid());
        });
  }

  private static String recorded(Properties.Row vm) {
    return vm.get(FENCE, OptionValue.class, Fences.setting(Fences.KEY, "")).getValue().toString();
  }

  @Override
  public Checked checkSite(CheckSite request) {
    String site = request.site().name();
    if (!vcenters.knows(site)) {
      return new Checked(worker, List.of(SiteFinding.unknownSite(request.site())));
    }
    List<SiteFinding> found = new ArrayList<>(credentials.apply(site));
    if (found.stream().anyMatch(finding -> finding.kind().stops())) {
      return new Checked(worker, found);
    }
    // A session of its own, because the usual one may have begun with an older credential.
    try (VCenter anew = vcenters.at(site).anew()) {
      SiteSurvey.Seen seen =
          SiteSurvey.of(
              request, anew, clock::instant, new ApplianceSurvey(site, worker, appliances));
      found.addAll(seen.findings());
      return new Checked(worker, found, seen.facts(), seen.vms());
    } catch (RemoteException refused) {
      found.add(finding(site, VsphereFaults.translate("look at site '" + site + "'", refused)));
    } catch (FaultException refused) {
      found.add(finding(site, refused));
    }
    return new Checked(worker, found);
  }

  private static SiteFinding finding(String site, FaultException refused) {
    String said = refused.sentence();
    return switch (refused.fault()) {
      case SITE_UNREACHABLE -> SiteFinding.unreachable(site, said);
      case CHECK_FAILED -> new SiteFinding(Kind.OTHER_SITE, said, "Put the site's address right.");
      case BAD_CREDENTIALS -> SiteFinding.refused(Kind.CREDENTIAL_WRONG, site, said);
      default -> SiteFinding.notLookedAt(site, said);
    };
  }
}
