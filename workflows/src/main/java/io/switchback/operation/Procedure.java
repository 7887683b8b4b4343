package io.switchback.operation;

import static io.switchback.operation.StepKind.*;

import io.switchback.lifecycle.Operation;
import io.switchback.model.NetworkMode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps of an operation over one replica, in their order, as previews and the operating manual
 * tell them. A run is held to it by a test.
 *
 * @param pointOfNoReturn the step before which an abort is possible for the last time; null when
 *     every step can be undone
 */
public record Procedure(
    Operation operation, List<StepKind> steps, @Nullable StepKind pointOfNoReturn) {
  private static final List<StepKind> BEGIN_A_FAILOVER =
      List.of(CLAIM, PLAN_WINDOW, HOLD, FENCE_OFF);
  private static final List<StepKind> RUN_FROM_ITS_POINT =
      List.of(LOOK, REVERT, POWER_ON, MOVE_TO_FAILOVER);
  private static final List<StepKind> SERVE =
      List.of(AWAIT_GUEST, OPEN_EXTENSION_RECOVERY, OPEN_EXTENSION_PRODUCTION, VERIFY);
  private static final List<StepKind> END_IN_A_WINDOW = List.of(OPEN_WINDOW, START_WINDOW, RELEASE);

  private static final List<StepKind> BEGIN_A_FAILBACK =
      List.of(
          CLAIM,
          PLAN_WINDOW,
          LOOK_AT_TARGET,
          BEGIN_FAILBACK,
          PLACE_TARGET,
          NAME_TARGET,
          POWER_OFF_TARGET,
          PROTECT_TARGET);
  private static final List<StepKind> SYNCHRONISE_WHILE_SERVING =
      List.of(SNAPSHOT_SERVING, SYNCHRONISE, MARK_TARGET, RECORD_ROUND);
  private static final List<StepKind> FORGET_THE_ROUND =
      List.of(REMOVE_ROUND, REMOVE_TARGET_SNAPSHOT);
  private static final List<StepKind> SWITCH =
      all(
          List.of(
              POWER_OFF,
              PROTECT_REPLICA,
              SYNCHRONISE,
              MARK_TARGET,
              COMPLETE_SWITCH,
              MOVE_TO_FAILBACK,
              LEAVE_EXTENSION,
              PLUG_IN_TARGET,
              POWER_ON_TARGET),
          FORGET_THE_ROUND,
          END_IN_A_WINDOW);
  private static final List<StepKind> PUT_TARGET_BACK =
      List.of(STOP_TARGET, RESTORE_TARGET, REMOVE_TARGET, REMOVE_TARGET_SNAPSHOT);

  /** Every operation that is made of steps over one replica. */
  public static final List<Procedure> ALL =
      List.of(
          new Procedure(
              Operation.PARTIAL_FAILOVER,
              all(BEGIN_A_FAILOVER, RUN_FROM_ITS_POINT, SERVE, END_IN_A_WINDOW),
              null),
          new Procedure(
              Operation.PLANNED_FAILOVER,
              all(
                  BEGIN_A_FAILOVER,
                  List.of(
                      REPLICATE_FIRST,
                      LOOK_AT_PRODUCTION,
                      REMEMBER_PRODUCTION,
                      SHUT_DOWN_PRODUCTION,
                      POWER_OFF_PRODUCTION,
                      REPLICATE_LAST),
                  RUN_FROM_ITS_POINT,
                  SERVE,
                  END_IN_A_WINDOW),
              null),
          new Procedure(
              Operation.FULL_SITE_FAILOVER,
              all(
                  BEGIN_A_FAILOVER,
                  RUN_FROM_ITS_POINT,
                  List.of(AWAIT_GUEST, OPEN_EXTENSION_RECOVERY, VERIFY),
                  END_IN_A_WINDOW),
              null),
          new Procedure(
              Operation.UNDO_FAILOVER,
              List.of(
                  CLAIM,
                  POWER_OFF,
                  MEASURE_DELTA,
                  REVERT,
                  LEAVE_EXTENSION,
                  POWER_ON_PRODUCTION,
                  RESUME,
                  MOVE_TO_READY,
                  RELEASE),
              REVERT),
          new Procedure(
              Operation.PERMANENT_FAILOVER,
              List.of(
                  CLAIM,
                  NAME_THE_LOSS,
                  CLEAN_PRODUCTION,
                  LET_GO,
                  LIST_POINTS,
                  REMOVE_POINT,
                  FORGET_POINTS,
                  EXCLUDE,
                  MOVE_TO_PERMANENT,
                  RESUME,
                  HAND_OVER,
                  RELEASE),
              LET_GO),
          new Procedure(
              Operation.ADOPT,
              all(
                  List.of(CLAIM, HOLD, FENCE_OFF, LOOK_AT_RUNNING, MOVE_TO_FAILOVER),
                  SERVE,
                  List.of(RELEASE)),
              null),
          new Procedure(
              Operation.ISOLATE, List.of(CLAIM, LOOK_BEFORE_ISOLATING, ISOLATE, RELEASE), null),
          new Procedure(Operation.RECONNECT, List.of(CLAIM, RECONNECT, RELEASE), null),
          // What comes between depends on what is there and on what is chosen.
          new Procedure(
              Operation.RECONCILE,
              List.of(TAKE_OVER, FENCE_OFF, OBSERVE, FENCE_OFF_TARGET, RELEASE),
              TAKE_OVER),
          new Procedure(
              Operation.PROTECT,
              List.of(CLAIM, PLACE, WRITE, START_REPLICATION, RELEASE),
              START_REPLICATION),
          new Procedure(
              Operation.UNPROTECT,
              List.of(
                  CLAIM, HOLD, STOP_CYCLE, DISPOSE, REMOVE_SHEET, TIDY_PRODUCTION, END_PROTECTION),
              DISPOSE),
          new Procedure(Operation.RECONFIGURE, List.of(RECONFIGURE), null),
          new Procedure(
              Operation.FAILBACK,
              all(BEGIN_A_FAILBACK, SYNCHRONISE_WHILE_SERVING, SWITCH),
              COMPLETE_SWITCH),
          new Procedure(
              Operation.FAILBACK_LATER,
              all(
                  BEGIN_A_FAILBACK,
                  SYNCHRONISE_WHILE_SERVING,
                  List.of(MOVE_TO_READY_TO_SWITCH, START_TIMER, RELEASE)),
              null),
          new Procedure(
              Operation.SWITCH_OVER,
              all(
                  List.of(
                      CLAIM, READ_FAILBACK, PLAN_WINDOW, LOOK_AT_TARGET, LIST_ROUNDS, LIST_TARGET),
                  SYNCHRONISE_WHILE_SERVING,
                  FORGET_THE_ROUND,
                  SWITCH),
              COMPLETE_SWITCH),
          new Procedure(
              Operation.RESYNCHRONISE,
              all(
                  List.of(CLAIM, READ_FAILBACK, LOOK_AT_TARGET, LIST_ROUNDS, LIST_TARGET),
                  SYNCHRONISE_WHILE_SERVING,
                  FORGET_THE_ROUND,
                  List.of(RELEASE)),
              null),
          new Procedure(
              Operation.MOVE_SWITCH,
              List.of(READ_FAILBACK, CLAIM, MOVE_SWITCH, START_TIMER, RELEASE),
              null),
          new Procedure(
              Operation.CANCEL_FAILBACK,
              all(
                  List.of(CLAIM, READ_FAILBACK, LIST_TARGET),
                  PUT_TARGET_BACK,
                  List.of(
                      LIST_ROUNDS,
                      REMOVE_ROUND,
                      MOVE_TO_FAILOVER,
                      UNPLUG_TARGET,
                      RESTART_TARGET,
                      END_FAILBACK,
                      RELEASE)),
              RESTORE_TARGET),
          new Procedure(
              Operation.COMMIT_FAILBACK,
              List.of(
                  CLAIM,
                  READ_FAILBACK,
                  LIST_TARGET,
                  REMOVE_TARGET_SNAPSHOT,
                  LEAVE_TARGET,
                  END_FAILBACK,
                  RESUME,
                  MOVE_TO_READY,
                  RELEASE),
              REMOVE_TARGET_SNAPSHOT),
          new Procedure(
              Operation.UNDO_FAILBACK,
              all(
                  List.of(CLAIM, READ_FAILBACK, MEASURE_TARGET, LIST_TARGET),
                  PUT_TARGET_BACK,
                  RUN_FROM_ITS_POINT,
                  List.of(UNPLUG_TARGET, RESTART_TARGET, REMOVE_ROUND, LEAVE_TARGET, END_FAILBACK),
                  SERVE,
                  List.of(RELEASE)),
              RESTORE_TARGET));

  public Procedure {
    steps = List.copyOf(steps);
  }

  /** The operation's procedure; without steps when it has none of this kind. */
  public static Procedure of(Operation operation) {
    return ALL.stream()
        .filter(one -> one.operation() == operation)
        .findFirst()
        .orElseGet(() -> new Procedure(operation, List.of(), null));
  }

  /** Whether the operation has appliances serve the replica's networks. */
  public boolean servesNetworks() {
    return steps.contains(OPEN_EXTENSION_RECOVERY);
  }

  /**
   * How the operation has them served.
   *
   * @param before how they were when the replica failed over last
   */
  public NetworkMode networks(NetworkMode before) {
    return switch (operation) {
      case FULL_SITE_FAILOVER -> NetworkMode.FULL_SITE;
      case PARTIAL_FAILOVER, PLANNED_FAILOVER, ADOPT -> NetworkMode.TUNNEL;
      default -> before;
    };
  }

  @SafeVarargs
  private static List<StepKind> all(List<StepKind>... parts) {
    return Arrays.stream(parts).flatMap(List::stream).toList();
  }
}
