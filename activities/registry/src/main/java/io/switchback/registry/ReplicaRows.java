package io.switchback.registry;

import io.switchback.model.DiskPair;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Writes replicas with their VMs and disks, within a transaction of the caller. */
final class ReplicaRows {
  private ReplicaRows() {}

  /** What stands in a replica's rows. */
  record New(
      String id,
      VmRef production,
      VmRef recovery,
      List<DiskPair> disks,
      List<NetworkMapping> networks,
      Policy policy,
      Placement placement,
      boolean seeded,
      long epoch) {}

  /**
   * An id that no replica before it had, not even of the same VM: runs, fences and the audit of a
   * replica that is gone must never be taken for this one's.
   */
  static String nextId(JdbcClient jdbc, String vm) {
    return jdbc.sql("select :name || '.' || nextval('replica_number')")
        .param("name", vm)
        .query(String.class)
        .single();
  }

  /** The next epoch of all. */
  static long nextEpoch(JdbcClient jdbc) {
    return jdbc.sql("select nextval('epoch')").query(Long.class).single();
  }

  static Replica insert(JdbcClient jdbc, New replica) {
    writeVm(jdbc, replica.production());
    writeVm(jdbc, replica.recovery());
    jdbc.sql(
            """
            insert into replica (id, production_site, production_vm, recovery_site, recovery_vm,
                                 networks, policy, network_map, placement, placed, seeded, epoch)
            values (:id, :productionSite, :productionVm, :recoverySite, :recoveryVm,
                    :networks, :policy, :map::jsonb, :placement::jsonb, :placement::jsonb, :seeded,
                    :epoch)
            """)
        .param("id", replica.id())
        .param("productionSite", replica.production().site())
        .param("productionVm", replica.production().id())
        .param("recoverySite", replica.recovery().site())
        .param("recoveryVm", replica.recovery().id())
        .param("networks", names(replica.networks()))
        .param("policy", replica.policy().name())
        .param("map", Json.ofNetworks(replica.networks()))
        .param("placement", Json.of(replica.placement()))
        .param("seeded", replica.seeded())
        .param("epoch", replica.epoch())
        .update();
    writeDisks(
        jdbc,
        replica.id(),
        replica.production().site(),
        replica.recovery().site(),
        replica.disks());
    return Replicas.read(jdbc, replica.id());
  }

  /** Writes the pairs in this order, where the replica has none. */
  static void writeDisks(
      JdbcClient jdbc,
      String replicaId,
      String productionSite,
      String recoverySite,
      List<DiskPair> disks) {
    int position = 0;
    for (DiskPair disk : disks) {
      jdbc.sql(
              """
              insert into disk (replica_id, position, production_site, production_disk,
                                recovery_site, recovery_disk, capacity_bytes)
              values (:id, :position, :productionSite, :productionDisk,
                      :recoverySite, :recoveryDisk, :capacity)
              """)
          .param("id", replicaId)
          .param("position", position++)
          .param("productionSite", productionSite)
          .param("productionDisk", disk.productionDisk())
          .param("recoverySite", recoverySite)
          .param("recoveryDisk", disk.recoveryDisk())
          .param("capacity", disk.capacityBytes())
          .update();
    }
  }

  /** Deletes the replica with all that hangs on it, and its VMs where no other replica has them. */
  static int delete(JdbcClient jdbc, String id) {
    Replica replica = Replicas.read(jdbc, id);
    jdbc.sql("update replica set claimed_by = null where id = :id").param("id", id).update();
    int deleted = jdbc.sql("delete from replica where id = :id").param("id", id).update();
    for (VmRef vm : List.of(replica.production(), replica.recovery())) {
      forgetVm(jdbc, vm);
    }
    return deleted;
  }

  static String[] names(List<NetworkMapping> networks) {
    return networks.stream().map(NetworkMapping::recovery).distinct().toArray(String[]::new);
  }

  /** Forgets the VM, unless a replica names it. */
  static void forgetVm(JdbcClient jdbc, VmRef vm) {
    jdbc.sql(
            """
            delete from vm where (site, id) = (:site, :id) and not exists (
              select from replica where (:site, :id) in (
                (production_site, production_vm), (recovery_site, recovery_vm)))
            """)
        .param("site", vm.site())
        .param("id", vm.id())
        .update();
  }

  static void writeVm(JdbcClient jdbc, VmRef vm) {
    jdbc.sql(
            """
            insert into vm (site, id, name) values (:site, :id, :name)
            on conflict (site, id) do update set name = excluded.name
            """)
        .param("site", vm.site())
        .param("id", vm.id())
        .param("name", vm.name())
        .update();
  }
}
