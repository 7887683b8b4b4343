package io.switchback.architecture.broken;

/** Breaks a rule. */
final class ReadsTheEnvironment {
  String home() {
    return System.getenv("HOME");
  }
}
