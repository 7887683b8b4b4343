package io.switchback.port;

import io.switchback.port.GrantActivities.GrantRead;
import java.time.Instant;

/** A control side for {@link GrantContract}, and the worker that judges what it signs. */
public interface GrantFixture extends AutoCloseable {
  /** The adapter under test. */
  GrantActivities grants();

  /**
   * Whether production's worker lets whoever presents {@code grant} do what {@code use} says; it
   * remembers the fence of what it let in.
   */
  boolean opens(String grant, GrantRead use);

  /** The time of the control side. */
  Instant now();

  /** The control side's key is gone from now on. */
  void loseKey();

  @Override
  void close();
}
