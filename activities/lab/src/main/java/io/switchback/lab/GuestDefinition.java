package io.switchback.lab;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The program inside a VM. Each property has a default.
 *
 * @param writesPerSecond records a second; 0 = an idle guest; default 20
 * @param flushEvery records between two flushes; default 5
 * @param bootDelay from power-on to the first record; default zero
 * @param tools whether the guest can be asked to shut down and to quiesce; default true
 * @param kind default {@link GuestKind#THREAD}
 */
public record GuestDefinition(
    @Nullable Double writesPerSecond,
    @Nullable Integer flushEvery,
    @Nullable Duration bootDelay,
    @Nullable Boolean tools,
    @Nullable GuestKind kind) {

  public GuestDefinition {
    writesPerSecond = writesPerSecond == null ? 20.0 : writesPerSecond;
    flushEvery = flushEvery == null ? 5 : flushEvery;
    bootDelay = bootDelay == null ? Duration.ZERO : bootDelay;
    tools = tools == null || tools;
    kind = kind == null ? GuestKind.THREAD : kind;
    if (writesPerSecond < 0
        || writesPerSecond > 100_000
        || flushEvery < 1
        || bootDelay.isNegative()) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "A guest needs writesPerSecond from 0 to 100000, flushEvery from 1 and a bootDelay from PT0S.");
    }
  }

  @Override
  public Double writesPerSecond() {
    return Objects.requireNonNull(writesPerSecond);
  }

  @Override
  public Integer flushEvery() {
    return Objects.requireNonNull(flushEvery);
  }

  @Override
  public Duration bootDelay() {
    return Objects.requireNonNull(bootDelay);
  }

  @Override
  public Boolean tools() {
    return Objects.requireNonNull(tools);
  }

  @Override
  public GuestKind kind() {
    return Objects.requireNonNull(kind);
  }

  public static GuestDefinition usual() {
    return new GuestDefinition(null, null, null, null, null);
  }
}
