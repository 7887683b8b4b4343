package io.switchback.lifecycle;

/** What can be done with a replica, by the words of the field. */
public enum Operation {
  PROTECT("protect"),
  UNPROTECT("unprotect"),
  FIRST_COPY("first copy"),
  PARTIAL_FAILOVER("fail over"),
  PLANNED_FAILOVER("planned failover"),
  FULL_SITE_FAILOVER("full-site failover"),
  UNDO_FAILOVER("undo failover"),
  PERMANENT_FAILOVER("permanent failover"),
  FAILBACK("fail back, switchover AUTO"),
  FAILBACK_LATER("fail back, switchover MANUAL or SCHEDULED"),
  SWITCH_OVER("switch over"),
  MOVE_SWITCH("move the switch"),
  RESYNCHRONISE("resynchronise"),
  CANCEL_FAILBACK("cancel failback"),
  COMMIT_FAILBACK("commit failback"),
  UNDO_FAILBACK("undo failback"),
  REPROTECT("reprotect"),
  ADOPT("adopt"),
  ISOLATE("isolate"),
  RECONNECT("reconnect"),
  RECONCILE("reconcile"),
  RECONFIGURE("reconfigure"),
  DRILL("drill");

  private final String words;

  Operation(String words) {
    this.words = words;
  }

  /** The operation's name for people, as in {@code fail over}. */
  public String words() {
    return words;
  }
}
