package io.switchback.port;

import static io.switchback.lifecycle.Operation.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static java.util.Objects.requireNonNull;

import io.switchback.model.DiskPair;
import io.switchback.model.DiskShape;
import io.switchback.model.Failback;
import io.switchback.model.FailbackTo;
import io.switchback.model.Fence;
import io.switchback.model.Firmware;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Nic;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.SomeFailback;
import io.switchback.model.VmRef;
import io.switchback.model.VmShape;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CarriedShape;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.FailbackActivities.BeginFailback;
import io.switchback.port.FailbackActivities.CompleteSwitch;
import io.switchback.port.FailbackActivities.DescribeFailback;
import io.switchback.port.FailbackActivities.EndFailback;
import io.switchback.port.ProtectionActivities.ReconfigureReplica;
import io.switchback.port.ProtectionPlanActivities.FindStandings;
import io.switchback.port.ProtectionPlanActivities.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites of {@link FailbackActivities} have in common. */
public abstract class FailingBackContract extends RegistryContract {
  static final Instant SUNDAY = NOON.plus(Duration.ofDays(3));
  static final VmRef ELSEWHERE = new VmRef("berlin", "vm-restored", "web-01-restored");
  static final String RESTORED_DISK = "restored-disk";
  static final RestorePoint PROTECTIVE = point("web-01-failback", Duration.ofHours(2));

  static final NetworkMapping NEW_LAN = new NetworkMapping("lan-2", "dr-lan", "");

  PortCaller<FailbackActivities> failbacks;
  PortCaller<CycleActivities> cycles;
  PortCaller<ProtectionActivities> protection;
  PortCaller<ProtectionPlanActivities> plan;

  @BeforeEach
  final void openPorts() {
    failbacks = new PortCaller<>(FailbackActivities.class, registry.failbacks());
    cycles = new PortCaller<>(CycleActivities.class, registry.cycles());
    protection = new PortCaller<>(ProtectionActivities.class, registry.protecting().protection());
    plan = new PortCaller<>(ProtectionPlanActivities.class, registry.protecting().plan());
  }

  @AfterEach
  final void closePorts() {
    plan.close();
    protection.close();
    cycles.close();
    failbacks.close();
  }

  /** A replica that serves, and that the operation {@link #OURS} holds for its failback. */
  final Replica held(NetworkMapping... map) {
    Replica replica = registry.protect("web-01", READY);
    protection
        .call()
        .reconfigureReplica(new ReconfigureReplica(replica.id(), null, null, List.of(map), null));
    CyclePlan first = next(replica);
    var _ =
        cycles
            .call()
            .completeCycle(
                new CompleteCycle(
                    replica.id(),
                    first.number(),
                    first.fence(),
                    point("web-01-0001", Duration.ZERO),
                    Map.of(replica.disks().getFirst().productionDisk(), "change-1"),
                    4096,
                    Duration.ofSeconds(2),
                    true,
                    carried(replica)));
    registry.state(replica, FAILOVER);
    claim(replica, OURS, FAILBACK);
    return replica;
  }

  static CarriedShape carried(Replica replica) {
    return new CarriedShape(
        replica.production(),
        new VmShape(
            replica.name(),
            new Hardware(2, 1 << 30, Firmware.BIOS, List.of(new Nic("lan", true, List.of()))),
            List.of(new DiskShape(replica.disks().getFirst().productionDisk(), 1 << 20))),
        replica.recovery(),
        replica.disks(),
        replica.networks(),
        "");
  }

  final Mandate ours(Replica replica, long step) {
    Fence fence = registry.fence(replica);
    return mandate(OURS, fence, step);
  }

  static Failback home(Replica replica) {
    return SomeFailback.home(replica).targetRan().build();
  }

  static Failback to(VmRef target, String disk, Replica replica) {
    return SomeFailback.to(FailbackTo.RESTORED, replica, target, disks(disk, replica))
        .manual()
        .leftOff()
        .build();
  }

  private static List<DiskPair> disks(String disk, Replica replica) {
    return List.of(new DiskPair(disk, replica.disks().getFirst().recoveryDisk(), 1 << 20));
  }

  static Failback elsewhere(Replica replica) {
    return to(ELSEWHERE, RESTORED_DISK, replica);
  }

  /** To a VM that the failback makes, known by what its site calls it so far. */
  static Failback making(Replica replica, VmRef target, String disk, NetworkMapping... networks) {
    return SomeFailback.to(FailbackTo.NEW_LOCATION, replica, target, disks(disk, replica))
        .networks(networks)
        .targetSnapshot("web-01-home")
        .build();
  }

  static Failback scheduled(Replica replica) {
    return SomeFailback.like(home(replica)).scheduled(SUNDAY).build();
  }

  final Done begin(Replica replica, Failback failback) {
    return failbacks
        .call()
        .beginFailback(new BeginFailback(ours(replica, 1), replica.id(), failback));
  }

  final @Nullable Failback described(Replica replica) {
    return failbacks.call().describeFailback(new DescribeFailback(replica.id())).failback();
  }

  final CompleteSwitch switching(Replica replica, long step) {
    return new CompleteSwitch(
        ours(replica, step), replica.id(), PROTECTIVE, Map.of(RESTORED_DISK, "change-2"));
  }

  final Done complete(Replica replica) {
    return failbacks.call().completeSwitch(switching(replica, 2));
  }

  final Done end(Replica replica, boolean committed) {
    return failbacks
        .call()
        .endFailback(
            new EndFailback(ours(replica, 3), replica.id(), committed, "kim", "berlin is back"));
  }

  /** What the next cycle is told, once the replica is READY and nobody holds it. */
  final CyclePlan ready(Replica replica) {
    release(replica, ours(replica, 9));
    registry.state(replica, READY);
    return next(replica);
  }

  final CyclePlan next(Replica replica) {
    return requireNonNull(cycles.call().beginCycle(new BeginCycle(replica.id())).plan());
  }

  final Standing standing(VmRef vm) {
    return plan.call().findStandings(new FindStandings(List.of(vm))).vms().getFirst();
  }

  /** The replica as it is now. */
  final Replica now(Replica replica, VmRef production) {
    Replica now = requireNonNull(standing(production).protectedBy()).replica();
    if (!now.id().equals(replica.id())) {
      throw new AssertionError(production + " is protected as " + now);
    }
    return now;
  }
}
