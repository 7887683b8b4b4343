package io.switchback.architecture.broken;

/** Breaks a rule. */
final class RemembersForAll {
  static int runs;

  private RemembersForAll() {}
}
