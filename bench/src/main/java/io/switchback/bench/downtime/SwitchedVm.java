package io.switchback.bench.downtime;

import static java.util.Objects.requireNonNull;

import io.switchback.bench.Operator;
import io.switchback.bench.RunningEstate;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.FaultScript;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabFault;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.PowerState;
import io.switchback.lab.VmDefinition;
import io.switchback.operation.FailbackFigures;
import io.switchback.operation.MemberResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A VM whose replica serves, and which goes home and back as often as it is asked to. */
final class SwitchedVm implements AutoCloseable {
  static final String NETWORK = "tenant";

  private static final long MIB = 1 << 20;

  /** Left free of the image, for the records that the guest writes in all runs. */
  private static final long RECORDS_BYTES = 512 * MIB;

  private final Operator operator;
  private final LabClient production;
  private final LabClient recovery;
  private final String name;
  private final String replica;

  private SwitchedVm(
      Operator operator, LabClient production, LabClient recovery, String name, String replica) {
    this.operator = operator;
    this.production = production;
    this.recovery = recovery;
    this.name = name;
    this.replica = replica;
  }

  /** Makes a VM with one disk that is full but for what the guest writes, and fails it over. */
  static SwitchedVm failOver(RunningEstate estate, Operator operator, int gib, double writes) {
    String name = "switched-" + gib;
    LabClient production = estate.lab(RunningEstate.PRODUCTION);
    production.createVm(
        new VmDefinition(
            name,
            name,
            List.of(new NetworkCard(NETWORK, true, "10.20.0." + gib)),
            List.of(
                new DiskDefinition(
                    name + "-0", gib * 1024L * MIB, gib * 1024L * MIB - RECORDS_BYTES)),
            new GuestDefinition(writes, (int) Math.max(1, writes / 10), Duration.ZERO, true, null),
            false),
        null);
    MemberResult protectedVm =
        operator
            .run(
                "Protect",
                Map.of(
                    "vms",
                    List.of(name),
                    "from",
                    RunningEstate.PRODUCTION,
                    "to",
                    RunningEstate.RECOVERY,
                    "policy",
                    Map.of("name", name, "interval", "PT12H")))
            .members()
            .getFirst();
    operator.replicate(protectedVm.replicaId());
    operator.run("PartialFailover", of(name));
    LabClient recovery = estate.lab(RunningEstate.RECOVERY);
    String replica =
        recovery.site().vms().stream()
            .filter(vm -> vm.power() == PowerState.ON)
            .findFirst()
            .orElseThrow()
            .id();
    return new SwitchedVm(operator, production, recovery, name, replica);
  }

  /** Fails back with a switch of its own, and undoes it, so that the replica serves again. */
  Switched homeAndBack(Rung rung) {
    operator.run("Failback", Map.of("vms", List.of(name), "switchover", "manual"));
    if (rung == Rung.DIGESTS) {
      recovery.script(
          FaultScript.failing("changedAreas", replica, LabFault.CHANGE_TRACKING_RESET.name())
              .times(1000));
    }
    MemberResult done;
    try {
      done = operator.run("SwitchOver", of(name)).members().getFirst();
    } finally {
      recovery.clearScripts();
    }
    FailbackFigures figures = requireNonNull(done.failback());
    operator.run("UndoFailback", of(name));
    return new Switched(
        figures.downtime().toMillis() / 1000.0,
        figures.bytesRoundTwo(),
        done.notes().stream().filter(note -> note.contains("bytes sent")).toList().getLast());
  }

  private static Map<String, ?> of(String name) {
    return Map.of("vms", List.of(name));
  }

  /** Removes the VM and its replica, so that the next one has the page cache for itself. */
  @Override
  public void close() {
    try {
      operator.run("UndoFailover", of(name));
      operator.run("Unprotect", Map.of("vms", List.of(name), "replica", "remove"));
      production.deleteVm(name, null);
    } finally {
      recovery.close();
      production.close();
    }
  }
}
