package io.switchback.architecture.broken;

/** Breaks a rule. */
final class DiskManager {}
