package io.switchback.delta.wire;

import java.io.IOException;

/** The peer sent something that the protocol does not allow. The stream is of no more use. */
public final class ProtocolException extends IOException {
  private static final long serialVersionUID = 1;

  public ProtocolException(String clause) {
    super(
        "The other worker does not keep to the protocol: %s. Retry; if it happens again, look who answers at that address and what stands between."
            .formatted(clause));
  }
}
