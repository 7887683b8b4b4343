package io.switchback.operation;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of a pair's loop.
 *
 * @param told what people were told already
 * @param free addresses that nobody else had when it was asked
 */
public record NetworkExtensionRequest(
    int pair, EndMemory recovery, EndMemory production, List<String> told, List<String> free) {
  public NetworkExtensionRequest {
    recovery = recovery == null ? EndMemory.NONE : recovery;
    production = production == null ? EndMemory.NONE : production;
    told = told == null ? List.of() : List.copyOf(told);
    free = free == null ? List.of() : List.copyOf(free);
  }

  /** A loop that begins. */
  public NetworkExtensionRequest(int pair) {
    this(pair, EndMemory.NONE, EndMemory.NONE, List.of(), List.of());
  }

  /**
   * What a loop knows of one end, carried over when its history is cut.
   *
   * @param revision to which the end was brought last; 0 when it was not
   * @param downSince since when it is not up, after it was; null when it is up or never was
   * @param repairs how often it came up again
   */
  public record EndMemory(long revision, boolean wasUp, @Nullable Instant downSince, int repairs) {
    static final EndMemory NONE = new EndMemory(0, false, null, 0);
  }
}
