package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.util.Arrays;
import java.util.function.Supplier;

/** The site's refusals in the product's words. */
final class LabFaults {
  private LabFaults() {}

  /** Calls the site; a refusal becomes a sentence that begins with what could not be done. */
  static <T> T translated(String couldNot, Supplier<T> call) {
    try {
      return call.get();
    } catch (LabException e) {
      throw translate(couldNot, e);
    }
  }

  static FaultException translate(String couldNot, LabException e) {
    Fault fault = fault(e);
    return new FaultException(
        fault, "Could not %s: %s%s".formatted(couldNot, e.getMessage(), advice(fault)), e);
  }

  private static Fault fault(LabException e) {
    return switch (e.fault()) {
      case "UNREACHABLE" -> Fault.SITE_UNREACHABLE;
      case "NO_SUCH_VM" -> Fault.VM_NOT_FOUND;
      case "NO_SUCH_SNAPSHOT" -> Fault.RESTORE_POINT_NOT_FOUND;
      case "NO_SUCH_DISK" -> Fault.SHAPE_CHANGED;
      case "NO_HOST_CAPACITY" -> Fault.NO_CAPACITY;
      case "ALREADY_POWERED_ON", "ALREADY_POWERED_OFF", "DISK_IN_USE" -> Fault.WRONG_POWER_STATE;
      case "BAD_REQUEST" -> Fault.INVALID_INPUT;
      case "WRONG_TOKEN", "TOKEN_EXPIRED", "READ_ONLY_TOKEN" -> Fault.BAD_CREDENTIALS;
      case "MANAGED", "NOT_ISOLATED", "NETWORK_IN_USE" -> Fault.REFUSED;
      case "DISK_CHANGED" -> Fault.BUSY;
      // FENCED, DATASTORE_FULL and whatever else a test scripts by the product's own name.
      default ->
          Arrays.stream(Fault.values())
              .filter(fault -> fault.name().equals(e.fault()))
              .findFirst()
              .orElse(Fault.UNEXPECTED);
    };
  }

  private static String advice(Fault fault) {
    return switch (fault) {
      case NO_CAPACITY ->
          " Free capacity at the site or change the placement, then retry the step.";
      case DATASTORE_FULL -> " Free space on the datastore, then retry the step.";
      case BAD_CREDENTIALS -> " Put the site's credentials right, then retry the step.";
      case VM_NOT_FOUND -> " Check the VM's id at its site.";
      case RESTORE_POINT_NOT_FOUND -> " Choose another restore point.";
      default -> "";
    };
  }
}
