package io.switchback.worker.model;

import io.switchback.fault.Fault;

/**
 * What goes wrong while a run over the replica is at work. It happens at one of the run's
 * activities, counted from 0; of a run that has fewer nothing goes wrong.
 */
sealed interface Disturbance {
  /** Nothing goes wrong. */
  Disturbance NONE = new Fails(0, Fault.UNEXPECTED, 0, false);

  /** The activity at which it happens; none of them when negative. */
  int activity();

  /** Whether it happens once the activity has acted. */
  boolean acted();

  /**
   * The activity fails.
   *
   * @param times how many attempts of it
   * @param acted whether what it did is done, and only its answer is lost
   */
  record Fails(int activity, Fault fault, int times, boolean acted) implements Disturbance {
    @Override
    public String toString() {
      return times == 0
          ? "undisturbed"
          : "%s %d times at activity %d%s"
              .formatted(fault, times, activity, acted ? ", which has acted" : "");
    }
  }

  /**
   * The run is terminated, and nobody goes on with it.
   *
   * @param acted whether the activity ends before the run does; otherwise it acts for a dead run
   */
  record RunDies(int activity, boolean acted) implements Disturbance {
    @Override
    public String toString() {
      return "dies at activity %d%s".formatted(activity, acted ? ", which has acted" : "");
    }
  }

  /**
   * The workers are gone with all that they know of every run, and what the activity answers is
   * never heard; others go on.
   *
   * @param acted whether the activity has acted before its worker was gone
   */
  record WorkerStops(int activity, boolean acted) implements Disturbance {
    @Override
    public String toString() {
      return "workers gone at activity %d%s".formatted(activity, acted ? ", which has acted" : "");
    }
  }

  /**
   * A site fails, whoever calls it.
   *
   * @param call that fails, by the site's name for it
   * @param times how many calls of it
   * @param fault that the site answers instead of acting; empty: it acts, and breaks the connection
   *     instead of answering
   */
  record SiteFails(String site, String call, int times, String fault) implements Disturbance {
    @Override
    public int activity() {
      return -1;
    }

    @Override
    public boolean acted() {
      return fault.isEmpty();
    }

    @Override
    public String toString() {
      return "%s %s %d times of %s"
          .formatted(site, fault.isEmpty() ? "loses its answer" : "fails " + fault, times, call);
    }
  }
}
