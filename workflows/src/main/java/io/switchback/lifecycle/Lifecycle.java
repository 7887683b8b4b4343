package io.switchback.lifecycle;

import static io.switchback.lifecycle.Operation.*;
import static io.switchback.lifecycle.ReplicaState.*;
import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * THE replica lifecycle: what is allowed from which state, as one table. Nothing else decides it.
 */
public final class Lifecycle {
  private static final Set<ReplicaState> ANY = EnumSet.allOf(ReplicaState.class);

  /** Every row, in the order of the operating manual. */
  public static final List<Transition> TABLE =
      List.of(
          row(PROTECT, Set.of(), SEEDING, "policy, placeholder VM, mapped networks"),
          row(
              FIRST_COPY,
              Set.of(SEEDING),
              READY,
              "first full copy, or seeded from an existing VM or disk"),
          new Transition(
              UNPROTECT,
              ANY,
              null,
              "–",
              "replication ends; the replica and its points stay or go, as asked"),
          row(
              PARTIAL_FAILOVER,
              Set.of(READY),
              FAILOVER,
              "replica runs from the chosen restore point, its writes go to that point's delta;"
                  + " replication held"),
          row(
              PLANNED_FAILOVER,
              Set.of(READY),
              FAILOVER,
              "nothing lost: final synchronisation after guest shutdown; two extra restore points"
                  + " kept"),
          row(
              FULL_SITE_FAILOVER,
              Set.of(READY),
              FAILOVER,
              "as fail over, one VM after the other; the recovery site's appliance is their networks'"
                  + " gateway"),
          row(
              UNDO_FAILOVER,
              Set.of(FAILOVER),
              READY,
              "delta discarded, replica off, replication resumed; after a planned failover"
                  + " production runs again first"),
          row(
              PERMANENT_FAILOVER,
              Set.of(FAILOVER),
              PERMANENT,
              "delta merged, restore points removed, production VM excluded from replication"),
          row(
              Operation.FAILBACK,
              Set.of(FAILOVER),
              ReplicaState.FAILBACK,
              "production VM synchronised twice, replica off with a protective snapshot;"
                  + " replication held"),
          row(
              FAILBACK_LATER,
              Set.of(FAILOVER),
              READY_TO_SWITCH,
              "first synchronisation done, replica still serving"),
          row(
              SWITCH_OVER,
              Set.of(READY_TO_SWITCH),
              ReplicaState.FAILBACK,
              "second synchronisation done, replica off"),
          new Transition(
              MOVE_SWITCH,
              EnumSet.of(READY_TO_SWITCH),
              null,
              "unchanged",
              "a scheduled switch has another time; the replica serves on"),
          new Transition(
              RESYNCHRONISE,
              EnumSet.of(READY_TO_SWITCH),
              null,
              "unchanged",
              "synchronised once more while the replica serves: the switch has less left to send"),
          row(
              CANCEL_FAILBACK,
              Set.of(READY_TO_SWITCH),
              FAILOVER,
              "as if failback never began; production is as it was"),
          row(
              COMMIT_FAILBACK,
              Set.of(ReplicaState.FAILBACK),
              READY,
              "replication resumes from the production VM; protective snapshot stays as a restore"
                  + " point"),
          row(
              UNDO_FAILBACK,
              Set.of(ReplicaState.FAILBACK),
              FAILOVER,
              "replica runs again from the protective snapshot; production is as it was before"
                  + " failback"),
          new Transition(
              REPROTECT,
              EnumSet.of(FAILOVER, PERMANENT),
              READY,
              "READY, production and recovery sites exchanged",
              "reverse replication runs"),
          row(
              ADOPT,
              Set.of(READY),
              FAILOVER,
              "a replica found running is accepted, from the newest point; replication held"),
          new Transition(
              ISOLATE,
              EnumSet.of(READY, FAILOVER, PERMANENT, READY_TO_SWITCH),
              null,
              "unchanged",
              "production that woke up while its replica serves, or a replica that runs by hand, is off its networks"),
          new Transition(
              RECONNECT,
              EnumSet.of(READY, FAILOVER, PERMANENT, READY_TO_SWITCH),
              null,
              "unchanged",
              "what was isolated is on its networks again"),
          new Transition(
              RECONCILE,
              ANY,
              null,
              "from- or to-state of the operation that it settles",
              "a claim whose run is closed is settled, as a person chose; audited"),
          new Transition(RECONFIGURE, ANY, null, "unchanged", "new policy from the next cycle"),
          row(
              DRILL,
              Set.of(READY),
              READY,
              "a copy ran in an isolated network and is gone; replication never stopped"));

  private Lifecycle() {}

  /** The operation's row. */
  public static Transition of(Operation operation) {
    return TABLE.stream().filter(row -> row.operation() == operation).findFirst().orElseThrow();
  }

  /** Whether {@code operation} may begin in {@code state}; null is no replica. */
  public static boolean allows(@Nullable ReplicaState state, Operation operation) {
    Set<ReplicaState> from = of(operation).from();
    return state == null ? from.isEmpty() : from.contains(state);
  }

  /** Operations that may begin in {@code state}; null is no replica. */
  public static List<Operation> allowed(@Nullable ReplicaState state) {
    return Arrays.stream(Operation.values()).filter(operation -> allows(state, operation)).toList();
  }

  /**
   * The sentence that refuses {@code operation} in {@code state} and says what is allowed now;
   * empty when it is allowed.
   */
  public static Optional<String> refusal(
      String vm, @Nullable ReplicaState state, Operation operation) {
    if (allows(state, operation)) {
      return Optional.empty();
    }
    return Optional.of(
        "%s is not allowed: replica of '%s' is %s; allowed now: %s"
            .formatted(
                operation.words(),
                vm,
                state == null ? "not protected" : state,
                allowed(state).stream().map(Operation::words).collect(joining(", "))));
  }

  private static Transition row(
      Operation operation, Set<ReplicaState> from, ReplicaState to, String leaves) {
    return new Transition(operation, from, to, to.name(), leaves);
  }
}
