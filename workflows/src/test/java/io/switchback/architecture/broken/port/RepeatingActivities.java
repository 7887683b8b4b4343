package io.switchback.architecture.broken.port;

import io.temporal.activity.ActivityInterface;

/** Breaks a rule. */
@ActivityInterface
interface RepeatingActivities {
  void one();
}
