package io.switchback.model;

import io.switchback.model.Failback.Round;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A failback of which a test names only what it is about. */
public final class SomeFailback {
  private final FailbackTo to;
  private final VmRef before;
  private final VmRef target;
  private final List<DiskPair> disks;
  private List<NetworkMapping> networks = List.of();
  private boolean targetRan;
  private boolean targetIsolated;
  private String targetSnapshot = "before-failback";
  private Switchover switchover = Switchover.AUTO;
  private @Nullable Instant switchAt;
  private boolean powerOn = true;
  private @Nullable Round round;
  private @Nullable RestorePoint protectivePoint;
  private @Nullable Duration resynchroniseEvery;

  private SomeFailback(FailbackTo to, VmRef before, VmRef target, List<DiskPair> disks) {
    this.to = to;
    this.before = before;
    this.target = target;
    this.disks = disks;
  }

  /** To production, which was off; it switches over by itself. */
  public static SomeFailback home(Replica replica) {
    return to(FailbackTo.PRODUCTION, replica, replica.production(), replica.disks());
  }

  /** The same to another VM. */
  public static SomeFailback to(
      FailbackTo to, Replica replica, VmRef target, List<DiskPair> disks) {
    return new SomeFailback(to, replica.production(), target, disks);
  }

  /** One that is as {@code known} so far. */
  public static SomeFailback like(Failback known) {
    SomeFailback like = new SomeFailback(known.to(), known.before(), known.target(), known.disks());
    like.networks = known.networks();
    like.targetRan = known.targetRan();
    like.targetIsolated = known.targetIsolated();
    like.targetSnapshot = known.targetSnapshot();
    like.switchover = known.switchover();
    like.switchAt = known.switchAt();
    like.powerOn = known.powerOn();
    like.round = known.round();
    like.protectivePoint = known.protectivePoint();
    like.resynchroniseEvery = known.resynchroniseEvery();
    return like;
  }

  public SomeFailback networks(NetworkMapping... map) {
    networks = List.of(map);
    return this;
  }

  public SomeFailback targetRan() {
    targetRan = true;
    return this;
  }

  public SomeFailback targetIsolated() {
    targetIsolated = true;
    return this;
  }

  public SomeFailback targetSnapshot(String name) {
    targetSnapshot = name;
    return this;
  }

  /** Nobody switches it over by itself. */
  public SomeFailback manual() {
    return switchover(Switchover.MANUAL, null);
  }

  public SomeFailback scheduled(Instant at) {
    return switchover(Switchover.SCHEDULED, at);
  }

  public SomeFailback switchover(Switchover how, @Nullable Instant at) {
    switchover = how;
    switchAt = at;
    return this;
  }

  /** The target is left off after the switch. */
  public SomeFailback leftOff() {
    powerOn = false;
    return this;
  }

  public SomeFailback round(@Nullable Round last) {
    round = last;
    return this;
  }

  public SomeFailback protectivePoint(@Nullable RestorePoint point) {
    protectivePoint = point;
    return this;
  }

  public SomeFailback resynchronisedEvery(Duration every) {
    resynchroniseEvery = every;
    return this;
  }

  public Failback build() {
    return new Failback(
        to,
        before,
        target,
        disks,
        networks,
        targetRan,
        targetIsolated,
        targetSnapshot,
        switchover,
        switchAt,
        powerOn,
        round,
        protectivePoint,
        resynchroniseEvery);
  }
}
