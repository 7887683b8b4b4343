package io.switchback.architecture.broken;

import java.time.Instant;

/** Breaks a rule. */
final class ReadsTheClock {
  Instant now() {
    return Instant.now();
  }
}
