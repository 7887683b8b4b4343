package io.switchback.worker.local;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where Temporal answers.
 *
 * @param address {@code host:port} of the frontend
 * @param ui base of the Temporal UI, absent when there is none or it is not known
 */
public record TemporalAddress(Kind kind, String address, @Nullable String ui) {
  /** How this Temporal came to be there. */
  public enum Kind {
    /** Given by an operator. */
    @JsonProperty("address")
    ADDRESS,
    /** Started here: a real server with its UI on a durable file. */
    @JsonProperty("dev-server")
    DEV_SERVER,
    /** Inside this process: no UI, no schedules, gone when the process ends. */
    @JsonProperty("in-process")
    IN_PROCESS;

    /** The word used in output and files. */
    public String word() {
      return this == ADDRESS
          ? "address"
          : name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }
}
