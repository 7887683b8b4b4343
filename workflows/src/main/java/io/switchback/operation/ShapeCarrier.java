package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Nic;
import io.switchback.model.Placement;
import io.switchback.model.Replica;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.model.VmShape;
import io.switchback.port.CycleActivities.CarriedShape;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.InventoryActivities.DescribeVm;
import io.switchback.port.PlaceholderActivities.ReshapeVm;
import io.switchback.port.PlaceholderActivities.Reshaped;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a replica like its production VM before a cycle writes to it. */
final class ShapeCarrier {
  private final Ports ports;

  ShapeCarrier(Ports ports) {
    this.ports = ports;
  }

  /**
   * Carries what production has changed over to the replica's VM, which is off.
   *
   * @param profile what production is made of now
   * @return what the replica is like now; null when production is as it was carried over last
   */
  @Nullable CarriedShape carry(CyclePlan plan, VmProfile profile, Supplier<Mandate> mandate) {
    Replica replica = plan.replica();
    VmShape now = VmShape.of(profile);
    List<Nic> nics = new ArrayList<>();
    Set<String> unknown = new TreeSet<>();
    mapNics(now.hardware().nics(), plan.networks(), nics, unknown);
    List<String> networks = nics.stream().map(Nic::network).toList();
    Placement move = plan.move();
    if (now.equals(plan.shape()) && networks.equals(replica.networks()) && move == null) {
      return null;
    }
    Reshaped reshaped =
        ports
            .placeholders(
                replica.recovery().site(), "Make the replica of " + now.name() + " like production")
            .reshapeVm(
                new ReshapeVm(
                    mandate.get(),
                    replica.recovery(),
                    nameAtRecovery(replica, now.name()),
                    now.hardware().with(nics),
                    replica.disks(),
                    now.disks(),
                    move));
    return new CarriedShape(
        profile.vm(),
        now,
        reshaped.vm(),
        reshaped.disks(),
        networks,
        mark(now.name(), unknown),
        move);
  }

  /** Looks what production is made of now, by its id: a VM that was renamed or moved is found. */
  VmProfile describe(Replica replica) {
    VmRef production = replica.production();
    try {
      return ports
          .inventory(production.site(), "What is " + replica.name() + " made of now?")
          .describeVm(new DescribeVm(production));
    } catch (ActivityFailure failure) {
      if (failure.getCause() instanceof CanceledFailure
          || Failures.toFault(failure).fault() != Fault.VM_NOT_FOUND) {
        throw failure;
      }
      throw new FaultException(
          Fault.VM_NOT_FOUND,
          "Could not replicate '%s': site '%s' has no VM '%s' any more. Its replica and its restore points stay: fail over to them, or unprotect it."
              .formatted(replica.name(), production.site(), production.id()));
    }
  }

  /** A card on a network that the map does not know would be plugged into the wrong one. */
  private static void mapNics(
      List<Nic> production, List<NetworkMapping> map, List<Nic> nics, Set<String> unknown) {
    Map<String, String> recovery =
        map.stream()
            .collect(
                Collectors.toMap(
                    NetworkMapping::production, NetworkMapping::recovery, (a, b) -> a));
    for (Nic nic : production) {
      String network = map.isEmpty() ? nic.network() : recovery.get(nic.network());
      if (network == null) {
        unknown.add(nic.network());
      } else {
        nics.add(new Nic(network, nic.connected(), nic.addresses()));
      }
    }
  }

  private static String mark(String vm, Set<String> unknown) {
    return unknown.isEmpty()
        ? ""
        : "'%s' has a network card at production on %s, for which its network map has no recovery network; its replica goes without it. Reconfigure the VM with a map that names it."
            .formatted(vm, String.join(", ", unknown));
  }

  /** The replica's VM is called after production's, with whatever was added to that name. */
  private static String nameAtRecovery(Replica replica, String now) {
    String before = replica.production().name();
    String there = replica.recovery().name();
    return there.startsWith(before) ? now + there.substring(before.length()) : there;
  }
}
