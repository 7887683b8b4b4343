package io.switchback.registry;

import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Names another VM as a replica's production, within a transaction of the caller. */
final class ProductionRows {
  private ProductionRows() {}

  /**
   * Lets the replica follow {@code production}, wherever the one it followed is named. Both are at
   * one site.
   *
   * @param shape as it was carried over, as JSON; null: the next cycle looks
   */
  static void exchange(
      JdbcClient jdbc,
      Replica replica,
      VmRef production,
      List<DiskPair> disks,
      @Nullable String shape) {
    ShapeRows.freeName(jdbc, production);
    ReplicaRows.writeVm(jdbc, production);
    jdbc.sql(
            """
            update replica set production_vm = :vm, shape = :shape::jsonb
            where id = :replica and production_site = :site
            """)
        .param("vm", production.id())
        .param("site", production.site())
        .param("shape", shape, Types.VARCHAR)
        .param("replica", replica.id())
        .update();
    jdbc.sql("delete from disk where replica_id = :replica")
        .param("replica", replica.id())
        .update();
    ReplicaRows.writeDisks(jdbc, replica.id(), production.site(), replica.recovery().site(), disks);
    nameInPoints(jdbc, replica.id());
    ReplicaRows.forgetVm(jdbc, replica.production());
  }

  /** The pairs that restore points hold are known by the replica's disk, which stays the same. */
  private static void nameInPoints(JdbcClient jdbc, String replicaId) {
    jdbc.sql(
            """
            update restore_point p set disks = (
              select coalesce(
                jsonb_agg(pair.value || jsonb_build_object(
                    'productionDisk', coalesce(d.production_disk, pair.value ->> 'productionDisk'))
                  order by pair.ordinality), '[]')
              from jsonb_array_elements(p.disks) with ordinality pair
              left join disk d on d.replica_id = p.replica_id
                and d.recovery_disk = pair.value ->> 'recoveryDisk')
            where p.replica_id = :replica
            """)
        .param("replica", replicaId)
        .update();
  }

  /** Rules that have brought {@code before} under protection have brought {@code now}. */
  static void nameInRules(JdbcClient jdbc, VmRef before, VmRef now) {
    jdbc.sql(
            """
            with gone as (
              delete from protection_rule_vm v using protection_rule r
              where r.id = v.rule_id and r.rule ->> 'from' = :site and v.production_vm = :before
              returning v.rule_id, v.joined_at)
            insert into protection_rule_vm (rule_id, production_vm, joined_at)
            select rule_id, :now, joined_at from gone on conflict do nothing
            """)
        .param("site", before.site())
        .param("before", before.id())
        .param("now", now.id())
        .update();
  }
}
