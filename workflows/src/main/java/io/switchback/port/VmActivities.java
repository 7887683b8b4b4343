package io.switchback.port;

import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Power and networks of a VM at one site.
 *
 * <p>Every method: SITE_UNREACHABLE (retried) when the hypervisor does not answer, VM_NOT_FOUND
 * when it knows no such VM. Every change: FENCED, and nothing changed, when the site has seen a
 * higher fence for the VM.
 */
@ActivityInterface
public interface VmActivities {

  /** Answers what the hypervisor says of the VM now. Changes nothing. Milliseconds to seconds. */
  VmStatus lookAtVm(LookAtVm request);

  /**
   * Powers the VM on from its disks as they are.
   *
   * <p>If it runs already, answers {@code changed = false} and starts nothing. Returns when the
   * hypervisor has started it; the guest boots on. Seconds; heartbeats.
   *
   * @throws io.switchback.fault.FaultException NO_CAPACITY when no host has room
   */
  Done powerOnVm(ChangePower request);

  /**
   * Powers the VM off as if its plug were pulled; what the guest had not flushed is lost.
   *
   * <p>If it is off already, answers {@code changed = false}. Seconds; heartbeats.
   */
  Done powerOffVm(ChangePower request);

  /**
   * Unplugs every card of the VM, whether it runs or not; the VM goes on otherwise.
   *
   * <p>If none is plugged in, answers {@code changed = false}. Seconds.
   */
  Done isolateVm(ChangeNetworks request);

  /**
   * Plugs in what {@code isolateVm} has unplugged, and no more. If it has unplugged nothing, or
   * that is plugged in again, answers {@code changed = false}. Seconds.
   */
  Done reconnectVm(ChangeNetworks request);

  /** Asks to unplug the VM, or to plug it in again. */
  record ChangeNetworks(Mandate mandate, VmRef vm) {}

  /** Asks for a look at {@code vm}. */
  record LookAtVm(VmRef vm) {}

  /** Asks to change the power of {@code vm}. */
  record ChangePower(Mandate mandate, VmRef vm) {}

  /**
   * What the hypervisor says.
   *
   * @param connected whether a running VM could be reached on one of its networks
   * @param addresses the guest's own addresses, which its twin at the other site would answer to as
   *     well
   * @param serviceAddress where the guest can be reached from the site's workers, {@code host} or
   *     {@code host:port}; null while it is not known
   * @param toolsReady whether the guest's tools answer
   * @param disks capacity in bytes by disk id
   * @param at the hypervisor's clock
   * @param fence the highest that the site has seen for the VM or one of its disks; null when none
   * @param replicaId of the replica whose VM it is marked to be; empty when anybody may start it
   * @param isolated whether Switchback has unplugged it and nobody has plugged it in; also while it
   *     is off
   */
  record VmStatus(
      VmRef vm,
      PowerState power,
      boolean connected,
      List<String> addresses,
      @Nullable String serviceAddress,
      boolean toolsReady,
      Map<String, Long> disks,
      Instant at,
      @Nullable Fence fence,
      String replicaId,
      boolean isolated) {
    public VmStatus {
      replicaId = replicaId == null ? "" : replicaId;
      addresses = List.copyOf(addresses);
      disks = Map.copyOf(disks);
    }
  }
}
