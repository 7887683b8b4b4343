package io.switchback.architecture.broken;

import java.util.UUID;

/** Breaks a rule. */
final class DrawsLots {
  UUID draw() {
    return UUID.randomUUID();
  }
}
