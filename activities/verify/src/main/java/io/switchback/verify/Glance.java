package io.switchback.verify;

/**
 * What one try of a check saw.
 *
 * @param passed whether that is what the check wants
 * @param isFinal whether trying again cannot change it
 * @param timedOut whether no answer came within the time that the try had
 * @param saw as a clause: "HTTP 503", "connection refused"
 */
record Glance(boolean passed, boolean isFinal, boolean timedOut, String saw) {

  static Glance good(String saw) {
    return new Glance(true, true, false, saw);
  }

  static Glance bad(String saw) {
    return new Glance(false, false, false, saw);
  }

  static Glance unanswered() {
    return new Glance(false, false, true, "no answer in time");
  }

  /** The check itself is wrong. */
  static Glance hopeless(String why) {
    return new Glance(false, true, false, why);
  }
}
