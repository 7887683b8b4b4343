package io.switchback.lab;

/** What the bearer of a token may do. */
public enum TokenKind {
  FULL,
  /** Look, and read disks; change nothing. */
  READ_ONLY
}
