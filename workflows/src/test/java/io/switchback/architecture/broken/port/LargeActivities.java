package io.switchback.architecture.broken.port;

import io.switchback.architecture.broken.operation.Failover;
import io.temporal.activity.ActivityInterface;

/** Breaks a rule. */
@ActivityInterface
public interface LargeActivities {
  Failover one();

  void two(String id);

  void three(String id, String name);

  void four();

  void five();

  void six();

  void seven();
}
