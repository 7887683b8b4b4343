package io.switchback.registry;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads replicas and locks them. */
final class Replicas {
  private static final String SELECT =
      """
      select r.id, r.networks,
             r.production_site, r.production_vm, p.name as production_name,
             r.recovery_site, r.recovery_vm, v.name as recovery_name
      from replica r
      join vm p on (p.site, p.id) = (r.production_site, r.production_vm)
      join vm v on (v.site, v.id) = (r.recovery_site, r.recovery_vm)
      """;

  private static final String DISKS =
      "select replica_id, production_disk, recovery_disk, capacity_bytes from disk ";

  private Replicas() {}

  /** A replica's row, locked until the transaction ends. */
  record Row(String id, ReplicaState state, long epoch, long cycle, @Nullable String claimedBy) {}

  /** Locks the replica's row, so that nobody else decides about the replica meanwhile. */
  static Optional<Row> lock(JdbcClient jdbc, String id) {
    return row(jdbc, id, "for update");
  }

  /** The replica's row as it is now. */
  static Optional<Row> look(JdbcClient jdbc, String id) {
    return row(jdbc, id, "");
  }

  private static Optional<Row> row(JdbcClient jdbc, String id, String lock) {
    return jdbc.sql(
            "select id, state, epoch, cycle, claimed_by from replica where id = :id " + lock)
        .param("id", id)
        .query(
            (row, number) ->
                new Row(
                    row.getString("id"),
                    ReplicaState.valueOf(row.getString("state")),
                    row.getLong("epoch"),
                    row.getLong("cycle"),
                    row.getString("claimed_by")))
        .optional();
  }

  /**
   * Locks the replica's row.
   *
   * @throws FaultException REFUSED when there is none
   */
  static Row lockProtected(JdbcClient jdbc, String id) {
    return lock(jdbc, id).orElseThrow(() -> notProtected(id));
  }

  static FaultException notProtected(String id) {
    return new FaultException(
        Fault.REFUSED,
        "Replica '%s' is not in the registry: its VM is not protected, or no longer. Protect it first."
            .formatted(id));
  }

  static boolean exists(JdbcClient jdbc, String id) {
    return jdbc.sql("select exists (select from replica where id = :id)")
        .param("id", id)
        .query(Boolean.class)
        .single();
  }

  static Replica read(JdbcClient jdbc, String id) {
    return jdbc.sql(SELECT + "where r.id = :id")
        .param("id", id)
        .query((row, number) -> replica(row, disks(jdbc, id)))
        .single();
  }

  /** Every replica by its id, in two statements however many there are. */
  static Map<String, Replica> all(JdbcClient jdbc) {
    record Owned(String replicaId, DiskPair disk) {}
    Map<String, List<DiskPair>> disks =
        jdbc
            .sql(DISKS + "order by replica_id, position")
            .query((row, number) -> new Owned(row.getString("replica_id"), disk(row)))
            .list()
            .stream()
            .collect(groupingBy(Owned::replicaId, mapping(Owned::disk, toList())));
    return jdbc
        .sql(SELECT)
        .query((row, number) -> replica(row, disks.getOrDefault(row.getString("id"), List.of())))
        .list()
        .stream()
        .collect(toMap(Replica::id, replica -> replica));
  }

  /** Name of the replica's production VM, for sentences. */
  static String name(JdbcClient jdbc, String id) {
    return jdbc.sql(
            """
            select p.name from replica r
            join vm p on (p.site, p.id) = (r.production_site, r.production_vm)
            where r.id = :id
            """)
        .param("id", id)
        .query(String.class)
        .optional()
        .orElse(id);
  }

  private static Replica replica(ResultSet row, List<DiskPair> disks) throws SQLException {
    String name = row.getString("production_name");
    return new Replica(
        row.getString("id"),
        name,
        new VmRef(row.getString("production_site"), row.getString("production_vm"), name),
        new VmRef(
            row.getString("recovery_site"),
            row.getString("recovery_vm"),
            row.getString("recovery_name")),
        disks,
        strings(row.getArray("networks")));
  }

  private static List<DiskPair> disks(JdbcClient jdbc, String replicaId) {
    return jdbc.sql(DISKS + "where replica_id = :replica order by position")
        .param("replica", replicaId)
        .query((row, number) -> disk(row))
        .list();
  }

  private static DiskPair disk(ResultSet row) throws SQLException {
    return new DiskPair(
        row.getString("production_disk"),
        row.getString("recovery_disk"),
        row.getLong("capacity_bytes"));
  }

  private static List<String> strings(Array array) throws SQLException {
    return List.of((String[]) array.getArray());
  }
}
