package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.VmRef;
import io.switchback.model.VmShape;
import io.switchback.port.CycleActivities.CarriedShape;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads and writes what a replica is like. */
final class ShapeRows {
  private ShapeRows() {}

  /** Production's shape as it was carried over last; null when it never was. */
  static @Nullable VmShape shape(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("select shape from replica where id = :replica and shape is not null")
        .param("replica", replicaId)
        .query(String.class)
        .optional()
        .map(Json::shape)
        .orElse(null);
  }

  static List<NetworkMapping> networks(JdbcClient jdbc, String replicaId) {
    return Json.networks(
        jdbc.sql("select network_map from replica where id = :replica")
            .param("replica", replicaId)
            .query(String.class)
            .single());
  }

  /** Writes the network map with which a failback that made its target ends. */
  static void follow(JdbcClient jdbc, String replicaId, Failback failback) {
    jdbc.sql("update replica set network_map = :map::jsonb where id = :replica")
        .param("map", Json.ofNetworks(failback.follow(networks(jdbc, replicaId))))
        .param("replica", replicaId)
        .update();
  }

  /** Where the replica's VM is to stand. */
  static Placement placement(JdbcClient jdbc, String replicaId) {
    return Json.placement(
        jdbc.sql("select placement from replica where id = :replica")
            .param("replica", replicaId)
            .query(String.class)
            .single());
  }

  /** Where the replica's VM is to move; null when it stands there. */
  static @Nullable Placement move(JdbcClient jdbc, String replicaId) {
    return jdbc.sql("select placement from replica where id = :replica and placement <> placed")
        .param("replica", replicaId)
        .query(String.class)
        .optional()
        .map(Json::placement)
        .orElse(null);
  }

  /** Writes it in the transaction that records the restore point which has this shape. */
  static void write(JdbcClient jdbc, String replicaId, CarriedShape carried) {
    rename(jdbc, carried.production());
    rename(jdbc, carried.recovery());
    writeDisks(jdbc, replicaId, carried);
    jdbc.sql(
            """
            update replica set shape = :shape::jsonb, networks = :networks,
                               placed = coalesce(:moved::jsonb, placed),
                               marked = nullif(:mark, ''),
                               marked_at = case when :mark = '' then null
                                                when marked = :mark then marked_at
                                                else clock_timestamp() end
            where id = :replica
            """)
        .param("shape", Json.of(carried.shape()))
        .param("networks", carried.networks().toArray(String[]::new))
        .param("mark", carried.mark())
        .param("moved", carried.moved() == null ? null : Json.of(carried.moved()), Types.VARCHAR)
        .param("replica", replicaId)
        .update();
  }

  private static void rename(JdbcClient jdbc, VmRef vm) {
    freeName(jdbc, vm);
    jdbc.sql("update vm set name = :name where site = :site and id = :id and name <> :name")
        .param("site", vm.site())
        .param("name", vm.name())
        .param("id", vm.id())
        .update();
  }

  /** Makes the VM's name free for it. */
  static void freeName(JdbcClient jdbc, VmRef vm) {
    // Another VM that still has this name here was renamed as well: at its site no two VMs share a
    // name. It is told apart by its id until its own cycle comes.
    jdbc.sql(
            """
            update vm set name = name || ' (' || id || ')'
            where site = :site and name = :name and id <> :id
            """)
        .param("site", vm.site())
        .param("name", vm.name())
        .param("id", vm.id())
        .update();
  }

  private static void writeDisks(JdbcClient jdbc, String replicaId, CarriedShape carried) {
    refuseDisksOfOthers(jdbc, replicaId, carried);
    jdbc.sql("delete from disk where replica_id = :replica").param("replica", replicaId).update();
    ReplicaRows.writeDisks(
        jdbc, replicaId, carried.production().site(), carried.recovery().site(), carried.disks());
  }

  /** A disk that was moved from one protected VM to another is the other's until its cycle. */
  private static void refuseDisksOfOthers(JdbcClient jdbc, String replicaId, CarriedShape carried) {
    Optional<String> other =
        jdbc.sql(
                """
                select 'disk ' || production_disk || ' still belongs to replica ' || replica_id
                from disk
                where production_site = :site and production_disk = any(:disks)
                  and replica_id <> :replica
                limit 1
                """)
            .param("site", carried.production().site())
            .param(
                "disks",
                carried.disks().stream().map(DiskPair::productionDisk).toArray(String[]::new))
            .param("replica", replicaId)
            .query(String.class)
            .optional();
    if (other.isPresent()) {
      throw new FaultException(
          Fault.SHAPE_CHANGED,
          "Could not record the disks of '%s': %s. Nothing was recorded; once a cycle of that replica has let it go, the next one succeeds."
              .formatted(carried.shape().name(), other.get()));
    }
  }
}
