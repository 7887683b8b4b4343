package io.switchback.port;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the registry knows that a protection must fit into. Changes nothing.
 *
 * <p>Every method: REGISTRY_UNAVAILABLE (retried). Milliseconds.
 */
@ActivityInterface
public interface ProtectionPlanActivities {
  /**
   * Answers how the two sites go together: networks, placement, pace; with every mistake, such as
   * an unknown site or policy.
   */
  Pairing describePair(DescribePair request);

  /**
   * Answers what the registry says of each VM, in the order asked: its replica, or the id that its
   * replica shall have. An id is never given out for two VMs.
   */
  Standings findStandings(FindStandings request);

  /**
   * Asks for two sites.
   *
   * @param policy name of a policy that must be there; null when none is named
   */
  record DescribePair(String from, String to, @Nullable String policy) {}

  /**
   * How two sites go together.
   *
   * @param networks from production's to recovery's
   * @param placement of VMs at the recovery site for which nobody says otherwise
   * @param pace of operations there
   * @param policy that was named, or the default one when none was; null when there is none of that
   *     name
   */
  record Pairing(
      List<NetworkMapping> networks,
      Placement placement,
      Pace pace,
      @Nullable Policy policy,
      List<String> mistakes) {
    public Pairing {
      networks = List.copyOf(networks);
      mistakes = List.copyOf(mistakes);
    }
  }

  /** Asks what the registry says of VMs of one site. */
  record FindStandings(List<VmRef> vms) {
    public FindStandings {
      vms = List.copyOf(vms);
    }
  }

  /** What the registry says, VM by VM. */
  record Standings(List<Standing> vms) {
    public Standings {
      vms = List.copyOf(vms);
    }
  }

  /**
   * What the registry says of a VM.
   *
   * @param replicaId of its replica, or what that shall be called
   * @param protectedBy the replica, policy and state when it is protected; null otherwise
   * @param reserved whether a protection of it has begun, and has not ended
   * @param replicaOf name of the VM whose replica it is itself; empty otherwise
   * @param excluded why no rule may protect it by itself, and who has said so; empty otherwise
   */
  record Standing(
      VmRef vm,
      String replicaId,
      @Nullable Protection protectedBy,
      boolean reserved,
      String replicaOf,
      String excluded) {
    public Standing {
      excluded = excluded == null ? "" : excluded;
    }
  }

  /** How a VM is protected. */
  record Protection(
      Replica replica, ReplicaState state, Policy policy, List<NetworkMapping> networks) {
    public Protection {
      networks = List.copyOf(networks);
    }
  }
}
