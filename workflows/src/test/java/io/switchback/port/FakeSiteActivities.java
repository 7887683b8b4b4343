package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteFinding.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Who serves a {@link FakeSite}. */
class FakeSiteActivities implements SiteActivities {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final FakeSite site;

  FakeSiteActivities(FakeSite site) {
    this.site = site;
  }

  @Override
  public Greeting hello(Hello request) {
    return site.script()
        .run(
            "hello",
            request.site(),
            () -> {
              site.answer();
              return new Greeting(
                  request.site(),
                  request.site().equals(Queues.SWITCHBACK)
                      ? Queues.SWITCHBACK
                      : Queues.site(request.site()),
                  "fake@" + site.name(),
                  "test",
                  site.dataAddress(),
                  site.highestFence().map(Fence::generation).orElse(0L),
                  site.highestFence().map(Fence::epoch).orElse(0L),
                  site.now());
            });
  }

  @Override
  public Checked checkSite(CheckSite request) {
    return site.script()
        .run(
            "checkSite",
            request.site().name(),
            () -> new Checked("fake@" + site.name(), findings(request)));
  }

  List<SiteFinding> findings(CheckSite request) {
    String name = request.site().name();
    FakeSite asked = site.reached(name);
    if (asked == null) {
      return List.of(SiteFinding.unknownSite(request.site()));
    }
    FakeLogin login = asked.login();
    List<SiteFinding> found = new ArrayList<>();
    switch (login.credential()) {
      case MISSING -> {
        return List.of(SiteFinding.credentialMissing(name, "there is no file 'x'"));
      }
      case EXPOSED ->
          found.add(
              SiteFinding.credentialExposed(name, "the file 'x'", "Close it: `chmod 600 x`."));
      default -> {}
    }
    try {
      asked.answer();
    } catch (FaultException away) {
      found.add(SiteFinding.unreachable(name, "nobody answers"));
      return found;
    }
    switch (login.credential()) {
      case WRONG -> found.add(SiteFinding.refused(Kind.CREDENTIAL_WRONG, name, "it is unknown"));
      case EXPIRED -> found.add(SiteFinding.refused(Kind.CREDENTIAL_EXPIRED, name, "it is over"));
      default ->
          found.addAll(
              login
                  .look(asked.name(), NOW)
                  .findings(request.site(), request.changes(), request.networks(), NOW));
    }
    String appliance = request.site().appliance();
    if (!appliance.isEmpty() && !hasAppliance(asked, appliance)) {
      found.add(SiteFinding.applianceMissing(name, appliance));
    }
    return found;
  }

  boolean hasAppliance(FakeSite asked, String appliance) {
    return asked.vms().stream().anyMatch(vm -> vm.name().equals(appliance));
  }
}
