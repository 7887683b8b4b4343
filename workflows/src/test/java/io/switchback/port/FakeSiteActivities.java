package io.switchback.port;

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
                  site.highestGeneration(),
                  site.now());
            });
  }
}
