package io.switchback.port;

import java.util.Collections;

/** The suite's loops in memory, told by the reference adapter or by one that breaks a promise. */
final class FakeLookoutFixture implements LookoutFixture {
  private final FakeLookoutActivities loops;

  FakeLookoutFixture(FakeLookoutActivities loops) {
    this.loops = loops;
  }

  @Override
  public LookoutActivities lookout() {
    return loops;
  }

  @Override
  public void start(String ruleId) {
    loops.start(ruleId);
  }

  @Override
  public void end(String ruleId) {
    loops.end(ruleId);
  }

  @Override
  public int started(String ruleId) {
    return loops.started(ruleId);
  }

  @Override
  public int looks(String ruleId) {
    return Collections.frequency(loops.looks(), ruleId);
  }

  @Override
  public void close() {}
}
