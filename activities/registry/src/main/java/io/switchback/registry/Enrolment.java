package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DiskPair;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.SiteCaps;
import io.switchback.model.VmRef;
import io.switchback.port.AdmissionActivities.Cap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes sites, policies, VMs and their replicas into the registry. */
public final class Enrolment {
  private final RegistryDatabase database;

  public Enrolment(RegistryDatabase database) {
    this.database = database;
  }

  /**
   * Enrols all of it or nothing. What is enrolled already and equal stays as it is; a site's or
   * policy's settings are replaced and hold from the next operation and cycle on. A VM that is new
   * gets a replica that is SEEDING.
   *
   * @return the replicas, in the order of {@code vms}
   * @throws FaultException REFUSED when a VM's replica has left SEEDING, or an operation holds it,
   *     and it would change; INVALID_INPUT when a site or policy is unknown or a VM or disk is
   *     taken by another replica; REGISTRY_UNAVAILABLE
   */
  public List<Replica> enrol(
      List<EnrolledSite> sites, List<Policy> policies, List<EnrolledVm> vms) {
    try {
      return database.inTransaction(
          jdbc -> {
            // One enrolment at a time: two that name the same VMs in another order would wait for
            // each other.
            jdbc.sql("lock table site in share row exclusive mode").update();
            sites.forEach(site -> write(jdbc, site));
            policies.forEach(policy -> write(jdbc, policy));
            return vms.stream().map(vm -> enrol(jdbc, vm)).toList();
          });
    } catch (DuplicateKeyException taken) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Could not enrol: a VM, its name or a disk belongs to another replica already: %s. Correct it and enrol again."
              .formatted(Outage.sentence(taken)),
          taken);
    }
  }

  private static void write(JdbcClient jdbc, EnrolledSite site) {
    jdbc.sql(
            """
            insert into site (name, pace) values (:name, :pace::jsonb)
            on conflict (name) do update set pace = excluded.pace
            """)
        .param("name", site.name())
        .param("pace", Json.of(site.pace()))
        .update();
    Map<Cap, Integer> caps =
        Map.of(
            Cap.STARTING, site.startingAtMost(),
            Cap.TRANSFERRING, SiteCaps.DEFAULT.transferring());
    caps.forEach(
        (cap, atMost) ->
            jdbc.sql(
                    """
                    insert into site_cap (site, cap, at_most) values (:site, :cap, :atMost)
                    on conflict (site, cap, place) do update set at_most = excluded.at_most
                    """)
                .param("site", site.name())
                .param("cap", cap.name())
                .param("atMost", atMost)
                .update());
  }

  private static void write(JdbcClient jdbc, Policy policy) {
    Policies.write(jdbc, policy);
  }

  private static Replica enrol(JdbcClient jdbc, EnrolledVm vm) {
    refuseUnknown(jdbc, vm);
    Optional<Replicas.Row> known = replicaOf(jdbc, vm.production());
    if (known.isEmpty()) {
      return insert(jdbc, vm);
    }
    String id = known.get().id();
    if (isEqual(jdbc, Replicas.read(jdbc, id), vm)) {
      return Replicas.read(jdbc, id);
    }
    refuseInOperation(jdbc, known.get(), vm);
    replace(jdbc, id, vm);
    return Replicas.read(jdbc, id);
  }

  private static Optional<Replicas.Row> replicaOf(JdbcClient jdbc, VmRef production) {
    return jdbc.sql("select id from replica where production_site = :site and production_vm = :vm")
        .param("site", production.site())
        .param("vm", production.id())
        .query(String.class)
        .optional()
        .flatMap(id -> Replicas.lock(jdbc, id));
  }

  private static boolean isEqual(JdbcClient jdbc, Replica known, EnrolledVm vm) {
    String policy =
        jdbc.sql("select policy from replica where id = :id")
            .param("id", known.id())
            .query(String.class)
            .single();
    return known.production().equals(vm.production())
        && known.recovery().equals(vm.recovery())
        && known.disks().equals(vm.disks())
        && known.networks().equals(vm.networks())
        && policy.equals(vm.policy());
  }

  private static void refuseInOperation(JdbcClient jdbc, Replicas.Row replica, EnrolledVm vm) {
    String because =
        Claims.holder(jdbc, replica.id())
            .map(Claims.Row::holder)
            .orElse("its replica is " + replica.state());
    if (replica.claimedBy() != null || replica.state() != ReplicaState.SEEDING) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not change the enrolment of %s: %s. Enrol it as it was, or unprotect it first."
              .formatted(vm.production(), because));
    }
  }

  private static Replica insert(JdbcClient jdbc, EnrolledVm vm) {
    writeVms(jdbc, vm);
    // The number makes the id one that no replica before it had, not even of the same VM: runs,
    // fences and the audit of a replica that is gone must never be taken for this one's.
    String id =
        jdbc.sql(
                """
                insert into replica (id, production_site, production_vm, recovery_site, recovery_vm,
                                     networks, policy)
                values (:name || '.' || nextval('replica_number'), :productionSite, :productionVm,
                        :recoverySite, :recoveryVm, :networks, :policy)
                returning id
                """)
            .param("name", vm.production().name())
            .param("productionSite", vm.production().site())
            .param("productionVm", vm.production().id())
            .param("recoverySite", vm.recovery().site())
            .param("recoveryVm", vm.recovery().id())
            .param("networks", vm.networks().toArray(String[]::new))
            .param("policy", vm.policy())
            .query(String.class)
            .single();
    writeDisks(jdbc, id, vm);
    return Replicas.read(jdbc, id);
  }

  private static void replace(JdbcClient jdbc, String id, EnrolledVm vm) {
    writeVms(jdbc, vm);
    jdbc.sql("delete from disk where replica_id = :id").param("id", id).update();
    // A cycle that runs now copies to what was enrolled before: the epoch fences it off.
    jdbc.sql(
            """
            update replica set recovery_site = :recoverySite, recovery_vm = :recoveryVm,
                               networks = :networks, policy = :policy, epoch = epoch + 1
            where id = :id
            """)
        .param("recoverySite", vm.recovery().site())
        .param("recoveryVm", vm.recovery().id())
        .param("networks", vm.networks().toArray(String[]::new))
        .param("policy", vm.policy())
        .param("id", id)
        .update();
    writeDisks(jdbc, id, vm);
  }

  private static void writeVms(JdbcClient jdbc, EnrolledVm vm) {
    for (VmRef ref : List.of(vm.production(), vm.recovery())) {
      jdbc.sql(
              """
              insert into vm (site, id, name) values (:site, :id, :name)
              on conflict (site, id) do update set name = excluded.name
              """)
          .param("site", ref.site())
          .param("id", ref.id())
          .param("name", ref.name())
          .update();
    }
  }

  private static void writeDisks(JdbcClient jdbc, String id, EnrolledVm vm) {
    int position = 0;
    for (DiskPair disk : vm.disks()) {
      jdbc.sql(
              """
              insert into disk (replica_id, position, production_site, production_disk,
                                recovery_site, recovery_disk, capacity_bytes)
              values (:id, :position, :productionSite, :productionDisk,
                      :recoverySite, :recoveryDisk, :capacity)
              """)
          .param("id", id)
          .param("position", position++)
          .param("productionSite", vm.production().site())
          .param("productionDisk", disk.productionDisk())
          .param("recoverySite", vm.recovery().site())
          .param("recoveryDisk", disk.recoveryDisk())
          .param("capacity", disk.capacityBytes())
          .update();
    }
  }

  private static void refuseUnknown(JdbcClient jdbc, EnrolledVm vm) {
    for (String site : List.of(vm.production().site(), vm.recovery().site())) {
      refuseUnless(jdbc, "select exists (select from site where name = :name)", "site", site, vm);
    }
    refuseUnless(
        jdbc, "select exists (select from policy where name = :name)", "policy", vm.policy(), vm);
  }

  private static void refuseUnless(
      JdbcClient jdbc, String isKnown, String what, String name, EnrolledVm vm) {
    if (!jdbc.sql(isKnown).param("name", name).query(Boolean.class).single()) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Could not enrol %s: the registry knows no %s '%s'. Enrol it in the same request."
              .formatted(vm.production(), what, name));
    }
  }
}
