package io.switchback.port;

/** What a hypervisor does to a VM when a port asks for it. */
public enum SiteEffect {
  POWER_ON,
  POWER_OFF,
  SHUT_DOWN,
  CREATE_SNAPSHOT,
  REVERT_TO_SNAPSHOT,
  REMOVE_SNAPSHOT
}
