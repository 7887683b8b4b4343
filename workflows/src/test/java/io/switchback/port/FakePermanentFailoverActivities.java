package io.switchback.port;

/** What permanent failovers change in a {@link FakeRegistry}. */
class FakePermanentFailoverActivities implements PermanentFailoverActivities {
  private final FakeRegistry registry;
  private final FakeClaimActivities claims;

  FakePermanentFailoverActivities(FakeRegistry registry) {
    this.registry = registry;
    this.claims = new FakeClaimActivities(registry);
  }

  @Override
  public LetGo letGoRestorePoints(LetGoRestorePoints request) {
    var _ =
        claims.change(
            "letGoRestorePoints",
            "letGo",
            request.replicaId(),
            request.mandate(),
            replica -> {
              boolean changes = replica.letGo.addAll(replica.points);
              replica.points.clear();
              return changes;
            });
    return new LetGo(registry.letGo(request.replicaId()), Attempts.current());
  }

  @Override
  public Done forgetLetGoPoints(ForgetLetGoPoints request) {
    return claims.change(
        "forgetLetGoPoints",
        "forget",
        request.replicaId(),
        request.mandate(),
        replica -> {
          boolean changes = !replica.letGo.isEmpty();
          replica.letGo.clear();
          return changes;
        });
  }

  @Override
  public Done excludeProduction(ExcludeProduction request) {
    return claims.change(
        "excludeProduction",
        "exclude",
        request.replicaId(),
        request.mandate(),
        replica ->
            registry.excluded.putIfAbsent(replica.replica.production().id(), request.reason())
                == null);
  }
}
