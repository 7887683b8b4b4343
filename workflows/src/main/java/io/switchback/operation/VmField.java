package io.switchback.operation;

/** What an input may ask for one VM alone, beside its name. */
public enum VmField {
  /** Which restore point to begin from. */
  RESTORE_POINT("restorePoint"),
  /** The sentence that confirms what will be gone for good. */
  CONFIRM("confirm"),
  /** Which way to reconcile. */
  CHOOSE("choose"),
  /** How long after its start the next VM starts. */
  DELAY("delay");

  private final String id;

  VmField(String id) {
    this.id = id;
  }

  /** Its name in the input. */
  public String id() {
    return id;
  }
}
