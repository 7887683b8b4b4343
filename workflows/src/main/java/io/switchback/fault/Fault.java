package io.switchback.fault;

import static io.switchback.fault.Remedy.*;

/**
 * Everything that can go wrong, by name, with its remedy. The names are what retry policies, audits
 * and alerts see.
 */
public enum Fault {
  /** The site's hypervisor or its worker does not answer, or the way to it broke. */
  SITE_UNREACHABLE(RETRY),
  /** The registry's database does not answer. */
  REGISTRY_UNAVAILABLE(RETRY),
  /** Another task holds the VM, the disk or a cap. */
  BUSY(RETRY),
  /** Somebody else has the replica's disk open, or a copy shares the files of a snapshot. */
  DISK_IN_USE(RETRY),
  /** As many as the site's cap allows are at it already; asked again until there is room. */
  NO_ADMISSION(RETRY),
  /** A fault without a name of its own. */
  UNEXPECTED(RETRY),

  /** The input is wrong; every mistake is listed. */
  INVALID_INPUT(OPERATOR),
  /** The replica's state, or whoever holds it, forbids the operation; nothing was changed. */
  REFUSED(OPERATOR),
  /** No such VM at the site. */
  VM_NOT_FOUND(OPERATOR),
  /** No such snapshot or restore point. */
  RESTORE_POINT_NOT_FOUND(OPERATOR),
  /** The VM's power state does not allow the step. */
  WRONG_POWER_STATE(OPERATOR),
  /** No host has room for the VM. */
  NO_CAPACITY(OPERATOR),
  /** The datastore is full. */
  DATASTORE_FULL(OPERATOR),
  /** The site refuses the login; never tried again by itself, because accounts lock. */
  BAD_CREDENTIALS(OPERATOR),
  /** The site's account lacks a privilege; the sentence names it, and where. */
  NO_PERMISSION(OPERATOR),
  /** The guest's tools do not answer, or cannot do what the step needs of them. */
  TOOLS_UNAVAILABLE(OPERATOR),
  /** The VM's disks no longer match the replica's. */
  SHAPE_CHANGED(OPERATOR),
  /** A part of a disk cannot be read; its storage has to be mended. */
  DISK_UNREADABLE(OPERATOR),
  /** A worker does not believe the certificate of another site's worker, or of a hypervisor. */
  CERTIFICATE_REFUSED(OPERATOR),
  /** An appliance shows another host key than the one that is pinned. */
  HOST_KEY_REFUSED(OPERATOR),
  /** An appliance lacks a program, a network card or rights that a network extension needs. */
  APPLIANCE_UNFIT(OPERATOR),
  /** A grant does not open the disk that was asked for. */
  GRANT_REFUSED(OPERATOR),
  /** A worker and another site's worker, or a hypervisor, speak no version that both know. */
  OTHER_PROTOCOL(OPERATOR),
  /** A check failed; a person may override it with a name and a reason. */
  CHECK_FAILED(OPERATOR),
  /** Nobody polls a task queue that is needed. */
  NO_WORKER(OPERATOR),
  /** A worker was not told what the step needs; the sentence names the option. */
  NOT_CONFIGURED(OPERATOR),

  /** A newer claim or attempt has taken over; this one must not write. */
  FENCED(STOP),
  /** What was read back is not what was sent. */
  PROOF_FAILED(STOP),
  /** What keeps the restore points of a disk is not as it was written. */
  RESTORE_POINT_DAMAGED(STOP),
  /**
   * A site has seen a higher fence than the registry gives out: the registry was restored from an
   * old backup.
   */
  FENCE_AHEAD(STOP);

  private final Remedy remedy;

  Fault(Remedy remedy) {
    this.remedy = remedy;
  }

  public Remedy remedy() {
    return remedy;
  }
}
