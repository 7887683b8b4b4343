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
 * @param follows another VM of the site, by name: record k is written only once that VM has flushed
 *     its own record k; empty, the default, means none
 */
public record GuestDefinition(
    @Nullable Double writesPerSecond,
    @Nullable Integer flushEvery,
    @Nullable Duration bootDelay,
    @Nullable Boolean tools,
    @Nullable GuestKind kind,
    @Nullable String follows) {

  public GuestDefinition {
    writesPerSecond = writesPerSecond == null ? 20.0 : writesPerSecond;
    flushEvery = flushEvery == null ? 5 : flushEvery;
    bootDelay = bootDelay == null ? Duration.ZERO : bootDelay;
    tools = tools == null || tools;
    kind = kind == null ? GuestKind.THREAD : kind;
    follows = follows == null ? "" : follows;
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

  @Override
  public String follows() {
    return Objects.requireNonNull(follows);
  }

  /** One that follows nobody. */
  public GuestDefinition(
      @Nullable Double writesPerSecond,
      @Nullable Integer flushEvery,
      @Nullable Duration bootDelay,
      @Nullable Boolean tools,
      @Nullable GuestKind kind) {
    this(writesPerSecond, flushEvery, bootDelay, tools, kind, null);
  }

  /** The same, writing record k only once {@code vm} has flushed its own. */
  public GuestDefinition following(String vm) {
    return new GuestDefinition(writesPerSecond, flushEvery, bootDelay, tools, kind, vm);
  }

  public static GuestDefinition usual() {
    return new GuestDefinition(null, null, null, null, null);
  }
}
