package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.FaultScript;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What a replica's loop does beside the steps of a cycle that ends well. */
abstract class LoopStory extends Story {
  private String first = "";

  LoopStory(CrashEstate estate) {
    super(estate);
  }

  /** What has to be so before the turn of the loop. */
  abstract void prepare() throws Exception;

  /** What the turn has come to. */
  abstract void check(ReplicationStatus status);

  /** How many restore points it keeps. */
  int keeps() {
    return 14;
  }

  @Override
  void before() throws Exception {
    create(vm);
    done(
        start(
            "Protect",
            Map.of(
                "vms",
                List.of(vm),
                "from",
                "berlin",
                "to",
                "potsdam",
                "networks",
                Map.of("tenant", "tenant"),
                "policy",
                Map.of(
                    "name",
                    "keep-" + keeps(),
                    "interval",
                    "PT1H",
                    "retention",
                    Map.of("points", keeps())))));
    awaitPoint();
    first = newest(status());
    prepare();
  }

  @Override
  Begun begin() {
    var turn = CompletableFuture.supplyAsync(this::turn);
    return new Begun(
        List.of(Replication.workflowId(replicaId())), () -> check(turn.get(90, TimeUnit.SECONDS)));
  }

  final ReplicationStatus turn() {
    WorkflowStub loop = estate.temporal.newUntypedWorkflowStub(Replication.workflowId(replicaId()));
    return loop.update("replicateNow", ReplicationStatus.class);
  }

  final void assertMade(ReplicationStatus status) {
    assertThat(status.problem()).as(status.toString()).isEmpty();
    assertThat(newest(status)).as(status.toString()).isNotEqualTo(first);
  }

  private static String newest(ReplicationStatus status) {
    var newest = status.newest();
    return newest == null ? "" : newest.id();
  }

  final long count(String from) {
    return estate.count("select count(*) from " + from.formatted(replicaId()));
  }

  /** A cycle after which the policy lets the older restore point go. */
  static final class Expiry extends LoopStory {
    Expiry(CrashEstate estate) {
      super(estate);
    }

    @Override
    int keeps() {
      return 1;
    }

    @Override
    void prepare() {}

    @Override
    void check(ReplicationStatus status) {
      assertMade(status);
      assertThat(points()).as("at the recovery site").isOne();
      assertThat(count("restore_point where replica_id = '%s'")).as("in the registry").isOne();
    }

    @Override
    void after() throws Exception {
      tidy();
    }
  }

  /** A cycle that comes to nothing, and the next one, which does not. */
  static final class VainCycle extends LoopStory {
    VainCycle(CrashEstate estate) {
      super(estate);
    }

    @Override
    void prepare() {
      var _ = estate.production.script(FaultScript.failing("createSnapshot", vm, "DATASTORE_FULL"));
    }

    @Override
    void check(ReplicationStatus status) {
      assertThat(status.problem()).as(status.toString()).isNotEmpty();
      assertThat(count("replica where id = '%s' and last_problem is not null")).isOne();
    }

    @Override
    void after() throws Exception {
      estate.production.clearScripts();
      assertMade(turn());
      assertThat(count("replica where id = '%s' and last_problem is null")).isOne();
      assertThat(estate.production.snapshots(vm)).isEmpty();
      tidy();
    }
  }

  /** A turn that finds a replica which somebody has powered on by hand, and measures the room. */
  static final class Watch extends LoopStory {
    private long samples;

    Watch(CrashEstate estate) {
      super(estate);
    }

    @Override
    void prepare() {
      powerOnByHand();
      CrashEstate.until(
          "the room to be due again",
          () ->
              count("room_sample where recorded_at > clock_timestamp() - interval '10 seconds'")
                  == 0);
      samples = count("room_sample");
    }

    @Override
    void check(ReplicationStatus status) {
      assertThat(count("sighting where replica_id = '%s'")).isOne();
      assertThat(count("drift where replica_id = '%s' and kind = 'REPLICA_RUNS'")).isOne();
      assertThat(count("room_sample")).isGreaterThan(samples);
    }

    @Override
    void after() throws Exception {
      tidy();
    }
  }
}
