package io.switchback.model;

/**
 * A VM named in an input, with what is asked for it alone.
 *
 * @param name of the protected VM
 * @param restorePoint {@code latest}, a restore point's id, or a time: then the newest not later
 *     than it
 * @param confirm the sentence that confirms what will be gone for good; empty when it is not
 *     confirmed
 * @param choose which way to reconcile; empty when none is chosen
 */
public record VmSelection(String name, String restorePoint, String confirm, String choose) {
  /** The restore point that is meant when none is named. */
  public static final String LATEST = "latest";

  public VmSelection {
    restorePoint = restorePoint == null ? LATEST : restorePoint;
    confirm = confirm == null ? "" : confirm;
    choose = choose == null ? "" : choose;
    new Mistakes().required(name, "name").refuse("vm");
  }

  /** A VM for which nothing is confirmed or chosen but its restore point. */
  public VmSelection(String name, String restorePoint) {
    this(name, restorePoint, "", "");
  }
}
