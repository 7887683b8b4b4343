package io.switchback.port;

import static io.switchback.port.CycleMutantsTest.planning;
import static io.switchback.port.CycleMutantsTest.with;

import io.switchback.model.Mandate;
import io.switchback.model.RestorePoint;
import io.switchback.model.Retention;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that let the wrong restore points go; the suite notices. */
final class CyclePointsMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeCycleActivities::new);

  static final class Suite extends CyclePointsContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, CycleActivities, RegistryFixture> mutants =
        new AdapterMutants<>(CyclePointsContract.class, CycleMutantsTest::with);
    return mutants
        .add(
            "runs cycles only of loops",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  boolean isOwn(FakeReplica replica, @Nullable Mandate mandate) {
                    return false;
                  }
                },
            "letsNoPointGoForThoseThatAnOperationMakes")
        .add(
            "lets the newest go first",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  List<RestorePoint> expired(FakeReplica replica) {
                    return replica.points.reversed().stream()
                        .limit(super.expired(replica).size())
                        .toList();
                  }
                },
            "letsTheOldestRestorePointsGoFirstAndNeverTheNewest")
        .add(
            "lets points go from under whoever uses them",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  boolean isNeeded(FakeReplica replica, RestorePoint point) {
                    return false;
                  }
                },
            "letsNoRestorePointGoThatAnOperationUsesUntilTheReplicaIsReadyAgain",
            "letsNoRestorePointGoThatTheReplicaServedFromWhileItIsFailedBack")
        .add(
            "knows no age",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  List<RestorePoint> expired(FakeReplica replica) {
                    replica.retention = new Retention(replica.retention.points(), null);
                    return super.expired(replica);
                  }
                },
            "letsRestorePointsGoThatAreOlderThanThePolicySays")
        .add(
            "names no snapshots",
            registry -> planning(registry, fence -> fence, snapshots -> List.of()),
            "namesTheSnapshotsOfAllRestorePoints")
        .add(
            "forgets nothing",
            registry ->
                new FakeCycleActivities(registry) {
                  @Override
                  public Done forgetRestorePoint(ForgetRestorePoint request) {
                    return new Done(true, Attempts.current());
                  }
                },
            "forgetsARestorePointOnce")
        .tests(Suite.class, next -> fixture = next);
  }
}
