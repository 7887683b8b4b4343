package io.switchback.port;

import io.switchback.model.Fence;

/** Who serves a {@link FakeSite}. */
class FakeSiteActivities implements SiteActivities {
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
                  null,
                  site.highestFence().map(Fence::generation).orElse(0L),
                  site.highestFence().map(Fence::epoch).orElse(0L),
                  site.now());
            });
  }
}
