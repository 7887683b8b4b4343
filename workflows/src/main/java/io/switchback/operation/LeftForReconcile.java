package io.switchback.operation;

/**
 * Somebody has decided that the run ends here with everything as it is, its claim included, for the
 * operation reconcile to settle.
 */
final class LeftForReconcile extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LeftForReconcile(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
