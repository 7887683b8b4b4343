package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Replica;
import io.switchback.port.ClaimActivities;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.MoveReplica;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that claim one replica over and over, each time for another operation. Winners pause:
 * some while they hold the claim, some in the middle of the transaction that claims, and of each
 * some for longer than the database, the driver and the pool forgive.
 *
 * <p>The race is its own witness: who holds the replica, and which fence was given last, it keeps
 * in memory.
 */
final class ClaimRace {
  static final int CONNECTIONS = 4;
  static final Duration STATEMENT_LIMIT = Duration.ofSeconds(1);

  /** The server ends an idle transaction, and the driver a silent connection, after two limits. */
  private static final Duration BEYOND_EVERY_LIMIT = STATEMENT_LIMIT.multipliedBy(5).dividedBy(2);

  private final Replica replica;
  private final int threads;
  private final boolean outlasting;
  private final AtomicInteger holders = new AtomicInteger();
  private final AtomicLong claims = new AtomicLong();
  private final AtomicLong won = new AtomicLong();
  private final AtomicInteger longPauses = new AtomicInteger();
  private final AtomicInteger overtaken = new AtomicInteger();
  private final Map<Fault, Long> refusals = new ConcurrentHashMap<>();
  private final List<String> mistakes = Collections.synchronizedList(new ArrayList<>());
  private volatile Fence highest = new Fence(1, 0, 0, 0);

  /**
   * @param outlasting whether some pause for longer than any limit
   */
  ClaimRace(Replica replica, int threads, boolean outlasting) {
    this.replica = replica;
    this.threads = threads;
    this.outlasting = outlasting;
  }

  /** Makes so many attempts; whoever wins releases before it tries again. */
  void run(TestRegistry registry, int attempts) throws Exception {
    refusals.clear();
    AtomicInteger left = new AtomicInteger(attempts);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> racers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        racers.add(
            pool.submit(
                () -> {
                  while (left.getAndDecrement() > 0) {
                    attempt(registry);
                  }
                }));
      }
      for (Future<?> racer : racers) {
        racer.get();
      }
    }
  }

  /** Moments at which two held the replica, or a fence did not grow, or a late step was taken. */
  List<String> mistakes() {
    return List.copyOf(mistakes);
  }

  long claims() {
    return claims.get();
  }

  /** Refusals of the last run. */
  Map<Fault, Long> refusals() {
    return Map.copyOf(refusals);
  }

  /** Claims that were held for longer than any limit. */
  int pausedBeyondEveryLimit() {
    return longPauses.get();
  }

  /** Claims that the server took back before they were committed. */
  int overtakenInTheirTransaction() {
    return overtaken.get();
  }

  Fence highest() {
    return highest;
  }

  private void attempt(TestRegistry registry) {
    String operation = TestRegistry.operationId();
    boolean[] stalled = {false};
    ClaimActivities claims =
        new PostgresClaimActivities(
            registry.database,
            () -> {
              // Asked when the claim is made and not yet committed.
              stalled[0] = pauseUncommitted(won.incrementAndGet());
              return 1;
            });
    Claim claim = claim(claims, operation);
    if (claim == null && stalled[0]) {
      overtaken.incrementAndGet();
      // Temporal asks again, and does not know what became of the first attempt.
      claim = claim(registry.claims, operation);
    }
    if (claim == null) {
      pause(Duration.ofMillis(operation.hashCode() & 7));
    } else {
      hold(registry, claim, operation);
    }
  }

  private @Nullable Claim claim(ClaimActivities port, String operation) {
    try {
      return port.claimReplica(
          TestRegistry.request(replica, Operation.PARTIAL_FAILOVER, operation));
    } catch (FaultException refused) {
      refusals.merge(refused.fault(), 1L, Long::sum);
      return null;
    }
  }

  private void hold(TestRegistry registry, Claim claim, String operation) {
    int together = holders.incrementAndGet();
    if (together != 1) {
      mistakes.add(together + " hold the replica, the last with " + claim.fence());
    }
    if (claim.fence().compareTo(highest) <= 0) {
      mistakes.add(claim.fence() + " was given out after " + highest);
    }
    highest = claim.fence();
    pauseHolding(claims.incrementAndGet());
    expect(null, () -> move(registry, claim, operation, 1));
    holders.decrementAndGet();
    expect(null, () -> release(registry, claim, operation));
    expect(Fault.FENCED, () -> move(registry, claim, operation, 3));
  }

  private void move(TestRegistry registry, Claim claim, String operation, long step) {
    registry.claims.moveReplica(
        new MoveReplica(
            TestRegistry.mandate(claim, operation, step), replica.id(), ReplicaState.READY));
  }

  private void release(TestRegistry registry, Claim claim, String operation) {
    registry.claims.releaseReplica(
        new ReleaseReplica(TestRegistry.mandate(claim, operation, 2), replica.id()));
  }

  /** A step that waits in vain for a lock is tried again, as Temporal does. */
  private void expect(@Nullable Fault wanted, Runnable step) {
    Fault fault = Race.faultOf(step);
    while (fault == Fault.REGISTRY_UNAVAILABLE) {
      fault = Race.faultOf(step);
    }
    if (fault != wanted) {
      mistakes.add("a step ended with " + fault + " instead of " + wanted);
    }
  }

  private boolean pauseUncommitted(long win) {
    boolean isLong = outlasting && win % 100 == 15;
    pause(isLong ? BEYOND_EVERY_LIMIT : Duration.ZERO);
    return isLong;
  }

  private void pauseHolding(long claim) {
    if (outlasting && claim % 100 == 30) {
      pause(BEYOND_EVERY_LIMIT);
      longPauses.incrementAndGet();
    } else {
      pause(Duration.ofMillis(claim % 4));
    }
  }

  private static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
