package io.switchback.operation;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.Replica;
import io.switchback.port.RoomActivities.MeasureRoom;
import io.switchback.port.RoomActivities.Room;
import io.switchback.port.WatchActivities.MeasureWrites;
import io.switchback.port.WatchActivities.WriteRate;
import io.switchback.port.WatchActivities.WriteRates;
import io.temporal.failure.ActivityFailure;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Asks recovery sites, before anything is changed, whether they have room for replicas. */
public final class RoomPreflight {
  static final Set<Operation> STARTS_REPLICAS =
      EnumSet.of(
          Operation.PARTIAL_FAILOVER, Operation.PLANNED_FAILOVER, Operation.FULL_SITE_FAILOVER);

  private final Ports ports;
  private final Consumer<String> notes;

  /**
   * @param notes takes what could not be found out
   */
  RoomPreflight(Ports ports, Consumer<String> notes) {
    this.ports = ports;
    this.notes = notes;
  }

  /** What is wanting at each site for all of them together, by site. */
  Map<String, String> findings(Operation operation, List<Replica> replicas) {
    Map<String, String> findings = new LinkedHashMap<>();
    if (STARTS_REPLICAS.contains(operation)) {
      replicas.stream()
          .collect(groupingBy(one -> one.recovery().site(), LinkedHashMap::new, toList()))
          .forEach(
              (site, there) -> finding(site, there).ifPresent(want -> findings.put(site, want)));
    }
    return findings;
  }

  /** What is wanting at the site for all of them together; empty when nothing is. */
  Optional<String> finding(String site, List<Replica> replicas) {
    try {
      Room room =
          ports
              .rooms(site, "Has site " + site + " room for " + replicas.size() + "?")
              .measureRoom(
                  new MeasureRoom(site, replicas.stream().map(Replica::recovery).toList()));
      WriteRates writes = writes(replicas);
      return RoomCheck.finding(room, bytesPerHour(writes, replicas), writes.enoughFor());
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      FaultException fault = Failures.toFault(failure);
      if (fault.fault() == Fault.VM_NOT_FOUND) {
        return Optional.of(fault.sentence());
      }
      notes.accept("the room at site '" + site + "' was not measured: " + fault.sentence());
      return Optional.empty();
    }
  }

  /** How fast production of each writes, by the id of the VM that would be started for it. */
  public static Map<String, Long> bytesPerHour(WriteRates writes, List<Replica> replicas) {
    Map<String, String> vms = replicas.stream().collect(toMap(Replica::id, r -> r.recovery().id()));
    return writes.rates().stream()
        .filter(rate -> vms.containsKey(rate.replicaId()))
        .collect(toMap(rate -> vms.get(rate.replicaId()), WriteRate::bytesPerHour));
  }

  private WriteRates writes(List<Replica> replicas) {
    try {
      return ports
          .watch()
          .measureWrites(new MeasureWrites(replicas.stream().map(Replica::id).toList()));
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      notes.accept(
          "how fast production writes is not known: " + Failures.toFault(failure).sentence());
      return new WriteRates(List.of());
    }
  }
}
