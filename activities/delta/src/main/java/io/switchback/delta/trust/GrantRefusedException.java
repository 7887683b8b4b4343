package io.switchback.delta.trust;

import java.io.IOException;

/** A grant does not open what was asked for. Nothing was read or written. */
public final class GrantRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  /** Why a grant opens nothing. */
  public enum Reason {
    /** It is no grant at all: too long, cut off, or with impossible values. */
    MALFORMED(Remedy.STOP),
    /** It is written in a way that this build does not know. */
    OTHER_VERSION(Remedy.OPERATOR),
    /** No key that this worker knows has signed it. */
    NOT_SIGNED(Remedy.OPERATOR),
    EXPIRED(Remedy.RETRY),
    NOT_YET_VALID(Remedy.OPERATOR),
    /** It was made for a worker of another site. */
    OTHER_HOLDER(Remedy.OPERATOR),
    OTHER_DISK(Remedy.STOP),
    OTHER_DIRECTION(Remedy.STOP),
    OUTSIDE_RANGE(Remedy.STOP),
    /** A newer grant for the disk was seen. */
    FENCED(Remedy.STOP);

    private final Remedy remedy;

    Reason(Remedy remedy) {
      this.remedy = remedy;
    }

    public Remedy remedy() {
      return remedy;
    }
  }

  public GrantRefusedException(Reason reason, String sentence) {
    super(reason + ": " + sentence);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
