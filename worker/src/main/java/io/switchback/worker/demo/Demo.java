package io.switchback.worker.demo;

import io.switchback.lab.LabClient;
import io.switchback.lab.PowerState;
import io.switchback.lab.VmView;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.operation.Checks;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.port.Payloads;
import io.switchback.registry.Estate;
import io.switchback.registry.EstateView;
import io.switchback.registry.RegistryDatabase;
import io.switchback.worker.demo.DemoReport.Figures;
import io.switchback.worker.demo.ReplicationWatch.Seen;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.TextTable;
import io.switchback.worker.run.Words;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The story that the demo tells: four VMs write all the time; they are replicated; two fail over
 * while production goes on running, each from its own restore point; a separate reader looks at the
 * replicas' disks; the failover is undone; the reader looks at production's. One more goes over for
 * good, and one goes over and home again.
 */
final class Demo {
  private static final int POINTS = 3;
  private static final String OLDER = "db-01";
  private static final String FOR_GOOD = "app-01";
  private static final List<String> FAILED_OVER = List.of("web-01", OLDER);

  private final WorkflowClient temporal;
  private final RegistryDatabase registry;
  private final LabClient production;
  private final LabClient recovery;
  private final Witnesses witnesses;
  private final Operations operations;
  private final Narrator narrator;
  private final Optional<DemoNetwork> network;

  Demo(
      WorkflowClient temporal,
      RegistryDatabase registry,
      LabClient production,
      LabClient recovery,
      Witnesses witnesses,
      Operations operations,
      Narrator narrator,
      Optional<DemoNetwork> network) {
    this.temporal = temporal;
    this.registry = registry;
    this.production = production;
    this.recovery = recovery;
    this.witnesses = witnesses;
    this.operations = operations;
    this.narrator = narrator;
    this.network = network;
  }

  /**
   * What the demo found.
   *
   * @param vms one for each VM and operation
   * @param home the way home of one VM
   */
  record Found(List<Figures> vms, WayHome.Walked home) {}

  Found run() {
    narrator.chapter("PROTECT  four VMs at berlin write all the time; potsdam follows");
    DemoEstate.populate(production, network);
    DemoEstate.describeSites(registry, network);
    OperationResult protection = operations.conduct("Protect", DemoEstate.protection());
    if (protection.outcome() != Outcome.DONE) {
      throw Refusal.failed("Not every VM came under protection; see above.");
    }
    Map<String, Replica> replicas = DemoEstate.replicas(registry);
    Map<String, Seen> seen =
        new ReplicationWatch(temporal, narrator).until(replicas.values(), POINTS);

    List<RestorePoint> points = points(OLDER, seen);
    RestorePoint older = points.get(points.size() - 2);
    narrator.chapter("FAIL OVER  web-01 from its newest restore point, db-01 from " + older.id());
    List<Figures> figures = new ArrayList<>();
    for (MemberResult member : operations.conduct("PartialFailover", failover(older)).members()) {
      refuseOtherPoint(member, older);
      Seen replication = seen.getOrDefault(member.vm(), new Seen());
      figures.add(judgeFailover(member, replicas, replication.sentBytes()));
    }

    narrator.chapter("UNDO  the replicas stop, what they wrote is discarded, replication goes on");
    long undoBegun = System.nanoTime();
    OperationResult undone =
        operations.conduct(
            "UndoFailover",
            Payloads.mapper().writeValueAsString(Map.of("vms", FAILED_OVER, "by", "demo")));
    Duration took = Duration.ofNanos(System.nanoTime() - undoBegun);
    undone.members().forEach(member -> figures.add(judgeUndo(member, took)));
    if (figures.size() != 2 * FAILED_OVER.size()) {
      throw Refusal.failed("Not every VM came back from its operations; see above.");
    }
    figures.add(makePermanent(replicas, seen.getOrDefault(FOR_GOOD, new Seen()).sentBytes()));
    WayHome.Walked home =
        new WayHome(production, witnesses, operations, narrator, network)
            .walk(replica(replicas, WayHome.VM));
    showEstate();
    return new Found(figures, home);
  }

  /** Gives production up for one VM: it fails over, and its replica becomes production. */
  private Figures makePermanent(Map<String, Replica> replicas, long bytesMoved) {
    narrator.chapter("FOR GOOD  " + FOR_GOOD + " fails over, and its replica becomes production");
    MemberResult failedOver =
        operations.conduct("PartialFailover", failover(List.of(FOR_GOOD))).members().getFirst();
    Figures failover = judgeFailover(failedOver, replicas, bytesMoved);
    long begun = System.nanoTime();
    MemberResult member = operations.conduct("PermanentFailover", confirmed()).members().getFirst();
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    VmView left = recovery.look(replica(replicas, FOR_GOOD).recovery().id());
    boolean alone = left.snapshots().isEmpty() && left.power() == PowerState.ON;
    narrator.line(
        "%-8s runs at potsdam with %d snapshots: what it wrote is merged, there is no way back"
            .formatted(member.vm(), left.snapshots().size()));
    return new Figures(
        member.vm(),
        "PermanentFailover",
        failover.rpoSeconds(),
        failover.rpoRecords(),
        failover.recordsLost(),
        seconds(took),
        bytesMoved,
        failover.verified()
            && alone
            && member.outcome() == Outcome.DONE
            && member.state() == ReplicaState.PERMANENT);
  }

  private static Replica replica(Map<String, Replica> replicas, String vm) {
    Replica replica = replicas.get(vm);
    if (replica == null) {
      throw Refusal.failed("'" + vm + "' is not protected; see above.");
    }
    return replica;
  }

  /** The demo reads off how many points there are, as a person does from the refusal. */
  private String confirmed() {
    int points =
        new Estate(registry)
            .read(0).replicas().stream()
                .filter(vm -> vm.replica().name().equals(FOR_GOOD))
                .mapToInt(vm -> vm.points().size())
                .sum();
    return Payloads.mapper()
        .writeValueAsString(
            Map.of(
                "vms",
                List.of(
                    Map.of(
                        "name",
                        FOR_GOOD,
                        "confirm",
                        "remove %d restore point%s of %s"
                            .formatted(points, points == 1 ? "" : "s", FOR_GOOD))),
                "by",
                "demo",
                "reason",
                "the demo gives berlin up for one VM"));
  }

  private static void refuseOtherPoint(MemberResult member, RestorePoint older) {
    RestorePoint point = member.restorePoint();
    boolean isOlder = point != null && point.id().equals(older.id());
    boolean asked = isOlder == member.vm().equals(OLDER);
    if (!asked) {
      throw Refusal.failed(
          "'%s' was failed over to %s, which nobody asked for."
              .formatted(member.vm(), member.restorePoint()));
    }
  }

  private void showEstate() {
    TextTable table = new TextTable("VM", "SITES", "STATE", "RESTORE POINTS", "NEWEST IS OLD");
    for (EstateView.ReplicaView vm : new Estate(registry).read(0).replicas()) {
      Replica replica = vm.replica();
      Duration age = vm.newestPointAge();
      table.row(
          replica.name(),
          replica.production().site() + " → " + replica.recovery().site(),
          vm.state().name(),
          Integer.toString(vm.points().size()),
          age == null ? "-" : Words.of(age));
    }
    narrator.chapter("THE ESTATE");
    table.lines().forEach(narrator::detail);
  }

  private static List<RestorePoint> points(String vm, Map<String, Seen> seen) {
    return seen.getOrDefault(vm, new Seen()).points();
  }

  /**
   * Production goes on running, so the input says on whose word and why the failover goes on all
   * the same.
   */
  private static String failover(RestorePoint older) {
    return failover(List.of("web-01", Map.of("name", OLDER, "restorePoint", older.id())));
  }

  private static String failover(List<Object> vms) {
    return Payloads.mapper()
        .writeValueAsString(
            Map.of(
                "vms",
                vms,
                "by",
                "demo",
                "overrides",
                List.of(
                    Map.of(
                        "check", Checks.PRODUCTION_STILL_RUNS,
                        "by", "demo",
                        "reason", "the demo fails over while production goes on"))));
  }

  private Figures judgeFailover(
      MemberResult member, Map<String, Replica> replicas, long bytesMoved) {
    Replica replica = replicas.get(member.vm());
    JsonNode read =
        replica == null
            ? Payloads.mapper().nullNode()
            : witnesses.ofReplica(member.vm(), replica.recovery().name());
    RestorePoint point = member.restorePoint();
    // The witness names the snapshot that the replica stood on, by the lab's journal and not by our
    // word.
    boolean whole =
        Witnesses.isOk(read)
            && read.path("recordsWhole").asLong() > 0
            && point != null
            && read.path("restorePoint").asString("").equals(point.snapshot());
    narrator.line(
        "%-8s the witness read its disk: production's records 1 to %d are whole (flushed before the point: %d, written: %d)%s"
            .formatted(
                member.vm(),
                read.path("recordsWhole").asLong(),
                read.path("flushedBefore").asLong(),
                read.path("writtenBefore").asLong(),
                objections(read)));
    return new Figures(
        member.vm(),
        "PartialFailover",
        seconds(member.rpo()),
        read.path("rpoRecords").asLong(-1),
        read.path("recordsLost").asLong(-1),
        seconds(member.rto()),
        bytesMoved,
        whole && member.outcome() == Outcome.DONE && member.verified());
  }

  private Figures judgeUndo(MemberResult member, Duration took) {
    JsonNode read = witnesses.ofProduction(member.vm());
    narrator.line(
        "%-8s the witness read production's disk: it stands at its own last record, %d%s"
            .formatted(member.vm(), read.path("recordsWhole").asLong(), objections(read)));
    return new Figures(
        member.vm(),
        "UndoFailover",
        0,
        0,
        Math.max(0, read.path("flushed").asLong() - read.path("recordsWhole").asLong()),
        seconds(took),
        0,
        Witnesses.isOk(read) && member.outcome() == Outcome.DONE);
  }

  private static String objections(JsonNode read) {
    return Witnesses.isOk(read) ? "" : "  NOT AS IT MUST BE: " + read.path("mistakes");
  }

  private static double seconds(@Nullable Duration duration) {
    return duration == null ? -1 : duration.toMillis() / 1000.0;
  }

  /** Runs an operation to its end, telling its steps. */
  interface Operations {
    OperationResult conduct(String type, String input);
  }
}
