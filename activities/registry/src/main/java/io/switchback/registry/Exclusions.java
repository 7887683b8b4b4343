package io.switchback.registry;

import io.switchback.model.VmRef;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Production VMs that no rule may bring under protection by itself. */
final class Exclusions {
  private Exclusions() {}

  /** Takes the VM out; one that is out already stays so for the first reason. */
  static int add(JdbcClient jdbc, VmRef vm, String by, String reason) {
    return jdbc.sql(
            """
            insert into excluded_vm (site, vm, name, asked_by, reason)
            values (:site, :vm, :name, :by, :reason) on conflict do nothing
            """)
        .param("site", vm.site())
        .param("vm", vm.id())
        .param("name", vm.name())
        .param("by", by)
        .param("reason", reason)
        .update();
  }

  /** Why the VM is out, and who has said so; out is also what an open failback is about. */
  static Optional<String> of(JdbcClient jdbc, VmRef vm) {
    Optional<String> failback =
        Failbacks.naming(jdbc, vm)
            .map(open -> "the failback of '%s' is about it".formatted(open.replicaId()));
    return failback.or(() -> said(jdbc, vm));
  }

  private static Optional<String> said(JdbcClient jdbc, VmRef vm) {
    return jdbc.sql(
            "select reason || ' (' || asked_by || ')' from excluded_vm where (site, vm) = (:site, :vm)")
        .param("site", vm.site())
        .param("vm", vm.id())
        .query(String.class)
        .optional();
  }

  /**
   * Lets rules have the replica's production VM again, unless its replica is production for good.
   */
  static void lift(JdbcClient jdbc, String replicaId) {
    jdbc.sql(
            """
            delete from excluded_vm where (site, vm) in (
              select production_site, production_vm from replica
              where id = :replica and state <> 'PERMANENT')
            """)
        .param("replica", replicaId)
        .update();
  }
}
