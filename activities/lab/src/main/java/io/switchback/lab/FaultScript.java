package io.switchback.lab;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the next calls of one kind.
 *
 * @param kind the call's name, such as {@code powerOn}
 * @param vm id or name; absent = any
 * @param times how many calls; default 1
 * @param fault answered instead of acting
 * @param delay before acting
 * @param withhold act, then keep the answer back until the script is released
 * @param drop act, then break the connection instead of answering
 */
public record FaultScript(
    String kind,
    @Nullable String vm,
    @Nullable Integer times,
    @Nullable String fault,
    @Nullable Duration delay,
    boolean withhold,
    boolean drop) {

  public FaultScript {
    Objects.requireNonNull(kind, "kind");
    times = times == null ? 1 : times;
    delay = delay == null ? Duration.ZERO : delay;
  }

  @Override
  public Integer times() {
    return Objects.requireNonNull(times);
  }

  @Override
  public Duration delay() {
    return Objects.requireNonNull(delay);
  }

  public static FaultScript failing(String kind, @Nullable String vm, String fault) {
    return new FaultScript(kind, vm, 1, fault, null, false, false);
  }

  public static FaultScript delaying(String kind, @Nullable String vm, Duration delay) {
    return new FaultScript(kind, vm, 1, null, delay, false, false);
  }

  public static FaultScript withholding(String kind, @Nullable String vm) {
    return new FaultScript(kind, vm, 1, null, null, true, false);
  }

  public static FaultScript dropping(String kind, @Nullable String vm) {
    return new FaultScript(kind, vm, 1, null, null, false, true);
  }

  public FaultScript times(int calls) {
    return new FaultScript(kind, vm, calls, fault, delay, withhold, drop);
  }
}
