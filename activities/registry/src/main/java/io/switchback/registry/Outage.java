package io.switchback.registry;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells failures that pass by themselves from mistakes in what was asked of the database. */
final class Outage {
  /**
   * Classes of SQLSTATE: connection, authorization (a password being rotated), no such database,
   * rolled back for others' sake, out of resources, wrong state of an object (a lock not got in
   * time), operator's intervention, system error.
   */
  private static final Set<String> CLASSES = Set.of("08", "28", "3D", "40", "53", "55", "57", "58");

  /** Read-only transaction: the server has become a standby. */
  private static final String STANDBY = "25006";

  /** The transaction was idle for too long and the server has ended it. */
  private static final String IDLE = "25P03";

  private Outage() {}

  static boolean isBehind(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLTransientException
          || cause instanceof SQLRecoverableException
          || cause instanceof IOException) {
        return true;
      }
      if (cause instanceof SQLException sql && passes(sql.getSQLState())) {
        return true;
      }
    }
    return false;
  }

  /** The innermost message, which names the reason. */
  static String sentence(Throwable failure) {
    String sentence = failure.toString();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && !message.isBlank()) {
        sentence = message.strip().replaceAll("\\s+", " ");
      }
    }
    return sentence.replaceAll("\\.$", "");
  }

  private static boolean passes(@Nullable String state) {
    return state != null
        && (state.equals(STANDBY)
            || state.equals(IDLE)
            || (state.length() == 5 && CLASSES.contains(state.substring(0, 2))));
  }
}
