package io.switchback.worker.local;

/**
 * A Temporal that serves.
 *
 * @param end ends what lives inside this process; a dev server and a given Temporal go on
 */
public record RunningTemporal(TemporalAddress address, Runnable end) implements AutoCloseable {
  @Override
  public void close() {
    end.run();
  }
}
