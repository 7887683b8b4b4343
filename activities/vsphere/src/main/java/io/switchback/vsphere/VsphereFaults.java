package io.switchback.vsphere;

import com.vmware.vim25.*;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.vsphere.soap.FaultString;
import io.switchback.vsphere.soap.NotSentException;
import io.switchback.vsphere.soap.UntrustedException;
import java.rmi.RemoteException;
import org.jspecify.annotations.Nullable;

/** What vCenter refuses, in the product's words. */
final class VsphereFaults {
  private VsphereFaults() {}

  /** A step on a vCenter. */
  interface Step<T> {
    T run() throws RemoteException;
  }

  /** What a refusal is called here, and what to do. */
  private record Meaning(Fault fault, String because, String advice) {}

  /** Makes a step; a refusal becomes a sentence that begins with what could not be done. */
  static <T> T translated(String couldNot, Step<T> step) {
    try {
      return step.run();
    } catch (RemoteException e) {
      throw translate(couldNot, e);
    }
  }

  static FaultException translate(String couldNot, RemoteException e) {
    Meaning meaning = e instanceof MethodFault refusal ? of(refusal) : ofConnection(e);
    String because = meaning.because();
    String end = because.endsWith(".") || because.endsWith("!") ? "" : ".";
    return new FaultException(
        meaning.fault(),
        "Could not %s: %s%s %s".formatted(couldNot, because, end, meaning.advice()).strip(),
        e);
  }

  private static Meaning ofConnection(RemoteException e) {
    String said = e.getMessage() == null ? e.getClass().getSimpleName() : firstLine(e);
    return switch (e) {
      case UntrustedException untrusted ->
          new Meaning(
              Fault.CERTIFICATE_REFUSED,
              said,
              "If vCenter's certificate was renewed, give the site the new pin or CA file, then retry the step; if not, somebody is between.");
      case NotSentException unsent ->
          new Meaning(Fault.SITE_UNREACHABLE, said, "Nothing was changed.");
      default ->
          new Meaning(
              Fault.SITE_UNREACHABLE,
              said,
              "Whether it was done is looked up by the next attempt.");
    };
  }

  // The message of a RemoteException goes on with that of its cause, which says the same again.
  private static String firstLine(RemoteException e) {
    String message = String.valueOf(e.getMessage());
    int more = message.indexOf("; nested exception");
    return more < 0 ? message : message.substring(0, more);
  }

  private static Meaning of(MethodFault refusal) {
    String said = FaultString.of(refusal);
    return switch (refusal) {
      case NotAuthenticated expired ->
          new Meaning(
              Fault.SITE_UNREACHABLE,
              "the session has expired, and the next one as well",
              "Look whether somebody ends this worker's sessions.");
      case NoPermission no ->
          new Meaning(
              Fault.NO_PERMISSION,
              "the account lacks the privilege '%s' on %s"
                  .formatted(orUnknown(no.getPrivilegeId()), name(no.getObject())),
              "Add it to the account's role there, then retry the step.");
      case InvalidLogin wrong -> credentials(said);
      case ManagedObjectNotFound gone -> gone(gone, said);
      case ToolsUnavailable silent -> tools(said);
      case ApplicationQuiesceFault quiesce -> tools(said);
      case FilesystemQuiesceFault quiesce -> tools(said);
      case SnapshotDisabled never -> snapshot(said);
      case SnapshotIncompatibleDeviceInVm never -> snapshot(said);
      case MemorySnapshotOnIndependentDisk never -> snapshot(said);
      case MultipleSnapshotsNotSupported never -> snapshot(said);
      case TooManySnapshotLevels many ->
          new Meaning(
              Fault.REFUSED,
              said,
              "Remove snapshots of the VM that nobody needs, or keep fewer restore points, then retry the step.");
      case SnapshotLocked busy -> busy(said);
      case InsufficientStorageSpace full -> full("", said);
      case NoDiskSpace full -> full(orUnknown(full.getDatastore()), said);
      case InsufficientResourcesFault full -> capacity(said);
      case NoCompatibleHost none -> capacity(said);
      case NoActiveHostInCluster none -> capacity(said);
      case InvalidPowerState state ->
          new Meaning(
              Fault.WRONG_POWER_STATE,
              "it is %s and must be %s"
                  .formatted(state.getExistingState(), state.getRequestedState()),
              "Look who changed its power, then retry the step.");
      case InvalidHostState host -> away(said);
      case InaccessibleDatastore away -> away(said);
      case HostCommunication host -> away(said);
      case HostConnectFault host -> away(said);
      case CannotAccessNetwork missing -> network(missing.getBacking(), said);
      case CannotUseNetwork missing -> network(missing.getBacking(), said);
      case CannotAccessVmComponent host -> away(said);
      case Timedout late -> away(said);
      case FileLocked locked ->
          new Meaning(Fault.DISK_IN_USE, said, "It is tried again until the file is free.");
      case TooManyConcurrentNativeClones busy -> busy(said);
      case CannotAccessFile away -> away(said);
      case FileNotFound gone ->
          new Meaning(
              Fault.DISK_UNREADABLE,
              "the file '%s' is gone (%s)".formatted(orUnknown(gone.getFile()), said),
              "Look at it in the datastore's browser and bring it back, then retry the step.");
      case FileAlreadyExists taken ->
          input(
              "the file '%s' is there already (%s)".formatted(orUnknown(taken.getFile()), said),
              "Give another name, or remove what is left there.");
      case FileNameTooLong wrong -> input(said, "Give a shorter name.");
      case FileTooLarge large -> input(said, "Name a datastore that takes files of that size.");
      case FileFault file ->
          new Meaning(
              Fault.REFUSED,
              "%s (file '%s')".formatted(said, orUnknown(file.getFile())),
              "Look at the file and its datastore in the vSphere Client, then retry the step.");
      case HostConfigFault host ->
          new Meaning(
              Fault.REFUSED,
              said,
              "The host has not taken the change: look at its events and its network settings in the vSphere Client, then retry the step.");
      case TaskInProgress busy -> busy(said);
      case ConcurrentAccess busy -> busy(said);
      case ResourceInUse used ->
          busy("'%s' is in use (%s)".formatted(orUnknown(used.getName()), said));
      case InvalidState state ->
          new Meaning(
              Fault.WRONG_POWER_STATE, said, "Look at the VM's state, then retry the step.");
      case DuplicateName taken -> input(said, "Give another name.");
      case AlreadyExists taken -> input(said, "Give another name.");
      case InvalidName wrong ->
          input(
              said,
              "vCenter does not take the name '%s': give another one."
                  .formatted(orUnknown(wrong.getName())));
      case InvalidArgument wrong ->
          input(
              said, "vCenter does not take '%s'.".formatted(orUnknown(wrong.getInvalidProperty())));
      case InvalidDatastore wrong -> input(said, "Name another datastore.");
      case NotEnoughLicenses none ->
          new Meaning(
              Fault.REFUSED,
              said,
              "Look at the licences of vCenter and its hosts, then retry the step.");
      case RestrictedVersion none ->
          new Meaning(
              Fault.REFUSED,
              said,
              "Look at the licences of vCenter and its hosts, then retry the step.");
      case NotSupported never ->
          new Meaning(Fault.REFUSED, said, "This site cannot do it: change the operation's input.");
      default -> byName(refusal, said);
    };
  }

  /** Faults that are younger than vijava's classes. */
  private static Meaning byName(MethodFault refusal, String said) {
    return switch (FaultString.typeOf(refusal)) {
      case "PasswordExpired" -> credentials(said);
      case "QuarantineModeFault" -> capacity(said);
      case "HostNotReachable", "ServiceUnavailable" -> away(said);
      default ->
          new Meaning(
              Fault.UNEXPECTED,
              "%s (%s)".formatted(said, FaultString.typeOf(refusal)),
              "Look at the task in the vSphere Client.");
    };
  }

  private static Meaning gone(ManagedObjectNotFound gone, String said) {
    ManagedObjectReference object = gone.getObj();
    String type = object == null ? "" : String.valueOf(object.getType());
    return switch (type) {
      case "VirtualMachine" ->
          new Meaning(Fault.VM_NOT_FOUND, said, "Look whether it was unregistered or deleted.");
      case "VirtualMachineSnapshot" ->
          new Meaning(Fault.RESTORE_POINT_NOT_FOUND, said, "Choose another restore point.");
      // What is not stored is looked up anew by the next attempt.
      default -> busy("%s is no longer there (%s)".formatted(name(object), said));
    };
  }

  private static Meaning credentials(String said) {
    return new Meaning(
        Fault.BAD_CREDENTIALS, said, "Put the site's credential right, then retry the step.");
  }

  private static Meaning tools(String said) {
    return new Meaning(
        Fault.TOOLS_UNAVAILABLE,
        said,
        "Look whether VMware Tools run in the guest, or go without them, then retry the step.");
  }

  private static Meaning snapshot(String said) {
    return new Meaning(
        Fault.REFUSED,
        said,
        "Look at the VM's disks and devices: of some kinds there are no snapshots. Change them, or take the VM out of its policy.");
  }

  private static Meaning full(String datastore, String said) {
    return new Meaning(
        Fault.DATASTORE_FULL,
        said,
        "Free space on the datastore%s, then retry the step."
            .formatted(datastore.isEmpty() ? "" : " '" + datastore + "'"));
  }

  private static Meaning capacity(String said) {
    return new Meaning(
        Fault.NO_CAPACITY,
        said,
        "Free capacity at the site or change the placement, then retry the step.");
  }

  private static Meaning network(@Nullable String named, String said) {
    return input(
        "its host has no network '%s' that it could use (%s)".formatted(orUnknown(named), said),
        "Give the host that network, or map to another one, then retry the step.");
  }

  private static Meaning away(String said) {
    return new Meaning(
        Fault.SITE_UNREACHABLE, said, "Look at the host and its datastores in the vSphere Client.");
  }

  private static Meaning busy(String said) {
    return new Meaning(Fault.BUSY, said, "It is tried again.");
  }

  private static Meaning input(String said, String advice) {
    return new Meaning(Fault.INVALID_INPUT, said, advice);
  }

  private static String name(@Nullable ManagedObjectReference object) {
    return object == null ? "an object" : "%s '%s'".formatted(object.getType(), object.getVal());
  }

  private static String orUnknown(@Nullable String name) {
    return name == null ? "unknown" : name;
  }
}
