package io.switchback.lifecycle;

import static io.switchback.lifecycle.Operation.*;
import static io.switchback.lifecycle.ReplicaState.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation from every state, against the operating manual written out a second time. */
final class LifecycleTest {
  private static final Map<Operation, Set<ReplicaState>> FROM = new EnumMap<>(Operation.class);
  private static final Map<Operation, @Nullable ReplicaState> TO = new EnumMap<>(Operation.class);

  static {
    manual(PROTECT, null);
    manual(FIRST_COPY, READY, SEEDING);
    manual(UNPROTECT, null, SEEDING, READY, FAILOVER, PERMANENT, READY_TO_SWITCH, backed());
    manual(PARTIAL_FAILOVER, FAILOVER, READY);
    manual(PLANNED_FAILOVER, FAILOVER, READY);
    manual(FULL_SITE_FAILOVER, FAILOVER, READY);
    manual(UNDO_FAILOVER, READY, FAILOVER);
    manual(PERMANENT_FAILOVER, PERMANENT, FAILOVER);
    manual(Operation.FAILBACK, backed(), FAILOVER);
    manual(FAILBACK_LATER, READY_TO_SWITCH, FAILOVER);
    manual(SWITCH_OVER, backed(), READY_TO_SWITCH);
    manual(MOVE_SWITCH, null, READY_TO_SWITCH);
    manual(RESYNCHRONISE, null, READY_TO_SWITCH);
    manual(CANCEL_FAILBACK, FAILOVER, READY_TO_SWITCH);
    manual(COMMIT_FAILBACK, READY, backed());
    manual(UNDO_FAILBACK, FAILOVER, backed());
    manual(REPROTECT, READY, FAILOVER, PERMANENT);
    manual(ADOPT, FAILOVER, READY);
    manual(ISOLATE, null, READY, FAILOVER, PERMANENT, READY_TO_SWITCH);
    manual(RECONNECT, null, READY, FAILOVER, PERMANENT, READY_TO_SWITCH);
    manual(RECONCILE, null, SEEDING, READY, FAILOVER, PERMANENT, READY_TO_SWITCH, backed());
    manual(RECONFIGURE, null, SEEDING, READY, FAILOVER, PERMANENT, READY_TO_SWITCH, backed());
    manual(DRILL, READY, READY);
    TO.put(PROTECT, SEEDING);
  }

  private static void manual(Operation operation, @Nullable ReplicaState to, ReplicaState... from) {
    FROM.put(operation, from.length == 0 ? Set.of() : EnumSet.copyOf(List.of(from)));
    TO.put(operation, to);
  }

  private static ReplicaState backed() {
    return ReplicaState.FAILBACK;
  }

  static Stream<Arguments> everyOperationFromEveryState() {
    return Arrays.stream(Operation.values())
        .flatMap(
            operation ->
                Stream.concat(Stream.of((ReplicaState) null), Arrays.stream(values()))
                    .map(state -> Arguments.of(operation, state)));
  }

  private static ReplicaState[] values() {
    return ReplicaState.values();
  }

  @ParameterizedTest
  @MethodSource("everyOperationFromEveryState")
  void allowsWhatTheManualAllowsAndRefusesAllElse(
      Operation operation, @Nullable ReplicaState state) {
    boolean allowed = state == null ? operation == PROTECT : FROM.get(operation).contains(state);

    assertThat(Lifecycle.allows(state, operation)).isEqualTo(allowed);
    assertThat(Lifecycle.allowed(state).contains(operation)).isEqualTo(allowed);
    assertThat(Lifecycle.refusal("web-01", state, operation).isEmpty()).isEqualTo(allowed);
  }

  @ParameterizedTest
  @MethodSource("everyOperationFromEveryState")
  void saysInARefusalWhatIsAllowedNow(Operation operation, @Nullable ReplicaState state) {
    Lifecycle.refusal("web-01", state, operation)
        .ifPresent(
            sentence -> {
              assertThat(sentence)
                  .startsWith(operation.words() + " is not allowed: replica of 'web-01' is ")
                  .contains(state == null ? "not protected" : state.name());
              String allowedNow = sentence.substring(sentence.indexOf("allowed now: ") + 13);
              assertThat(allowedNow.split(", (?!switchover)"))
                  .containsExactlyElementsOf(
                      Lifecycle.allowed(state).stream().map(Operation::words).toList());
            });
  }

  @Test
  void leadsWhereTheManualSays() {
    for (Operation operation : Operation.values()) {
      assertThat(Lifecycle.of(operation).to()).as(operation.words()).isEqualTo(TO.get(operation));
    }
  }

  @Test
  void hasOneRowForEachOperation() {
    assertThat(Lifecycle.TABLE)
        .extracting(Transition::operation)
        .containsExactlyInAnyOrder(Operation.values());
  }

  @Test
  void saysOfEachOperationWhatItLeavesBehind() {
    assertThat(Lifecycle.TABLE).extracting(Transition::leaves).noneMatch(String::isBlank);
    assertThat(Lifecycle.TABLE).extracting(Transition::result).noneMatch(String::isBlank);
  }

  @Test
  void reachesEveryStateAndLeavesEveryState() {
    assertThat(Lifecycle.TABLE).extracting(Transition::to).contains(ReplicaState.values());
    for (ReplicaState state : ReplicaState.values()) {
      assertThat(Lifecycle.TABLE)
          .as("a way out of %s", state)
          .anyMatch(row -> row.from().contains(state) && row.to() != null && row.to() != state);
    }
  }

  @Test
  void refusesTheSecondFailoverInOneSentence() {
    assertThat(Lifecycle.refusal("web-01", FAILOVER, PARTIAL_FAILOVER))
        .contains(
            "fail over is not allowed: replica of 'web-01' is FAILOVER; allowed now: unprotect,"
                + " undo failover, permanent failover, fail back, switchover AUTO, fail back,"
                + " switchover MANUAL or SCHEDULED, reprotect, isolate, reconnect, reconcile,"
                + " reconfigure");
  }
}
