package io.switchback.registry;

import io.temporal.activity.Activity;

/** Tells which attempt of an activity asks, from 1. */
@FunctionalInterface
public interface Attempt {
  /** The attempt of the activity that this thread runs. */
  Attempt OF_ACTIVITY = () -> Activity.getExecutionContext().getInfo().getAttempt();

  int number();
}
