package io.switchback.delta.wire;

import java.io.IOException;

/** The worker that has the disk refuses, and says why. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final WireFault fault;

  /**
   * @param sentence for people: could not do what, because, so do this
   */
  public RefusedException(WireFault fault, String sentence) {
    super(sentence);
    this.fault = fault;
  }

  public WireFault fault() {
    return fault;
  }
}
