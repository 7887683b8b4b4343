package io.switchback.model;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How VMs are protected. Every field may be absent; the default then holds.
 *
 * @param name by which replicas refer to it; {@value #DEFAULT_NAME}
 * @param interval from the start of one cycle to the start of the next; 15 min
 * @param rpoObjective how old the newest restore point may become; twice the interval
 * @param retention which restore points are kept; the newest 14
 * @param consistency whether the guest's tools complete what is half done before a snapshot;
 *     APPLICATION
 * @param checks that tell whether a started guest serves; none
 * @param compareEvery how long cycles may go by change lists before one reads both disks in full;
 *     absent: none does without a reason of its own
 */
public record Policy(
    String name,
    Duration interval,
    Duration rpoObjective,
    Retention retention,
    Consistency consistency,
    List<Check> checks,
    @Nullable Duration compareEvery) {
  /** The policy of a VM for which nobody names one. */
  public static final String DEFAULT_NAME = "default";

  /** Every default. */
  public static final Policy DEFAULT = every(DEFAULT_NAME, Duration.ofMinutes(15));

  public Policy {
    name = name == null ? DEFAULT_NAME : name;
    interval = interval == null ? Duration.ofMinutes(15) : interval;
    rpoObjective = rpoObjective == null ? interval.multipliedBy(2) : rpoObjective;
    retention = retention == null ? Retention.DEFAULT : retention;
    consistency = consistency == null ? Consistency.APPLICATION : consistency;
    checks = checks == null ? List.of() : List.copyOf(checks);
    new Mistakes()
        .required(name, "name")
        .unless(interval.toMillis() >= 1000, "interval must be at least 1 s")
        .unless(
            rpoObjective.compareTo(interval) >= 0,
            "rpoObjective must not be shorter than the interval, which no cycle could hold")
        .unless(
            compareEvery == null || compareEvery.compareTo(interval) >= 0,
            "compareEvery must not be shorter than the interval: no more than every cycle compares")
        .refuse("policy");
  }

  /** A policy of that name and interval, everything else by default. */
  public static Policy every(String name, Duration interval) {
    return new Policy(
        name,
        interval,
        interval.multipliedBy(2),
        Retention.DEFAULT,
        Consistency.APPLICATION,
        List.of(),
        null);
  }

  /** This policy, keeping the newest so many restore points. */
  public Policy keeping(int points) {
    return new Policy(
        name,
        interval,
        rpoObjective,
        new Retention(points, null),
        consistency,
        checks,
        compareEvery);
  }

  /** This policy, looking at started guests by these checks. */
  public Policy checkedBy(Check... looks) {
    return new Policy(
        name, interval, rpoObjective, retention, consistency, List.of(looks), compareEvery);
  }

  /** This policy, comparing both disks in full at least so often. */
  public Policy comparing(Duration every) {
    return new Policy(name, interval, rpoObjective, retention, consistency, checks, every);
  }
}
