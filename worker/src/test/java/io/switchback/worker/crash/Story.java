package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.PowerState;
import io.switchback.lab.SnapshotView;
import io.switchback.lab.VmDefinition;
import io.switchback.lab.VmView;
import io.switchback.operation.GroupReplication;
import io.switchback.operation.GroupReplicationStatus;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.switchback.operation.WindowTimer;
import io.switchback.port.Queues;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What comes before an operation over VMs of its own, and how the estate must be after it. Every
 * story begins with VMs that are not protected and ends with VMs that are gone.
 */
abstract class Story {
  /** Stands in a trap for the id of the replica's VM, which is known only when it is there. */
  static final String REPLICA_VM = "the replica's VM";

  /** Stands in a trap for the production VM of the story. */
  static final String PRODUCTION_VM = "the production VM";

  /** Stands in a trap for the VM that a failback to a new location makes. */
  static final String MADE_VM = "the VM that was made";

  private static final AtomicInteger VMS = new AtomicInteger();

  final CrashEstate estate;
  final String vm = "vm-" + VMS.incrementAndGet();

  Story(CrashEstate estate) {
    this.estate = estate;
  }

  /** The story of an operation. */
  static Story of(String operation, CrashEstate estate) {
    return switch (operation) {
      case "Protect" -> new ProtectStory(estate);
      case "AbortedProtect" -> new AbortedProtectStory(estate);
      case "Unprotect" -> new UnprotectStory(estate, "remove");
      case "UnprotectAndKeep" -> new UnprotectStory(estate, "keep");
      case "Reconfigure" -> new ReconfigureStory(estate);
      case "PlannedFailover" -> new PlannedStory(estate);
      case "PermanentFailover" -> new PermanentFailoverStory(estate);
      case "Failback" -> new FailbackStory(estate, false);
      case "CommitFailback" -> new FailbackStory(estate, true);
      case "FailbackElsewhere" -> new NewLocationStory(estate, "Failback");
      case "CommitFailbackElsewhere" -> new NewLocationStory(estate, "CommitFailback");
      case "CancelFailbackElsewhere" -> new NewLocationStory(estate, "CancelFailback");
      case "MoveSwitch" -> new MovedSwitchStory(estate);
      case "Resynchronise" -> new RoundStory(estate, false);
      case "WaitingRound" -> new RoundStory(estate, true);
      case "Window" -> new WindowStory(estate, "");
      case "ExtendWindow" -> new WindowStory(estate, WindowTimer.EXTEND);
      case "CancelWindow" -> new WindowStory(estate, WindowTimer.CANCEL);
      case "Adopt" -> new AdoptStory(estate);
      case "Isolate" -> new IsolateStory(estate, false);
      case "Reconnect" -> new IsolateStory(estate, true);
      case "Reconcile" -> new ReconcileStory(estate);
      case "DefineGroup" -> new GroupStory(estate, false);
      case "GroupReplication" -> new GroupStory(estate, true);
      case "ProtectFolder" -> new RuleStory(estate, false);
      case "UnprotectFolder" -> new RuleStory(estate, true);
      case "Expiry" -> new LoopStory.Expiry(estate);
      case "VainCycle" -> new LoopStory.VainCycle(estate);
      case "Watch" -> new LoopStory.Watch(estate);
      default -> throw new IllegalArgumentException(operation);
    };
  }

  /** Everything up to the operation. */
  abstract void before() throws Exception;

  /** Begins the operation; answers whatever waits for its end. */
  abstract Begun begin() throws Exception;

  /** Checks the estate, and takes the VMs away. */
  abstract void after() throws Exception;

  /**
   * An operation that has begun.
   *
   * @param runs workflow ids by which its activities may be pending
   */
  record Begun(List<String> runs, End end) {}

  /** Waits for the end. */
  @FunctionalInterface
  interface End {
    void await() throws Exception;
  }

  /** The trap, for this story's own VM. */
  final Trap own(Trap trap) {
    if (!(trap instanceof Trap.Lab lab)) {
      return trap;
    }
    return switch (lab.vm()) {
      case REPLICA_VM -> new Trap.Lab(lab.site(), lab.call(), replicaVm().orElseThrow());
      case PRODUCTION_VM -> new Trap.Lab(lab.site(), lab.call(), vm);
      case MADE_VM -> new Trap.Lab(lab.site(), lab.call(), madeVm().orElseThrow().id());
      case null, default -> trap;
    };
  }

  final Optional<String> replicaVm() {
    return replicaView().map(VmView::id);
  }

  final Optional<VmView> madeVm() {
    return estate.production.site().vms().stream()
        .filter(one -> one.name().equals(vm + "-home"))
        .findFirst();
  }

  final Optional<VmView> replicaView() {
    return estate.recovery.site().vms().stream()
        .filter(one -> one.name().equals(vm + "_replica"))
        .findFirst();
  }

  final String replicaId() {
    return replicaView().orElseThrow().managedBy().replace("switchback/", "");
  }

  final void create(String name) {
    estate.production.createVm(
        new VmDefinition(
            name,
            name,
            List.of(new NetworkCard("tenant", true, null)),
            List.of(new DiskDefinition(name + "-disk-0", 8 << 20, 1 << 20)),
            GuestDefinition.usual(),
            false),
        null);
  }

  final WorkflowStub start(String type, Map<String, ?> input) {
    Map<String, Object> whole = new HashMap<>(input);
    if (!type.equals("DefineGroup")) {
      whole.put("by", "crash test");
    }
    WorkflowStub run =
        estate.temporal.newUntypedWorkflowStub(
            type,
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.SWITCHBACK)
                .setWorkflowId(type + "/" + UUID.randomUUID())
                .build());
    run.start(whole);
    return run;
  }

  final WorkflowStub startProtect(String name) {
    return start("Protect", protection(name));
  }

  static Map<String, Object> protection(String name) {
    return Map.of(
        "vms",
        List.of(name),
        "from",
        "berlin",
        "to",
        "potsdam",
        "networks",
        Map.of("tenant", "tenant"),
        "policy",
        Map.of("name", "story", "interval", "PT1H"));
  }

  static void done(WorkflowStub run) throws Exception {
    OperationResult result = CrashEstate.end(run);
    assertThat(result.outcome())
        .as(result.members().stream().map(MemberResult::notes).toList().toString())
        .isEqualTo(Outcome.DONE);
  }

  final Begun begun(WorkflowStub run) {
    List<String> runs = new ArrayList<>();
    runs.add(run.getExecution().getWorkflowId());
    runs.add("protect/berlin/" + vm);
    replicaView()
        .ifPresent(
            view -> {
              runs.add("replica/" + replicaId());
              runs.add(Replication.workflowId(replicaId()));
            });
    return new Begun(runs, () -> done(run));
  }

  /** Protects a VM up to its first restore point. */
  final void protect() throws Exception {
    create(vm);
    done(startProtect(vm));
    awaitPoint();
  }

  final void awaitPoint() {
    CrashEstate.until("the first restore point of " + vm, () -> points() >= 1);
    // What the first cycle still does would go into traps that are meant for the operation.
    CrashEstate.until("the first cycle's end", () -> status().phase().equals("follows"));
  }

  final ReplicationStatus status() {
    return estate
        .temporal
        .newUntypedWorkflowStub(Replication.workflowId(replicaId()))
        .query("status", ReplicationStatus.class);
  }

  final long points() {
    return replicaView().map(view -> (long) view.snapshots().size()).orElse(0L);
  }

  final void failOver() throws Exception {
    done(start("PartialFailover", Map.of("vms", List.of(vm))));
  }

  final void powerOnByHand() {
    var _ = estate.recovery.forcePowerOn(replicaVm().orElseThrow());
  }

  /** Takes the VM out of protection and away. */
  final void tidy() throws Exception {
    if (replicaView().filter(view -> view.power() == PowerState.ON).isPresent()) {
      var _ = estate.recovery.powerOff(replicaVm().orElseThrow(), null);
    }
    done(
        start(
            "Unprotect", Map.of("vms", List.of(vm), "replica", "remove", "confirm", List.of(vm))));
    assertThat(replicaView()).isEmpty();
    estate.production.deleteVm(vm, null);
  }

  private static final class ProtectStory extends Story {
    ProtectStory(CrashEstate estate) {
      super(estate);
    }

    @Override
    void before() {
      create(vm);
    }

    @Override
    Begun begin() {
      return begun(startProtect(vm));
    }

    @Override
    void after() throws Exception {
      awaitPoint();
      assertThat(estate.recovery.site().vms())
          .filteredOn(one -> one.name().startsWith(vm + "_"))
          .as("one VM for one replica")
          .hasSize(1);
      tidy();
    }
  }

  private static final class UnprotectStory extends Story {
    private final String becomes;

    UnprotectStory(CrashEstate estate, String becomes) {
      super(estate);
      this.becomes = becomes;
    }

    @Override
    void before() throws Exception {
      protect();
    }

    @Override
    Begun begin() {
      return begun(start("Unprotect", Map.of("vms", List.of(vm), "replica", becomes)));
    }

    @Override
    void after() {
      boolean keeps = becomes.equals("keep");
      assertThat(replicaView().isPresent()).isEqualTo(keeps);
      if (keeps) {
        VmView kept = replicaView().orElseThrow();
        assertThat(kept.managedBy()).isEmpty();
        assertThat(kept.snapshots()).isNotEmpty();
        estate.recovery.deleteVm(kept.id(), null);
      }
      assertThat(estate.production.snapshots(vm)).isEmpty();
      assertThat(estate.directory.resolve("potsdam/break-glass"))
          .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith(vm + "."));
      estate.production.deleteVm(vm, null);
    }
  }

  private static final class ReconfigureStory extends Story {
    ReconfigureStory(CrashEstate estate) {
      super(estate);
    }

    @Override
    void before() throws Exception {
      protect();
    }

    @Override
    Begun begin() {
      return begun(
          start(
              "Reconfigure",
              Map.of(
                  "vms",
                  List.of(vm),
                  "policy",
                  Map.of("name", vm, "interval", "PT2H"),
                  "placement",
                  Map.of("folder", "dr"))));
    }

    @Override
    void after() throws Exception {
      CrashEstate.until(
          "the VM to be moved", () -> replicaView().orElseThrow().folder().equals("dr"));
      tidy();
    }
  }

  private static final class PermanentFailoverStory extends Story {
    PermanentFailoverStory(CrashEstate estate) {
      super(estate);
    }

    @Override
    void before() throws Exception {
      protect();
      failOver();
    }

    @Override
    Begun begin() {
      return begun(
          start(
              "PermanentFailover",
              Map.of(
                  "vms",
                  List.of(
                      Map.of(
                          "name",
                          vm,
                          "confirm",
                          "remove %d restore point%s of %s"
                              .formatted(points(), points() == 1 ? "" : "s", vm))))));
    }

    @Override
    void after() throws Exception {
      VmView view = replicaView().orElseThrow();
      assertThat(view.snapshots()).isEmpty();
      assertThat(view.power()).isEqualTo(PowerState.ON);
      assertThat(view.managedBy()).as("it is left to the site").isEmpty();
      var _ = estate.recovery.powerOff(view.id(), null);
      done(start("Unprotect", Map.of("vms", List.of(vm), "replica", "keep")));
      estate.recovery.deleteVm(view.id(), null);
      estate.production.deleteVm(vm, null);
    }
  }

  private static final class AdoptStory extends Story {
    AdoptStory(CrashEstate estate) {
      super(estate);
    }

    @Override
    void before() throws Exception {
      protect();
      powerOnByHand();
    }

    @Override
    Begun begin() {
      return begun(start("Adopt", Map.of("vms", List.of(vm))));
    }

    @Override
    void after() throws Exception {
      assertThat(replicaView().orElseThrow().power()).isEqualTo(PowerState.ON);
      tidy();
    }
  }

  private static final class IsolateStory extends Story {
    private final boolean back;

    IsolateStory(CrashEstate estate, boolean back) {
      super(estate);
      this.back = back;
    }

    @Override
    void before() throws Exception {
      protect();
      powerOnByHand();
      if (back) {
        done(start("Isolate", Map.of("vms", List.of(vm))));
      }
    }

    @Override
    Begun begin() {
      return begun(start(back ? "Reconnect" : "Isolate", Map.of("vms", List.of(vm))));
    }

    @Override
    void after() throws Exception {
      assertThat(replicaView().orElseThrow().networks())
          .extracting(NetworkCard::connected)
          .containsOnly(back);
      tidy();
    }
  }

  /** A failover whose run was terminated while its power-on waited for an answer. */
  private static final class ReconcileStory extends Story {
    ReconcileStory(CrashEstate estate) {
      super(estate);
    }

    @Override
    void before() throws Exception {
      protect();
      Caught caught =
          Caught.set(estate, new Trap.Lab("potsdam", "powerOn", replicaVm().orElseThrow()));
      WorkflowStub run = start("PartialFailover", Map.of("vms", List.of(vm)));
      caught.await();
      estate.temporal.newUntypedWorkflowStub("replica/" + replicaId()).terminate("crash test");
      caught.release();
      assertThat(CrashEstate.end(run).outcome()).isNotEqualTo(Outcome.DONE);
    }

    @Override
    Begun begin() {
      return begun(
          start("Reconcile", Map.of("vms", List.of(Map.of("name", vm, "choose", "roll back")))));
    }

    @Override
    void after() throws Exception {
      VmView view = replicaView().orElseThrow();
      assertThat(view.power()).isEqualTo(PowerState.OFF);
      assertThat(view.snapshots()).extracting(SnapshotView::isCurrent).endsWith(true);
      tidy();
    }
  }

  private static final class GroupStory extends Story {
    private final boolean cycles;
    private final String second = vm + "b";

    GroupStory(CrashEstate estate, boolean cycles) {
      super(estate);
      this.cycles = cycles;
    }

    @Override
    void before() throws Exception {
      protect();
      create(second);
      done(startProtect(second));
      if (cycles) {
        define(List.of(vm, second)).getResult(Map.class);
        // The first one is over before a trap is set for the next.
        group().update("replicateNow", GroupReplicationStatus.class);
      }
    }

    private WorkflowStub define(List<String> members) {
      return start("DefineGroup", Map.of("group", vm, "vms", members));
    }

    private WorkflowStub group() {
      return estate.temporal.newUntypedWorkflowStub(GroupReplication.workflowId(vm));
    }

    @Override
    Begun begin() {
      if (!cycles) {
        WorkflowStub run = define(List.of(vm, second));
        return new Begun(
            List.of(run.getExecution().getWorkflowId()),
            () -> run.getResult(90, TimeUnit.SECONDS, Map.class));
      }
      var status =
          java.util.concurrent.CompletableFuture.supplyAsync(
              () -> group().update("replicateNow", GroupReplicationStatus.class));
      return new Begun(
          List.of(GroupReplication.workflowId(vm)),
          () -> assertThat(status.get(90, TimeUnit.SECONDS).problem()).isEmpty());
    }

    @Override
    void after() throws Exception {
      GroupReplicationStatus made = group().update("replicateNow", GroupReplicationStatus.class);
      assertThat(made.problem()).isEmpty();
      define(List.of()).getResult(Map.class);
      done(start("Unprotect", Map.of("vms", List.of(second), "replica", "remove")));
      estate.production.deleteVm(second, null);
      tidy();
    }
  }
}
