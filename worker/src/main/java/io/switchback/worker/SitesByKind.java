package io.switchback.worker;

import io.switchback.model.SiteKind;
import io.switchback.port.SiteActivities;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Leaves each site to the adapter of its platform. */
final class SitesByKind implements SiteActivities {
  private final Function<String, SiteKind> kinds;
  private final Map<SiteKind, SiteActivities> adapters;

  SitesByKind(Function<String, SiteKind> kinds, Map<SiteKind, SiteActivities> adapters) {
    this.kinds = kinds;
    this.adapters = adapters;
  }

  @Override
  public Greeting hello(Hello request) {
    return of(kinds.apply(request.site())).hello(request);
  }

  @Override
  public Checked checkSite(CheckSite request) {
    return of(request.site().kind()).checkSite(request);
  }

  private SiteActivities of(SiteKind kind) {
    return Objects.requireNonNull(adapters.get(kind));
  }
}
