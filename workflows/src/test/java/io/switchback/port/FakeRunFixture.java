package io.switchback.port;

/** Runs in memory, seen by the reference adapter or by one that breaks a promise. */
final class FakeRunFixture implements RunFixture {
  private final FakeRunActivities runs;

  FakeRunFixture(FakeRunActivities runs) {
    this.runs = runs;
  }

  @Override
  public RunActivities runs() {
    return runs;
  }

  @Override
  public String start(String workflowId) {
    String run = "run-" + runs.runs.size();
    runs.runs.add(run);
    return run;
  }

  @Override
  public void terminate(String workflowId) {
    runs.closed.add(runs.runs.getLast());
  }

  @Override
  public void close() {}
}
