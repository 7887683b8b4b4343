package io.switchback.lab;

/** Where a guest runs: inside the daemon, or as a process of its own that dies with its VM. */
public enum GuestKind {
  THREAD,
  PROCESS
}
