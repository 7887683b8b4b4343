package io.switchback.port;

import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a VM comes under protection and out of it, in the registry. While a VM is being protected a
 * reservation stands for it, which gives out the fence as a claim does for a replica.
 *
 * <p>Every method: REGISTRY_UNAVAILABLE (retried). Milliseconds.
 */
@ActivityInterface
public interface ProtectionActivities {
  /**
   * Reserves the VM for the operation and yields the fence of its first step, which outranks
   * everything that any site has seen of replicas that are gone.
   *
   * <p>If the operation has reserved it already, answers the same. A reservation of another
   * operation is taken over, and that operation fenced off: whoever asks must have made sure that
   * no other run works on this VM, which the workflow id {@code protect/<site>/<vm id>} does.
   *
   * @throws io.switchback.fault.FaultException REFUSED when the VM is a replica's own, or is
   *     protected or reserved under another id, and by whom
   */
  Reservation reserveReplica(ReserveReplica request);

  /**
   * Writes the replica, SEEDING, and its policy. If it is written already, answers it as it is.
   *
   * @throws io.switchback.fault.FaultException FENCED when the mandate's operation does not hold
   *     the reservation; INVALID_INPUT when a VM or disk belongs to another replica, or when the
   *     policy's name stands for other settings that other VMs rely on
   */
  Replica writeReplica(WriteReplica request);

  /**
   * Takes back what {@code writeReplica} wrote. If there is no such replica, answers {@code changed
   * = false}.
   *
   * @throws io.switchback.fault.FaultException FENCED; REFUSED when a cycle has run since
   */
  Done eraseReplica(EraseReplica request);

  /**
   * Ends the reservation. If there is none, answers {@code changed = false}. Once the VM is
   * protected, rules may protect it again as well, should it ever lose its protection.
   *
   * @throws io.switchback.fault.FaultException FENCED when the mandate's operation does not hold
   *     the reservation
   */
  Done endReservation(EndReservation request);

  /**
   * Changes how the replica is protected; what is null stays as it is, and so does what a placement
   * leaves empty. Holds from the next cycle on, which also carries networks and placement over to
   * the replica's VM.
   *
   * <p>If it is so already, answers {@code changed = false}.
   *
   * <p>A cycle that runs now goes on, so no claim is made.
   *
   * @throws io.switchback.fault.FaultException REFUSED when an operation holds the replica, or it
   *     is not protected; INVALID_INPUT as in {@code writeReplica}
   */
  Done reconfigureReplica(ReconfigureReplica request);

  /**
   * Ends the protection: the replica, its restore points, its hold and its claim are gone from the
   * registry; the audit stays. No rule protects the VM again by itself. If the replica is gone
   * already, answers {@code changed = false}.
   *
   * @throws io.switchback.fault.FaultException FENCED when the mandate's operation does not hold
   *     the claim
   */
  Done endProtection(EndProtection request);

  /**
   * Asks for a reservation.
   *
   * @param replicaId that {@link ProtectionPlanActivities} has given out for the VM
   * @param workflowId and {@code runId} of the run that asks
   */
  record ReserveReplica(
      String operationId,
      String replicaId,
      VmRef production,
      String recoverySite,
      String workflowId,
      String runId,
      String by) {}

  /**
   * The reservation, with the fence of its first step.
   *
   * @param known the replica, when it is written already; null otherwise
   */
  record Reservation(Fence fence, @Nullable Replica known, int attempt) {}

  /**
   * Asks to write a replica.
   *
   * @param networks the map by which the networks were found
   * @param placement of the replica's VM
   * @param seeded whether the replica's disks held something before the first copy
   */
  record WriteReplica(
      Mandate mandate,
      String replicaId,
      VmRef production,
      VmRef recovery,
      List<DiskPair> disks,
      List<NetworkMapping> networks,
      Policy policy,
      Placement placement,
      boolean seeded) {
    public WriteReplica {
      disks = List.copyOf(disks);
      networks = List.copyOf(networks);
    }
  }

  /** Asks to take a replica back. */
  record EraseReplica(Mandate mandate, String replicaId) {}

  /** Asks to end a reservation. */
  record EndReservation(Mandate mandate, String replicaId) {}

  /**
   * Asks for another policy, network map or placement; null leaves it.
   *
   * @param policyName of a policy that is known already; null when none is named
   * @param policy a new one, or other settings for one that no other VM relies on
   */
  record ReconfigureReplica(
      String replicaId,
      @Nullable String policyName,
      @Nullable Policy policy,
      @Nullable List<NetworkMapping> networks,
      @Nullable Placement placement) {
    public ReconfigureReplica {
      networks = networks == null ? null : List.copyOf(networks);
    }
  }

  /** Asks to end the protection. */
  record EndProtection(Mandate mandate, String replicaId) {}
}
