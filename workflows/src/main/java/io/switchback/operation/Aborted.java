package io.switchback.operation;

/** Somebody has decided that the operation ends here; what was done is undone on the way out. */
final class Aborted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Aborted(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
