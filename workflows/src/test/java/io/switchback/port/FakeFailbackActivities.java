package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.Switchover;
import io.switchback.model.VmRef;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a {@link FakeRegistry} keeps of failbacks. */
class FakeFailbackActivities implements FailbackActivities {
  final FakeRegistry registry;
  private final FakeClaimActivities claims;

  FakeFailbackActivities(FakeRegistry registry) {
    this.registry = registry;
    this.claims = new FakeClaimActivities(registry);
  }

  @Override
  public Done beginFailback(BeginFailback request) {
    String operationId = request.mandate().operationId();
    return change(
        "beginFailback",
        request.replicaId(),
        request.mandate(),
        replica -> {
          FakeFailback known = replica.failback;
          if (known != null && known.operationId.equals(operationId)) {
            return request.failback().makesTarget() && names(known, request.failback());
          }
          if (known != null) {
            throw refused(replica, "begin the failback of", "it has one of another operation");
          }
          refuseOthers(replica, request.failback());
          replica.failback = new FakeFailback(operationId, replica, request.failback());
          return true;
        });
  }

  boolean names(FakeFailback known, Failback made) {
    Failback before = known.failback;
    if (before.makesTarget() && before.round() == null) {
      known.failback = before.made(made.target(), made.disks());
    }
    return !known.failback.equals(before);
  }

  void refuseOthers(FakeReplica replica, Failback failback) {
    VmRef target = failback.target();
    if (!target.site().equals(replica.replica.production().site())) {
      throw refused(replica, "begin the failback of", target + " is at another site");
    }
    boolean isTaken =
        replica.replica.recovery().equals(target)
            || registry.replicas.values().stream()
                .filter(other -> other != replica)
                .anyMatch(other -> has(other, target) || sharesDisk(other, failback))
            || registry.protection().reserved(target.site(), target.id()).isPresent();
    if (isTaken) {
      throw refused(replica, "begin the failback of", target + " belongs to another replica");
    }
  }

  private static boolean sharesDisk(FakeReplica other, Failback failback) {
    return other.replica.disks().stream()
        .map(DiskPair::productionDisk)
        .anyMatch(
            disk -> failback.disks().stream().anyMatch(own -> own.productionDisk().equals(disk)));
  }

  private static boolean has(FakeReplica replica, VmRef vm) {
    FakeFailback failback = replica.failback;
    return Stream.of(replica.replica.production(), replica.replica.recovery())
            .anyMatch(own -> own.site().equals(vm.site()) && own.id().equals(vm.id()))
        || (failback != null && failback.names(vm.site(), vm.id()));
  }

  @Override
  public FailbackView describeFailback(DescribeFailback request) {
    return registry.answering(
        "describeFailback",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.replica(request.replicaId());
          return new FailbackView(
              replica == null || replica.failback == null ? null : replica.failback.failback);
        });
  }

  @Override
  public Done recordRound(RecordRound request) {
    return change(
        "recordRound",
        request.replicaId(),
        request.mandate(),
        replica -> {
          FakeFailback known = required(replica, "remember a synchronisation of");
          boolean changes = !request.round().equals(known.failback.round());
          known.synchronised(request.round());
          return changes;
        });
  }

  @Override
  public Done moveSwitch(MoveSwitch request) {
    return change(
        "moveSwitch",
        request.replicaId(),
        request.mandate(),
        replica -> {
          FakeFailback known = required(replica, "move the switch of");
          if (known.failback.switchover() != Switchover.SCHEDULED) {
            throw refused(replica, "move the switch of", "it is not scheduled");
          }
          boolean changes = !request.at().equals(known.failback.switchAt());
          known.switchAt(request.at());
          return changes;
        });
  }

  @Override
  public Done completeSwitch(CompleteSwitch request) {
    return change(
        "completeSwitch",
        request.replicaId(),
        request.mandate(),
        replica -> {
          FakeFailback known = required(replica, "complete the switch of");
          RestorePoint point = request.point();
          if (known.protects(point.id())) {
            return false;
          }
          forgetProtectivePoint(replica, known);
          known.switched(point);
          replica.points.add(point);
          replica.changeIds = request.changeIds();
          if (known.goesElsewhere()) {
            replica.replica = following(known);
            replica.shape = null;
          }
          return true;
        });
  }

  void forgetProtectivePoint(FakeReplica replica, FakeFailback known) {
    replica.points.remove(known.failback.protectivePoint());
  }

  /** The replica as it follows the target. */
  Replica following(FakeFailback known) {
    Failback failback = known.failback;
    return new Replica(
        known.before.id(),
        failback.target().name(),
        failback.target(),
        known.before.recovery(),
        failback.disks(),
        known.before.networks());
  }

  @Override
  public Done endFailback(EndFailback request) {
    return change(
        "endFailback",
        request.replicaId(),
        request.mandate(),
        replica -> {
          FakeFailback known = replica.failback;
          if (known == null) {
            return false;
          }
          if (request.committed() && known.failback.protectivePoint() == null) {
            throw refused(replica, "commit the failback of", "its switch is not complete");
          }
          if (request.committed()) {
            commit(known, request.reason());
            replica.networks = follow(known, replica.networks);
          } else {
            takeBack(replica, known);
          }
          replica.failback = null;
          return true;
        });
  }

  void commit(FakeFailback known, String reason) {
    if (known.goesElsewhere()) {
      String old = known.before.production().id();
      String target = known.failback.target().id();
      registry.excluded.putIfAbsent(old, reason);
      registry.excluded.remove(target);
      for (Set<String> joined : registry.protection().joined.values()) {
        if (joined.remove(old)) {
          joined.add(target);
        }
      }
    }
  }

  List<NetworkMapping> follow(FakeFailback known, List<NetworkMapping> map) {
    return known.failback.follow(map);
  }

  void takeBack(FakeReplica replica, FakeFailback known) {
    forgetProtectivePoint(replica, known);
    if (known.failback.protectivePoint() != null) {
      replica.replica = known.before;
      replica.changeIds = known.changeIdsBefore;
      replica.shape = known.shapeBefore;
    }
  }

  private static FakeFailback required(FakeReplica replica, String what) {
    FakeFailback known = replica.failback;
    if (known == null) {
      throw refused(replica, what, "it has no failback");
    }
    return known;
  }

  private static FaultException refused(FakeReplica replica, String what, String because) {
    return new FaultException(
        Fault.REFUSED,
        "Could not %s '%s': %s. Look at its status."
            .formatted(what, replica.replica.name(), because));
  }

  private Done change(String step, String replicaId, Mandate mandate, Predicate<FakeReplica> act) {
    return claims.change(step, step, replicaId, mandate, act);
  }
}
