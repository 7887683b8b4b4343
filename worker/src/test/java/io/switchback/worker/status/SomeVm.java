package io.switchback.worker.status;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.CommitWindow;
import io.switchback.model.Consistency;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import io.switchback.registry.EstateView.ClaimView;
import io.switchback.registry.EstateView.FailbackView;
import io.switchback.registry.EstateView.IsolationView;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.registry.EstateView.WaitView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A VM as the registry knows it, of which a test names only what it is about. */
final class SomeVm {
  static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final Replica replica;
  private final List<RestorePoint> points;
  private ReplicaState state = ReplicaState.READY;
  private Duration age = Duration.ofSeconds(12);
  private @Nullable ClaimView claim;
  private @Nullable String hold;
  private @Nullable String problem;
  private @Nullable WaitView wait;
  private @Nullable IsolationView isolation;
  private @Nullable FailbackView failback;
  private @Nullable CommitWindow window;

  /** It is READY and replicates every 30 s, the last time 12 s ago. */
  SomeVm(String name) {
    this.replica =
        new Replica(
            "id-" + name,
            name,
            new VmRef("berlin", "p-" + name, name),
            new VmRef("munich", "r-" + name, name),
            List.of(new DiskPair("p", "r", 1 << 20)),
            List.of());
    this.points =
        List.of(
            new RestorePoint(name + "-0002", "s2", NOW.minusSeconds(12), Consistency.CRASH),
            new RestorePoint(name + "-0001", "s1", NOW.minusSeconds(42), Consistency.CRASH));
  }

  Replica replica() {
    return replica;
  }

  SomeVm is(ReplicaState now) {
    state = now;
    return this;
  }

  SomeVm heldBy(ClaimView operation) {
    claim = operation;
    return this;
  }

  SomeVm onHold(String why) {
    hold = why;
    return this;
  }

  /** Its last cycle came to nothing. */
  SomeVm failed(String why) {
    problem = why;
    return this;
  }

  SomeVm aged(Duration ofNewestPoint) {
    age = ofNewestPoint;
    return this;
  }

  SomeVm waits(WaitView forPlace) {
    wait = forPlace;
    return this;
  }

  SomeVm isolated(IsolationView one) {
    isolation = one;
    return this;
  }

  SomeVm failsBack(Failback open, Instant since) {
    failback = new FailbackView(open, since);
    return this;
  }

  SomeVm within(CommitWindow open) {
    window = open;
    return this;
  }

  ReplicaView view() {
    return new ReplicaView(
        replica,
        state,
        2,
        claim,
        hold,
        points,
        age,
        problem,
        problem == null ? null : NOW,
        Policy.every("lab", Duration.ofSeconds(30)),
        null,
        "",
        wait,
        isolation,
        failback,
        window);
  }
}
