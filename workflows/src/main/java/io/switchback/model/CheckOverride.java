package io.switchback.model;

/**
 * A person's word that an operation may go on against a failed check; the audit and the result show
 * it.
 *
 * @param check name of the check that is overridden
 * @param by who says so
 * @param reason why
 */
public record CheckOverride(String check, String by, String reason) {
  public CheckOverride {
    new Mistakes()
        .required(check, "check")
        .required(by, "by")
        .required(reason, "reason")
        .refuse("override");
  }
}
