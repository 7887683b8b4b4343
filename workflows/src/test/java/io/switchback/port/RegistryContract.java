package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Consistency;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.ClaimActivities.ClaimReplica;
import io.switchback.port.ClaimActivities.HoldReplication;
import io.switchback.port.ClaimActivities.ReleaseReplica;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites of the registry's ports have in common. */
public abstract class RegistryContract {
  static final String OURS = "0190c5d2-3f6a-7cc3-98c4-dc0c0c07398f";
  static final String THEIRS = "0190c5d2-4b1e-7d2a-8f00-1f3b5a7c9e11";
  static final String NOBODYS = "0190c5d2-5a77-7b10-9d21-6f0e8c4b2a55";
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  RegistryFixture registry;
  PortCaller<ClaimActivities> claims;

  /** An empty registry for one test. */
  protected abstract RegistryFixture open() throws Exception;

  @BeforeEach
  final void openRegistry() throws Exception {
    registry = open();
    claims = new PortCaller<>(ClaimActivities.class, registry.claims());
  }

  @AfterEach
  final void closeRegistry() {
    claims.close();
    registry.close();
  }

  static FaultException assertFault(Fault fault, ThrowingCallable call) {
    FaultException thrown = catchThrowableOfType(FaultException.class, call);
    assertThat(thrown).as("a fault, %s", fault).isNotNull();
    assertThat(thrown.fault()).as(thrown.sentence()).isEqualTo(fault);
    assertThat(thrown.sentence()).isNotBlank();
    return thrown;
  }

  static RestorePoint point(String id, Duration afterNoon) {
    return new RestorePoint(id, "snapshot-" + id, NOON.plus(afterNoon), Consistency.CRASH);
  }

  ClaimReplica claimRequest(Replica replica, String operationId, Operation operation) {
    return new ClaimReplica(
        operationId,
        operation,
        replica.id(),
        "workflow-" + operationId,
        "run-1",
        "dana",
        null,
        null);
  }

  Claim claim(Replica replica, String operationId, Operation operation) {
    return claims.call().claimReplica(claimRequest(replica, operationId, operation));
  }

  Done hold(Replica replica, Mandate mandate) {
    return claims
        .call()
        .holdReplication(new HoldReplication(mandate, replica.id(), "a disaster is being met"));
  }

  Done release(Replica replica, Mandate mandate) {
    return claims.call().releaseReplica(new ReleaseReplica(mandate, replica.id()));
  }

  static Mandate mandate(String operationId, Fence fence, long step) {
    return new Mandate(operationId, "step " + step, fence.atStep(step));
  }

  /** Whatever two calls that begin together come to: the answer, or the fault. */
  static <T> List<Object> atOnce(Callable<T> first, Callable<T> second) throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    List<Object> outcomes = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> call : List.of(first, second)) {
        futures.add(
            threads.submit(
                () -> {
                  together.await();
                  return call.call();
                }));
      }
      for (Future<T> future : futures) {
        try {
          outcomes.add(future.get());
        } catch (ExecutionException thrown) {
          outcomes.add(thrown.getCause());
        }
      }
    }
    return outcomes;
  }
}
