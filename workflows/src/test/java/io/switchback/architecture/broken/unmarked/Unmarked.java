package io.switchback.architecture.broken.unmarked;

/** Breaks a rule. */
final class Unmarked {}
