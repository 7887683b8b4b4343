package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

/** A failback that waits for its switch, and the timer of it. */
abstract class SwitchCase extends TimerCase {
  SwitchCase() {
    estate.run("PartialFailover", "{\"vms\":[\"web-01\"]}");
  }

  @Override
  final String timerId() {
    return SwitchTimer.workflowId(replica.id());
  }

  final Instant scheduledIn(Duration time) {
    Instant at = estate.now().plus(time);
    assertThat(run("Failback", scheduling(at)).state()).isEqualTo(READY_TO_SWITCH);
    return at;
  }

  static String scheduling(Instant at) {
    return "{\"vms\":[\"web-01\"],\"switchover\":\"scheduled\",\"resynchroniseEvery\":\"off\",\"at\":\"%s\"}"
        .formatted(at);
  }

  static String moving(Instant at) {
    return "{\"vms\":[\"web-01\"],\"at\":\"%s\"}".formatted(at);
  }

  final MemberResult move(Instant at) {
    return run("SwitchOver", moving(at));
  }

  final Instant switchedAt() {
    return audit("completeSwitch").getFirst().at();
  }
}
