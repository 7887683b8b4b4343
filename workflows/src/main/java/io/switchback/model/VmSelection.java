package io.switchback.model;

/**
 * A VM named in an input, with the restore point that it asks for.
 *
 * @param name of the protected VM
 * @param restorePoint {@code latest}, a restore point's id, or a time: then the newest not later
 *     than it
 */
public record VmSelection(String name, String restorePoint) {
  /** The restore point that is meant when none is named. */
  public static final String LATEST = "latest";

  public VmSelection {
    restorePoint = restorePoint == null ? LATEST : restorePoint;
    new Mistakes().required(name, "name").refuse("vm");
  }
}
