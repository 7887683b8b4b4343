package io.switchback.worker.model;

/**
 * What is due while a failback waits for its switch.
 *
 * @param isScheduled whether the switch has a time
 * @param isResynchronised whether it is synchronised now and then
 * @param isStopped whether the switch at that time came to nothing by a person's word, so that it
 *     is not made by itself any more
 */
record Wait(boolean isScheduled, boolean isResynchronised, boolean isStopped) {
  /** For as long as it takes. */
  static final Wait FOR_A_PERSON = new Wait(false, false, false);

  static final Wait FOR_ITS_TIME = new Wait(true, false, false);
  static final Wait SYNCHRONISED = new Wait(false, true, false);

  Wait stopped(boolean now) {
    return new Wait(isScheduled, isResynchronised, now);
  }

  boolean hasTimer() {
    return isScheduled || isResynchronised;
  }

  /** As an input asks for it; the time of the switch is put in for {@code AT}. */
  String field() {
    return isScheduled
        ? ",\"switchover\":\"scheduled\",\"at\":\"" + Deed.AT + "\",\"resynchroniseEvery\":\"off\""
        : ",\"switchover\":\"manual\",\"resynchroniseEvery\":\"%s\""
            .formatted(isResynchronised ? "PT3H" : "off");
  }
}
