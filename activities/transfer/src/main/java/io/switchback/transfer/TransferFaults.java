package io.switchback.transfer;

import io.switchback.delta.CapacityMismatchException;
import io.switchback.delta.DiskFullException;
import io.switchback.delta.DiskInUseException;
import io.switchback.delta.DiskShrankException;
import io.switchback.delta.FencedException;
import io.switchback.delta.ProofMismatchException;
import io.switchback.delta.UnreadableDiskException;
import io.switchback.delta.trust.GrantRefusedException;
import io.switchback.delta.trust.PeerRefusedException;
import io.switchback.delta.trust.TrustException;
import io.switchback.delta.undo.DamagedUndoLogException;
import io.switchback.delta.wire.RefusedException;
import io.switchback.delta.wire.WireFault;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.io.IOException;

/**
 * What the data plane refuses or fails at, in the product's words. The data plane knows no faults,
 * so whoever runs a transfer asks here.
 */
public final class TransferFaults {
  private TransferFaults() {}

  /**
   * @param couldNot what the transfer was to do, as a clause
   */
  public static FaultException of(String couldNot, IOException e) {
    Fault fault = fault(e);
    return new FaultException(
        fault, "Could not %s: %s%s".formatted(couldNot, e.getMessage(), advice(fault)), e);
  }

  /** This worker's own keys or certificates cannot be used. */
  public static FaultException of(String couldNot, TrustException e) {
    return new FaultException(
        Fault.NOT_CONFIGURED, "Could not %s: %s".formatted(couldNot, e.getMessage()), e);
  }

  private static Fault fault(IOException e) {
    return switch (e) {
      case FencedException _ -> Fault.FENCED;
      case DiskFullException _ -> Fault.DATASTORE_FULL;
      case DiskInUseException _ -> Fault.DISK_IN_USE;
      case UnreadableDiskException _ -> Fault.DISK_UNREADABLE;
      case CapacityMismatchException _, DiskShrankException _ -> Fault.SHAPE_CHANGED;
      case ProofMismatchException _ -> Fault.PROOF_FAILED;
      case DamagedUndoLogException _ -> Fault.RESTORE_POINT_DAMAGED;
      case GrantRefusedException grant ->
          grant.reason() == GrantRefusedException.Reason.FENCED
              ? Fault.FENCED
              : Fault.GRANT_REFUSED;
      case PeerRefusedException peer ->
          peer.reason() == PeerRefusedException.Reason.OTHER_PROTOCOL
              ? Fault.OTHER_PROTOCOL
              : Fault.CERTIFICATE_REFUSED;
      case RefusedException refused -> fault(refused.fault());
      // Nobody answers, or the stream broke, or what came over it made no sense.
      default -> Fault.SITE_UNREACHABLE;
    };
  }

  private static Fault fault(WireFault refused) {
    return switch (refused) {
      // A fault that only a newer release knows.
      case OTHER_PROTOCOL, OTHER -> Fault.OTHER_PROTOCOL;
      case NO_SUCH_SNAPSHOT -> Fault.RESTORE_POINT_NOT_FOUND;
      case NO_SUCH_DISK, CAPACITY_DIFFERS -> Fault.SHAPE_CHANGED;
      case GRANT_REFUSED -> Fault.GRANT_REFUSED;
      case FENCED -> Fault.FENCED;
      case PEER_REFUSED -> Fault.CERTIFICATE_REFUSED;
      case DISK_UNREADABLE -> Fault.DISK_UNREADABLE;
      case CHANGES_UNKNOWN, READ_FAILED, BAD_REQUEST -> Fault.SITE_UNREACHABLE;
    };
  }

  /** What the data plane's sentences leave open. */
  private static String advice(Fault fault) {
    return switch (fault) {
      case FENCED ->
          " A newer task has this disk, and this one ends: look at the replica's status.";
      case DATASTORE_FULL -> " Free space on the datastore, then retry the step.";
      case SITE_UNREACHABLE ->
          " It is tried again; if it lasts, look at both sites' workers and the way between them.";
      case OTHER_PROTOCOL -> " Bring the workers of both sites to the same release, then retry.";
      case RESTORE_POINT_NOT_FOUND -> " Look who removed the snapshot, then retry.";
      case GRANT_REFUSED ->
          " Check --grant-keys of the worker that serves the disk and the clocks of both, then retry.";
      default -> "";
    };
  }
}
