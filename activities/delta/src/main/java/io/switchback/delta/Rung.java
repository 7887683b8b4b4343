package io.switchback.delta;

/** How the bytes to send were found, cheapest first. A rung is used only where it is valid. */
public enum Rung {
  /** The platform listed what changed; only that was read, and a random sample of the rest. */
  CHANGE_LIST("the platform's change list"),
  /**
   * The source was read, and compared with what is stored of the sink; a sample of that was read.
   */
  STORED_DIGESTS("the stored digests"),
  /** Both sides were read; only what differed was sent. */
  FULL_COMPARISON("a full comparison"),
  /** Every allocated byte was read and sent, to a sink that held nothing. */
  FULL_COPY("a full copy");

  private final String words;

  Rung(String words) {
    this.words = words;
  }

  /** The rung in words, as a noun. */
  public String words() {
    return words;
  }
}
