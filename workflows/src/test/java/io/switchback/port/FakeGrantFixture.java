package io.switchback.port;

import io.switchback.port.GrantActivities.GrantRead;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;

/** A control side in memory. */
final class FakeGrantFixture implements GrantFixture {
  private final Instant noon = Instant.parse("2026-01-01T12:00:00Z");
  private final FakeGrantActivities grants;

  FakeGrantFixture(Function<Supplier<Instant>, FakeGrantActivities> adapter) {
    grants = adapter.apply(this::now);
  }

  @Override
  public GrantActivities grants() {
    return grants;
  }

  @Override
  public boolean opens(String grant, GrantRead use) {
    return grants.opens(grant, use);
  }

  @Override
  public Instant now() {
    return noon;
  }

  @Override
  public void loseKey() {
    grants.loseKey();
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
