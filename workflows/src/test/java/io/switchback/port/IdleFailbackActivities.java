package io.switchback.port;

/** Failbacks of which nothing is kept, for the suites' mutants. */
final class IdleFailbackActivities extends FakeFailbackActivities {
  IdleFailbackActivities(FakeRegistry registry) {
    super(registry);
  }

  @Override
  public Done beginFailback(BeginFailback request) {
    return done();
  }

  @Override
  public FailbackView describeFailback(DescribeFailback request) {
    return new FailbackView(null);
  }

  @Override
  public Done recordRound(RecordRound request) {
    return done();
  }

  @Override
  public Done moveSwitch(MoveSwitch request) {
    return done();
  }

  @Override
  public Done completeSwitch(CompleteSwitch request) {
    return done();
  }

  @Override
  public Done endFailback(EndFailback request) {
    return done();
  }

  private static Done done() {
    return new Done(true, Attempts.current());
  }
}
