package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.ProtectionActivities;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Protection of VMs in PostgreSQL. */
public final class PostgresProtectionActivities implements ProtectionActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresProtectionActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresProtectionActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Reservation reserveReplica(ReserveReplica request) {
    return database.inTransaction(
        jdbc -> {
          // Two that reserve the same VM at once queue here; the second sees what the first did.
          Reservations.lock(jdbc, request.production());
          VmRef vm = request.production();
          refuseReplicasOwn(jdbc, vm);
          refuseFailback(jdbc, request);
          Optional<Replica> known = Reservations.replicaOf(jdbc, vm);
          known
              .map(Replica::id)
              .filter(id -> !id.equals(request.replicaId()))
              .ifPresent(id -> refuse(vm, "it is protected as '" + id + "' by now"));
          Optional<Reservations.Row> held = Reservations.of(jdbc, vm);
          held.filter(row -> !row.replicaId().equals(request.replicaId()))
              .ifPresent(
                  row ->
                      refuse(
                          vm,
                          "run '%s', started by %s, protects it as '%s' already"
                              .formatted(row.workflowId(), row.by(), row.replicaId())));
          Reservations.Row mine =
              held.filter(row -> row.operationId().equals(request.operationId()))
                  .orElseGet(() -> Reservations.take(jdbc, request));
          return new Reservation(
              new Fence(mine.generation(), mine.epoch(), 0, 0),
              known.orElse(null),
              attempt.number());
        });
  }

  /** The VM that the replica follows; while a failback is open also the other one. */
  private static Set<VmRef> productions(JdbcClient jdbc, String replicaId) {
    Set<VmRef> all = new LinkedHashSet<>();
    all.add(Replicas.read(jdbc, replicaId).production());
    Failbacks.of(jdbc, replicaId).ifPresent(open -> all.addAll(open.vms()));
    return all;
  }

  private static void refuseFailback(JdbcClient jdbc, ReserveReplica request) {
    Failbacks.naming(jdbc, request.production())
        .filter(open -> !open.replicaId().equals(request.replicaId()))
        .ifPresent(
            open ->
                refuse(
                    request.production(),
                    "the failback of '%s' is about it".formatted(open.replicaId())));
  }

  private static void refuseReplicasOwn(JdbcClient jdbc, VmRef vm) {
    Reservations.protectedByVm(jdbc, vm)
        .ifPresent(name -> refuse(vm, "it is itself the replica of '" + name + "'"));
  }

  private static void refuse(VmRef vm, String because) {
    throw new FaultException(
        Fault.REFUSED,
        "Could not protect %s: %s. Look at it, then start the run again.".formatted(vm, because));
  }

  @Override
  public Replica writeReplica(WriteReplica request) {
    try {
      return database.inTransaction(
          jdbc -> {
            Reservations.Row held =
                Reservations.require(jdbc, request.mandate(), request.replicaId());
            if (Replicas.lock(jdbc, request.replicaId()).isPresent()) {
              return Replicas.read(jdbc, request.replicaId());
            }
            Policies.keep(jdbc, request.policy(), request.replicaId());
            return ReplicaRows.insert(
                jdbc,
                new ReplicaRows.New(
                    request.replicaId(),
                    request.production(),
                    request.recovery(),
                    request.disks(),
                    request.networks(),
                    request.policy(),
                    request.placement(),
                    request.seeded(),
                    held.epoch()));
          });
    } catch (DuplicateKeyException taken) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Could not protect %s: a VM, its name or a disk belongs to another replica already: %s. Abort, and protect it otherwise."
              .formatted(request.production(), Outage.sentence(taken)),
          taken);
    }
  }

  @Override
  public Done eraseReplica(EraseReplica request) {
    return database.inTransaction(
        jdbc -> {
          var _ = Reservations.require(jdbc, request.mandate(), request.replicaId());
          Optional<Replicas.Row> replica = Replicas.lock(jdbc, request.replicaId());
          if (replica.isEmpty()) {
            return new Done(false, attempt.number());
          }
          if (replica.get().state() != ReplicaState.SEEDING || replica.get().cycle() > 0) {
            throw new FaultException(
                Fault.REFUSED,
                "Could not take replica '%s' back: it replicates already. Unprotect it."
                    .formatted(request.replicaId()));
          }
          return new Done(ReplicaRows.delete(jdbc, request.replicaId()) > 0, attempt.number());
        });
  }

  @Override
  public Done endReservation(EndReservation request) {
    return database.inTransaction(
        jdbc -> {
          if (Reservations.of(jdbc, request.replicaId()).isEmpty()) {
            return new Done(false, attempt.number());
          }
          var _ = Reservations.require(jdbc, request.mandate(), request.replicaId());
          // Somebody has asked for the VM by name, which outweighs that it was taken out once.
          Exclusions.lift(jdbc, request.replicaId());
          int ended =
              jdbc.sql("delete from reservation where replica_id = :replica")
                  .param("replica", request.replicaId())
                  .update();
          return new Done(ended > 0, attempt.number());
        });
  }

  @Override
  public Done reconfigureReplica(ReconfigureReplica request) {
    return database.inTransaction(
        jdbc -> {
          Replicas.Row replica = Replicas.lockProtected(jdbc, request.replicaId());
          Claims.holder(jdbc, replica.id())
              .ifPresent(
                  holder -> {
                    throw new FaultException(
                        Fault.REFUSED,
                        "Could not reconfigure replica '%s': %s. Wait for its end, then retry."
                            .formatted(replica.id(), holder.holder()));
                  });
          boolean changed = changePolicy(jdbc, request);
          changed |= changeNetworks(jdbc, request.replicaId(), request.networks());
          changed |= changePlacement(jdbc, request.replicaId(), request.placement());
          return new Done(changed, attempt.number());
        });
  }

  private static boolean changePolicy(JdbcClient jdbc, ReconfigureReplica request) {
    String name = request.policyName();
    Policy policy = request.policy();
    if (name != null && Policies.read(jdbc, name).isEmpty()) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "There is no policy '%s'. Give its settings as well, then start the run again."
              .formatted(name));
    }
    boolean written = false;
    if (policy != null) {
      written = !Policies.read(jdbc, policy.name()).equals(Optional.of(policy));
      Policies.keep(jdbc, policy, request.replicaId());
      name = policy.name();
    }
    if (name == null) {
      return written;
    }
    int moved =
        jdbc.sql("update replica set policy = :policy where id = :id and policy <> :policy")
            .param("policy", name)
            .param("id", request.replicaId())
            .update();
    return written || moved > 0;
  }

  private static boolean changeNetworks(
      JdbcClient jdbc, String replicaId, @Nullable List<NetworkMapping> networks) {
    return networks != null
        && jdbc.sql(
                    """
                    update replica set network_map = :map::jsonb
                    where id = :id and network_map <> :map::jsonb
                    """)
                .param("map", Json.ofNetworks(networks))
                .param("id", replicaId)
                .update()
            > 0;
  }

  private static boolean changePlacement(
      JdbcClient jdbc, String replicaId, @Nullable Placement asked) {
    if (asked == null) {
      return false;
    }
    Placement placement = asked.orElse(ShapeRows.placement(jdbc, replicaId));
    return jdbc.sql(
                """
                update replica set placement = :placement::jsonb
                where id = :id and placement <> :placement::jsonb
                """)
            .param("placement", Json.of(placement))
            .param("id", replicaId)
            .update()
        > 0;
  }

  @Override
  public Done endProtection(EndProtection request) {
    return database.inTransaction(
        jdbc -> {
          if (Replicas.lock(jdbc, request.replicaId()).isEmpty()) {
            return new Done(false, attempt.number());
          }
          Mandate mandate = Objects.requireNonNull(request.mandate());
          Claims.require(jdbc, mandate, request.replicaId());
          String by = Claims.holder(jdbc, request.replicaId()).map(Claims.Row::by).orElse("nobody");
          for (VmRef vm : productions(jdbc, request.replicaId())) {
            Exclusions.add(jdbc, vm, by, "its protection was ended");
          }
          return new Done(ReplicaRows.delete(jdbc, request.replicaId()) > 0, attempt.number());
        });
  }
}
