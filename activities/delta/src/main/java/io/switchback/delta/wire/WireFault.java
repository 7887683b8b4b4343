package io.switchback.delta.wire;

import io.switchback.delta.trust.Remedy;

/** Why a peer refuses; the name travels. */
public enum WireFault {
  /** It speaks another version of the protocol. */
  OTHER_PROTOCOL(Remedy.OPERATOR),
  NO_SUCH_DISK(Remedy.OPERATOR),
  NO_SUCH_SNAPSHOT(Remedy.OPERATOR),
  GRANT_REFUSED(Remedy.OPERATOR),
  /** A newer transfer has been let in. */
  FENCED(Remedy.STOP),
  /** It does not believe this worker's certificate any more. */
  PEER_REFUSED(Remedy.OPERATOR),
  /** Its disk has another size than the one it shall be copied to. */
  CAPACITY_DIFFERS(Remedy.OPERATOR),
  /** It cannot tell what changed since then: whoever asked compares both disks. */
  CHANGES_UNKNOWN(Remedy.RETRY),
  /** A part of its disk cannot be read; its storage has to be mended. */
  DISK_UNREADABLE(Remedy.OPERATOR),
  /** Its disk could not be read this time. */
  READ_FAILED(Remedy.RETRY),
  /** It cannot make sense of what it was asked. */
  BAD_REQUEST(Remedy.RETRY),
  /** A fault that this build does not know; the message says more. */
  OTHER(Remedy.OPERATOR);

  private final Remedy remedy;

  WireFault(Remedy remedy) {
    this.remedy = remedy;
  }

  public Remedy remedy() {
    return remedy;
  }

  static WireFault named(String name) {
    for (WireFault fault : values()) {
      if (fault.name().equals(name)) {
        return fault;
      }
    }
    return OTHER;
  }
}
