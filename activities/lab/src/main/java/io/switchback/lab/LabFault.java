package io.switchback.lab;

/** Why a site refused. The name travels in the answer's {@code fault}. */
public enum LabFault {
  BAD_REQUEST,
  NO_SUCH_VM,
  NO_SUCH_DISK,
  NO_SUCH_SNAPSHOT,
  NO_SUCH_SCRIPT,
  ALREADY_EXISTS,
  ALREADY_POWERED_ON,
  ALREADY_POWERED_OFF,
  NO_HOST_CAPACITY,
  /** Somebody looks after the VM, so a person must not start it by accident. */
  MANAGED,
  TOOLS_NOT_RUNNING,
  /** The disk belongs to a running VM, so only its guest may write it. */
  DISK_IN_USE,
  /** The disk was reverted or deleted while the call ran. */
  DISK_CHANGED,
  /** A network reaches more than the drill that it was made for, or was made for none. */
  NOT_ISOLATED,
  /** A VM is plugged into the network. */
  NETWORK_IN_USE,
  /** The same is being done already. */
  BUSY,
  DATASTORE_FULL,
  FENCED,
  CHANGE_TRACKING_RESET,
  /**
   * The daemon cannot be reached, or the connection broke before its answer: nobody knows whether
   * it acted.
   */
  UNREACHABLE,
  /** The token is none that the site knows, or none came. */
  WRONG_TOKEN,
  TOKEN_EXPIRED,
  /** The token may only look. */
  READ_ONLY_TOKEN,
  NO_SUCH_TOKEN,
  /** The boot that calls has ended. */
  GUEST_GONE,
  INTERNAL
}
